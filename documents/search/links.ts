// links.ts: how passages point at each other: one that names another document's title is a link to that document's best
// passage. Works for one query.

import type { PassageIndex, Postings } from '../index/passage-index.ts';
import { termsOf } from '../index/terms.ts';
import type { Mention, TitleLinks } from '../index/title-links.ts';
import type { PassageSource } from './passage.ts';

/** What ranking needs of a loaded corpus. */
export interface RankedCorpus extends PassageSource {
  readonly index: PassageIndex;
  readonly links: TitleLinks;
  /** The titles that a passage's text names. */
  mentionsOf(passage: number): readonly Mention[];
  /** Passages of a document: the first, and the one after its last. */
  passagesOf(document: number): [from: number, to: number];
}

/** Passages that name a title are looked at up to so many. */
const MOST_NAMING = 100;

export class Links {
  readonly #corpus: RankedCorpus;
  readonly #totals: Float64Array;
  readonly #named = new Map<number, Map<number, number>>();
  readonly #rarity = new Map<string, number>();

  constructor(corpus: RankedCorpus, totals: Float64Array) {
    this.#corpus = corpus;
    this.#totals = totals;
  }

  /** The passages that a passage points at, with weights of 0 to 1. */
  from(passage: number): ReadonlyMap<number, number> {
    const known = this.#named.get(passage);
    if (known) return known;
    const named = this.#namedIn(this.#corpus.mentionsOf(passage), this.#corpus.documentOf(passage));
    this.#named.set(passage, named);
    return named;
  }

  /** The passages of the documents that a query names, with weights of 0 to 1: its best passage has the document's. */
  documentsNamedIn(query: string): Map<number, number> {
    const all = new Map<number, number>();
    for (const [best, weight] of this.#namedIn(this.#corpus.links.mentionsIn(query))) {
      const top = this.#totals[best] ?? 0;
      const [from, to] = this.#corpus.passagesOf(this.#corpus.documentOf(best));
      for (let passage = from; top > 0 && passage < to; passage += 1) {
        const share = (this.#totals[passage] ?? 0) / top;
        if (share > 0) all.set(passage, weight * share);
      }
      all.set(best, weight);
    }
    return all;
  }

  /** The best passage of each document that is named. @param home a document that does not count */
  #namedIn(mentions: readonly Mention[], home?: number): Map<number, number> {
    const named = new Map<number, number>();
    for (const { title, documents } of mentions) {
      const weight = this.#rarityOf(title, documents) / Math.sqrt(documents.length);
      for (const document of documents) {
        if (document === home) continue;
        const best = this.#bestOf(document);
        named.set(best, Math.max(weight, named.get(best) ?? 0));
      }
    }
    return named;
  }

  /** The passages that point at a passage's document, with weights of 0 to 1. */
  to(passage: number): Map<number, number> {
    const home = this.#corpus.documentOf(passage);
    const naming = new Map<number, number>();
    for (const title of this.#corpus.links.titlesOf(home)) {
      const weight = this.#rarityOf(title, [home]);
      for (const other of this.#holding(title).slice(0, MOST_NAMING)) {
        if (this.#corpus.documentOf(other) === home || (naming.get(other) ?? 0) >= weight) continue;
        if (this.#corpus.mentionsOf(other).some((one) => one.title === title)) naming.set(other, weight);
      }
    }
    return naming;
  }

  /**
   * 1 for a title that stands nowhere else, near 0 for a word of every passage; less for what many passages name. Its
   * own documents do not count: a manual names its program on every page.
   */
  #rarityOf(title: string, documents: readonly number[]): number {
    const known = this.#rarity.get(title);
    if (known !== undefined) return known;
    const { size } = this.#corpus.index;
    const elsewhere = (passages: readonly number[]): number =>
      passages.filter((passage) => !documents.includes(this.#corpus.documentOf(passage))).length;
    const counts = termsOf(title).map((term) => elsewhere(passagesWith(this.#corpus.index.postings(term))));
    const rarest = Math.max(1, Math.min(...(counts.length > 0 ? counts : [1])));
    const rare = size < 3 ? 1 : Math.log(size / rarest) / Math.log(size);
    const rarity = rare / (1 + Math.log2(1 + elsewhere(this.#holding(title))) / 4);
    this.#rarity.set(title, rarity);
    return rarity;
  }

  /** Passages that have all words of a title in their text, in order. */
  #holding(title: string): number[] {
    const all = termsOf(title).map((term) => this.#corpus.index.postings(term));
    const [rarest, ...others] = all.sort((a, b) => a.length - b.length);
    if (!rarest) return [];
    let held = passagesWith(rarest);
    for (const postings of others) {
      const also = new Set(passagesWith(postings));
      held = held.filter((passage) => also.has(passage));
    }
    return held;
  }

  #bestOf(document: number): number {
    const [from, to] = this.#corpus.passagesOf(document);
    let best = from;
    for (let passage = from + 1; passage < to; passage += 1)
      if ((this.#totals[passage] ?? 0) > (this.#totals[best] ?? 0)) best = passage;
    return best;
  }
}

function passagesWith(postings: Postings): number[] {
  const passages: number[] = [];
  for (let at = 0; at < postings.length; at += 3) if ((postings[at + 1] ?? 0) > 0) passages.push(postings[at] ?? 0);
  return passages;
}
