// ranking.ts: which passages answer a question, best first. Five steps: the words of the query by BM25; the documents
// that it names; what the best passages point at, the more the more of the query they leave open; what has words side by
// side as the query has them; then the choice.
// Where there are vectors, the passages nearest to the question are fused in before the choice.

import { choosePassages } from './choose-passages.ts';
import { fuseRanks } from './fuse-ranks.ts';
import { Links, type RankedCorpus } from './links.ts';
import { byScore, type Ranked } from './ranked.ts';
import { RANKING } from './ranking-settings.ts';
import { TermScores } from './term-scores.ts';
import { pairsIn, pairsOfQuery } from './word-pairs.ts';

interface RankOptions {
  limit: number;
  leaveOut: (passage: number) => boolean;
  /** What is nearest by meaning, best first. */
  nearest?: readonly Ranked[] | undefined;
}

export function rank(corpus: RankedCorpus, query: string, { limit, leaveOut, nearest }: RankOptions): Ranked[] {
  const scores = new TermScores(corpus.index, query);
  const links = new Links(corpus, scores.totals);
  const words = byPairs(corpus, scores, query, byWords(scores, links, query)).filter(
    ({ passage }) => !leaveOut(passage),
  );
  const ranked = nearest ? upToOne(fuseRanks([words.slice(0, RANKING.nearest), nearest])) : words;
  return choosePassages(corpus, ranked, { scores, links, limit });
}

function byWords(scores: TermScores, links: Links, query: string): Ranked[] {
  const sums = new Map<number, number>();
  scores.totals.forEach((score, passage) => {
    if (score > 0) sums.set(passage, score);
  });
  const raise = (passage: number, by: number): void => void sums.set(passage, (sums.get(passage) ?? 0) + by);
  for (const [passage, weight] of links.documentsNamedIn(query)) raise(passage, RANKING.named * weight);
  for (const { passage: seed, score } of best(sums, RANKING.seeds)) {
    const strength = score * (RANKING.closed + scores.openOf(seed));
    for (const [passage, weight] of links.from(seed)) raise(passage, RANKING.link.to * strength * weight);
    for (const [passage, weight] of links.to(seed)) raise(passage, RANKING.link.from * strength * weight);
  }
  return best(sums);
}

/** The best of them once more, by the words that stand side by side in the query. */
function byPairs(corpus: RankedCorpus, scores: TermScores, query: string, ranked: Ranked[]): Ranked[] {
  const pairs = pairsOfQuery(query, (term) => scores.worthOf(term));
  if (pairs.size === 0) return ranked;
  const [first, rest] = [ranked.slice(0, RANKING.pairs.among), ranked.slice(RANKING.pairs.among)];
  const raised = first.map(({ passage, score }) => ({
    passage,
    score: score + RANKING.pairs.weight * pairsIn(corpus.textOf(passage), pairs),
  }));
  return [...raised.sort(byScore), ...rest];
}

const best = (sums: ReadonlyMap<number, number>, few?: number): Ranked[] =>
  [...sums]
    .map(([passage, score]) => ({ passage, score }))
    .sort(byScore)
    .slice(0, few);

function upToOne(ranked: readonly Ranked[]): Ranked[] {
  const top = ranked[0]?.score ?? 1;
  return ranked.map(({ passage, score }) => ({ passage, score: score / top }));
}
