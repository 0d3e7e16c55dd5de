// term-scores.ts: what each term of a query is worth in each passage: BM25 over text and title.

import type { PassageIndex, Postings } from '../index/passage-index.ts';
import { stem } from '../index/stem.ts';
import { tokensOf } from '../index/terms.ts';
import { halvesOf, joinedIn, plainWords } from './joined-words.ts';
import { nearTerms } from './near-terms.ts';
import { RANKING } from './ranking-settings.ts';

/** The terms of a query with what they are worth, and the sums by passage, the best of which is 1. */
export class TermScores {
  readonly #index: PassageIndex;
  /** By term: its weight times its rarity, over the best sum. */
  readonly #worth = new Map<string, number>();
  readonly totals: Float64Array;

  constructor(index: PassageIndex, query: string) {
    this.#index = index;
    this.totals = new Float64Array(index.size);
    for (const [term, weight] of weighTerms(index, query)) {
      const holders = index.frequency(term);
      this.#worth.set(term, weight * Math.log(1 + (index.size - holders + 0.5) / (holders + 0.5)));
    }
    let best = 0;
    for (const [term, worth] of this.#worth) {
      const postings = index.postings(term);
      for (let at = 0; at < postings.length; at += 3) {
        const passage = postings[at] ?? 0;
        const sum = (this.totals[passage] ?? 0) + worth * this.#strength(postings, at, 1);
        this.totals[passage] = sum;
        if (sum > best) best = sum;
      }
    }
    if (best === 0) return;
    for (const [term, worth] of this.#worth) this.#worth.set(term, worth / best);
    for (let passage = 0; passage < this.totals.length; passage += 1)
      this.totals[passage] = (this.totals[passage] ?? 0) / best;
  }

  get terms(): Iterable<string> {
    return this.#worth.keys();
  }

  worthOf(term: string): number {
    return this.#worth.get(term) ?? 0;
  }

  /** What a passage's text has of a term, of the same measure as `totals`. */
  inText(passage: number, term: string): number {
    return this.#of(passage, term, 0);
  }

  #of(passage: number, term: string, titleShare: number): number {
    const postings = this.#index.postings(term);
    let low = 0;
    let high = postings.length / 3;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((postings[3 * middle] ?? 0) < passage) low = middle + 1;
      else high = middle;
    }
    if (postings[3 * low] !== passage) return 0;
    return (this.#worth.get(term) ?? 0) * this.#strength(postings, 3 * low, titleShare);
  }

  /** The share of the query, by worth, that a passage has no word of. */
  openOf(passage: number): number {
    let all = 0;
    let open = 0;
    for (const [term, worth] of this.#worth) {
      all += worth;
      if (this.#of(passage, term, 1) === 0) open += worth;
    }
    return all === 0 ? 0 : open / all;
  }

  #strength(postings: Postings, at: number, titleShare: number): number {
    const { text, title } = RANKING;
    const index = this.#index;
    const passage = postings[at] ?? 0;
    const inText = saturate(postings[at + 1] ?? 0, index.textLength(passage) / index.mean.text, text);
    const inTitle = saturate(postings[at + 2] ?? 0, index.titleLength(passage) / index.mean.title, title);
    return inText + titleShare * title.weight * inTitle;
  }
}

function saturate(count: number, length: number, by: { saturation: number; length: number }): number {
  return (count * (by.saturation + 1)) / (count + by.saturation * (1 - by.length + by.length * length));
}

/** The query's terms, each with its weight; what no passage has is looked for as what is spelt nearly so. */
function weighTerms(index: PassageIndex, query: string): Map<string, number> {
  const weights = new Map<string, number>();
  const add = (term: string, weight: number): void => void weights.set(term, Math.max(weight, weights.get(term) ?? 0));
  const { plain, name, part, near } = RANKING.term;
  const strange = new Set<string>();
  for (const { terms, isName } of tokensOf(query)) {
    terms.forEach((term, n) => {
      // The parts of an identifier say less than the whole.
      const weight = n > 0 ? part : isName ? name : plain;
      // "YubiKey" is "Yubikey" elsewhere, and that is no name.
      const small = stem(term);
      if (index.frequency(term) > 0) return add(term, weight);
      if (index.frequency(small) > 0) add(small, weight);
      const others = nearTerms(term, index.terms());
      if (others.length === 0) strange.add(term);
      for (const other of others) add(other, weight * near);
    });
  }
  const frequency = (term: string): number => index.frequency(term);
  for (const term of joinedIn(query)) if (frequency(term) > 0) add(term, part);
  for (const word of plainWords(query))
    if (strange.has(stem(word))) for (const half of halvesOf(word, frequency)) add(half, part);
  // Stop words count only where there is nothing else.
  if (weights.size === 0) for (const word of query.toLowerCase().split(/\s+/)) if (word) add(word, plain);
  return weights;
}
