// pick-passages.ts: from a ranked list to the few that are shown: near-copies collapse, one document does not fill it.

import { RANKING } from './ranking-settings.ts';
import { termsOf } from '../index/terms.ts';

/** Where a passage stands and what it says. */
export interface PassageSource {
  documentOf(passage: number): number;
  sourceOf(passage: number): string;
  textOf(passage: number): string;
}

export interface Ranked {
  passage: number;
  score: number;
}

/** Takes the best, one document not all at once and of near-copies only the one nearest to the top of the tree. */
export function pick(corpus: PassageSource, ranked: Ranked[], limit: number): Ranked[] {
  const pool = ranked
    .slice(0, limit * 5)
    .map((one) => ({ ...one, words: new Set(termsOf(corpus.textOf(one.passage))) }));
  const kept: typeof pool = [];
  const perDocument = new Map<number, number>();
  for (const one of pool) {
    const copy = kept.findIndex((other) => sameWords(one.words, other.words));
    const other = kept[copy];
    if (other) {
      // The shallower of two copies stands for both, with the better one's score.
      if (depth(corpus, one) < depth(corpus, other)) kept[copy] = { ...one, score: other.score };
      continue;
    }
    const document = corpus.documentOf(one.passage);
    const before = perDocument.get(document) ?? 0;
    perDocument.set(document, before + 1);
    kept.push({ ...one, score: one.score * RANKING.sameDocument ** before });
  }
  return kept
    .sort(byScore)
    .slice(0, limit)
    .map(({ passage, score }) => ({ passage, score }));
}

function sameWords(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  if (small.size < RANKING.sameWords * large.size) return false;
  let shared = 0;
  for (const word of small) if (large.has(word)) shared += 1;
  return shared >= RANKING.sameWords * (a.size + b.size - shared);
}

const depth = (corpus: PassageSource, { passage }: Ranked): number => corpus.sourceOf(passage).split('/').length;

export const byScore = (a: Ranked, b: Ranked): number => b.score - a.score || a.passage - b.passage;
