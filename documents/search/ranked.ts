// ranked.ts: a passage with what it is worth.

export interface Ranked {
  passage: number;
  score: number;
}

export const byScore = (a: Ranked, b: Ranked): number => b.score - a.score || a.passage - b.passage;
