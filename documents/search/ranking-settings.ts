// ranking-settings.ts: the numbers that ranking goes by. Tuned against bench/recall; change one, run that.

export const RANKING = {
  boost: { heading: 1.8, source: 1.5, text: 1 },
  /** Words that only begin with a term, and words that are spelt a little differently, count this much of a match. */
  weights: { prefix: 0.25, fuzzy: 0.3 },
  prefixFrom: 5,
  fuzzyFrom: 5,
  /** Weight of a term by what it is in the query. */
  term: { plain: 1, name: 1.6, part: 0.6, capital: 1.2 },
  /** Best passages that links and second queries start from. */
  seeds: 3,
  link: 0.45,
  second: 0.5,
  secondDepth: 10,
  /** No second queries above so many passages: each costs a whole search. */
  secondUpTo: 60_000,
  /** Weight of names from a seed's opening in a second query. */
  namesFromSeed: 0.5,
  /** Each further passage of the same document counts this much of the one before. */
  sameDocument: 0.93,
  /** Passages nearest to the question by their vectors that are fused, and as many of the others. */
  nearest: 100,
  /** Passages that share this much of their words are one. */
  sameWords: 0.85,
} as const;
