// fuse-ranks.ts: one ranking of several, by reciprocal rank: Cormack, Clarke, Büttcher, "Reciprocal rank fusion outperforms
// Condorcet and individual rank learning methods", SIGIR 2009. Ranks are compared and scores are not: BM25's and a
// cosine's have no common measure.

import { byScore, type Ranked } from './ranked.ts';

/** From the paper: a first place counts little more than a second, so that one ranking alone decides nothing. */
const K = 60;

/** @param rankings each best first */
export function fuseRanks(rankings: readonly (readonly Ranked[])[]): Ranked[] {
  const scores = new Map<number, number>();
  for (const ranking of rankings) {
    ranking.forEach(({ passage }, at) => scores.set(passage, (scores.get(passage) ?? 0) + 1 / (K + at + 1)));
  }
  return [...scores].map(([passage, score]) => ({ passage, score })).sort(byScore);
}
