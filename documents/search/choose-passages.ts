// choose-passages.ts: from a ranked list to the few that are shown, chosen together: each next one is what adds most of
// the query to those before it, or what one of them points at. Of near-copies only one is shown.

import { termsOf } from '../index/terms.ts';
import type { Links, RankedCorpus } from './links.ts';
import type { Ranked } from './ranked.ts';
import { RANKING } from './ranking-settings.ts';
import type { TermScores } from './term-scores.ts';

/** The passages to show, the most needed first: the first of ten are the same as five alone. */
export function choosePassages(
  corpus: RankedCorpus,
  ranked: readonly Ranked[],
  { scores, links, limit }: { scores: TermScores; links: Links; limit: number },
): Ranked[] {
  const pool = ranked.slice(0, Math.max(RANKING.pool, 3 * limit));
  const terms = [...scores.terms];
  const parts = new Map(pool.map(({ passage }) => [passage, terms.map((term) => scores.inText(passage, term))]));
  const left = terms.map(() => 1);
  const linked = new Map<number, number>();
  const chosen: (Ranked & { words: Set<string> })[] = [];
  const gainOf = ({ passage, score }: Ranked): number => {
    const covered = (parts.get(passage) ?? []).reduce((sum, part, at) => sum + part * (1 - (left[at] ?? 1)), 0);
    return score - covered + RANKING.linkToChosen * (linked.get(passage) ?? 0);
  };
  while (chosen.length < limit && pool.length > 0) {
    let best = { at: 0, gain: -Infinity };
    pool.forEach((one, at) => {
      const gain = gainOf(one);
      if (gain > best.gain) best = { at, gain };
    });
    const [next] = pool.splice(best.at, 1);
    if (!next) break;
    const words = new Set(termsOf(corpus.textOf(next.passage)));
    const copy = chosen.find((other) => sameWords(words, other.words));
    if (copy) {
      // The one nearest to the top of the tree stands for both.
      if (depth(corpus, next) < depth(corpus, copy)) copy.passage = next.passage;
      continue;
    }
    chosen.push({ passage: next.passage, score: best.gain, words });
    (parts.get(next.passage) ?? []).forEach((part, at) => {
      if (part > 0) left[at] = (left[at] ?? 1) * RANKING.again;
    });
    note(linked, links.from(next.passage), 1);
    for (const { passage } of pool) {
      const back = links.from(passage).get(next.passage);
      if (back !== undefined) note(linked, new Map([[passage, back]]), RANKING.link.from / RANKING.link.to);
    }
  }
  return chosen.map(({ passage, score }) => ({ passage, score }));
}

function note(linked: Map<number, number>, more: ReadonlyMap<number, number>, share: number): void {
  for (const [passage, weight] of more) linked.set(passage, Math.max(share * weight, linked.get(passage) ?? 0));
}

function sameWords(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  if (small.size < RANKING.sameWords * large.size) return false;
  let shared = 0;
  for (const word of small) if (large.has(word)) shared += 1;
  return shared >= RANKING.sameWords * (a.size + b.size - shared);
}

const depth = (corpus: RankedCorpus, { passage }: Ranked): number => corpus.sourceOf(passage).split('/').length;
