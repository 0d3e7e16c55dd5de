// ranking.ts: which passages answer a question, best first. All that is tuned is in ranking-settings.ts.
// Three steps: one query over all fields; from the best passages on, links to documents they name and a second query
// for what they leave open; then near-copies collapse. Where there are vectors, the passages nearest to the question are
// fused in before that.

import { fuseRanks } from './fuse-ranks.ts';
import { byScore, pick, type PassageSource, type Ranked } from './pick-passages.ts';
import type { PassageIndex } from '../index/passage-index.ts';
import { RANKING } from './ranking-settings.ts';
import { termsOf, tokensOf } from '../index/terms.ts';
import type { TitleLinks } from '../index/title-links.ts';

/** What ranking needs of a loaded corpus. */
export interface RankedCorpus extends PassageSource {
  readonly index: PassageIndex;
  readonly links: TitleLinks;
  readonly size: number;
  /** Passages that hold a term; 0 for an unknown one. */
  frequency(term: string): number;
  firstPassageOf(document: number): number;
}

interface RankOptions {
  limit: number;
  leaveOut: (passage: number) => boolean;
  /** What is nearest by meaning, best first. */
  nearest?: readonly Ranked[] | undefined;
}

type Weighted = ReadonlyMap<string, number>;

export function rank(corpus: RankedCorpus, query: string, { limit, leaveOut, nearest }: RankOptions): Ranked[] {
  const words = byWords(corpus, query, leaveOut);
  return pick(corpus, nearest ? fuseRanks([words.slice(0, RANKING.nearest), nearest]) : words, limit);
}

function byWords(corpus: RankedCorpus, query: string, leaveOut: RankOptions['leaveOut']): Ranked[] {
  const terms = weighTerms(query);
  const first = find(corpus, terms);
  const top = first[0]?.score ?? 0;
  if (top === 0) return [];
  const scores = new Map(first.map(({ passage, score }) => [passage, score / top]));
  for (const seed of first.slice(0, RANKING.seeds)) follow(corpus, seed, seed.score / top, terms, first, scores);
  return [...scores]
    .filter(([passage]) => !leaveOut(passage))
    .map(([passage, score]) => ({ passage, score }))
    .sort(byScore);
}

/** The query's terms, each with its weight. Stop words count only where there is nothing else. */
function weighTerms(query: string): Weighted {
  const weights = new Map<string, number>();
  const { plain, name, part, capital } = RANKING.term;
  tokensOf(query).forEach(({ terms, isName, isCapital }, i) => {
    terms.forEach((term, n) => {
      const weight = isName ? (n === 0 ? name : part) : isCapital && i > 0 ? capital : plain;
      weights.set(term, Math.max(weight, weights.get(term) ?? 0));
    });
  });
  if (weights.size === 0) for (const word of query.toLowerCase().split(/\s+/)) if (word) weights.set(word, plain);
  return weights;
}

function find(corpus: RankedCorpus, weights: Weighted, prefix = true): Ranked[] {
  const terms = [...weights.keys()];
  if (terms.length === 0) return [];
  return corpus.index
    .search(terms.join(' '), {
      tokenize: () => terms,
      processTerm: (term) => term,
      combineWith: 'OR',
      boost: RANKING.boost,
      boostTerm: (term) => weights.get(term) ?? 1,
      prefix: (term) => prefix && term.length >= RANKING.prefixFrom,
      fuzzy: (term) =>
        corpus.frequency(term) === 0 && term.length >= RANKING.fuzzyFrom && !/\d/.test(term)
          ? term.length < 8
            ? 1
            : 2
          : false,
      weights: RANKING.weights,
    })
    .map(({ id, score }) => ({ passage: Number(id), score }));
}

/** Raises what one good passage leads to. `strength` is the seed's own score, 1 for the best. */
function follow(
  corpus: RankedCorpus,
  seed: Ranked,
  strength: number,
  terms: Weighted,
  first: readonly Ranked[],
  scores: Map<number, number>,
): void {
  const raise = (passage: number, by: number): void => void scores.set(passage, (scores.get(passage) ?? 0) + by);
  const text = corpus.textOf(seed.passage);
  const home = corpus.documentOf(seed.passage);
  const mentions = corpus.links.mentionsIn(text);
  const linked = new Map<number, number>();
  for (const { title, documents } of mentions) {
    const weight = rarity(corpus, title) / Math.sqrt(documents.length);
    for (const document of documents) {
      if (document !== home) linked.set(document, Math.max(weight, linked.get(document) ?? 0));
    }
  }
  const best = bestOf(corpus, linked, first);
  for (const [document, weight] of linked) {
    raise(best.get(document) ?? corpus.firstPassageOf(document), RANKING.link * strength * weight);
  }

  if (corpus.size > RANKING.secondUpTo) return;
  const covered = new Set(termsOf(`${corpus.sourceOf(seed.passage)} ${text}`));
  const open = new Map([...terms].filter(([term]) => !covered.has(term)));
  if (open.size === 0) return;
  for (const { terms: name, isName, isCapital } of tokensOf(text.slice(0, 300)).slice(0, 40)) {
    for (const term of name) if ((isName || isCapital) && !open.has(term)) open.set(term, RANKING.namesFromSeed);
  }
  const second = find(corpus, open, false).slice(0, RANKING.secondDepth);
  const top = second[0]?.score ?? 1;
  for (const { passage, score } of second) {
    if (passage !== seed.passage) raise(passage, (RANKING.second * strength * score) / top);
  }
}

/** 1 for a title that stands nowhere else, near 0 for a word of every passage. */
function rarity(corpus: RankedCorpus, title: string): number {
  const counts = termsOf(title).map((term) => corpus.frequency(term));
  const rarest = Math.max(1, Math.min(...(counts.length > 0 ? counts : [1])));
  return corpus.size < 3 ? 1 : Math.log(corpus.size / rarest) / Math.log(corpus.size);
}

/** The best passage of each linked document among those that the first query found. */
function bestOf(
  corpus: RankedCorpus,
  linked: ReadonlyMap<number, number>,
  found: readonly Ranked[],
): Map<number, number> {
  const best = new Map<number, number>();
  if (linked.size === 0) return best;
  for (const { passage } of found) {
    const document = corpus.documentOf(passage);
    if (linked.has(document) && !best.has(document)) best.set(document, passage);
  }
  return best;
}
