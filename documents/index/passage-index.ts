// passage-index.ts: which passages of a corpus hold which terms, how often, and how long they are: what BM25 asks of an
// index. Two fields: the title (headings and the source's name) and the text. How results are weighed is search/.

import type { TermTable } from './term-table.ts';

/** What a term's passages are: three numbers each: the passage, how often its text has the term, how often its title. */
export type Postings = Uint32Array;

/** The terms of a pack, and which number each of its passages has in the corpus; -1 for one that is not in it. */
export interface IndexedPack {
  terms: TermTable;
  numbers: Int32Array;
}

const NONE = new Uint32Array();
/** Numbers of postings that are kept unpacked: a search asks for those of its terms again and again. */
const KEPT = 4_000_000;

export class PassageIndex {
  /** Passages. */
  readonly size: number;
  /** Of all passages, at least 1. */
  readonly mean: { text: number; title: number };
  readonly #packs: readonly IndexedPack[];
  /** Two numbers a passage: terms in its text and in its title. */
  readonly #lengths: Uint16Array;
  readonly #unpacked = new Map<string, Postings>();
  #kept = 0;

  constructor(packs: readonly IndexedPack[], size: number) {
    this.size = size;
    this.#packs = packs;
    this.#lengths = new Uint16Array(2 * size);
    const sums: [text: number, title: number] = [0, 0];
    for (const { terms, numbers } of packs) {
      numbers.forEach((passage, local) => {
        if (passage < 0) return;
        for (const field of [0, 1] as const) {
          const length = terms.lengths[2 * local + field] ?? 0;
          this.#lengths[2 * passage + field] = length;
          sums[field] += length;
        }
      });
    }
    const mean = (sum: number): number => Math.max(1, sum / Math.max(1, size));
    this.mean = { text: mean(sums[0]), title: mean(sums[1]) };
  }

  /** In the order of the passages. */
  postings(term: string): Postings {
    const known = this.#unpacked.get(term);
    if (known) return known;
    const postings = this.#unpack(term);
    for (const [oldest, one] of this.#unpacked) {
      if (this.#kept + postings.length <= KEPT) break;
      this.#unpacked.delete(oldest);
      this.#kept -= one.length;
    }
    this.#unpacked.set(term, postings);
    this.#kept += postings.length;
    return postings;
  }

  /** Passages that hold a term; 0 for an unknown one. */
  frequency(term: string): number {
    return this.postings(term).length / 3;
  }

  textLength(passage: number): number {
    return this.#lengths[2 * passage] ?? 0;
  }

  titleLength(passage: number): number {
    return this.#lengths[2 * passage + 1] ?? 0;
  }

  /** The terms there are; some come more than once. */
  *terms(): Generator<string> {
    for (const { terms } of this.#packs) yield* terms.terms();
  }

  #unpack(term: string): Postings {
    const bytes = Buffer.from(term);
    const found: number[] = [];
    let isSorted = true;
    for (const { terms, numbers } of this.#packs) {
      terms.read(bytes, (local, text, title) => {
        const passage = numbers[local] ?? -1;
        if (passage < 0) return;
        isSorted &&= passage > (found.at(-3) ?? -1);
        found.push(passage, text, title);
      });
    }
    if (found.length === 0) return NONE;
    return Uint32Array.from(isSorted ? found : byPassage(found));
  }
}

/** Documents that were read later lie in later packs, wherever their names stand. */
function byPassage(found: readonly number[]): number[] {
  const order = Array.from({ length: found.length / 3 }, (_, i) => 3 * i);
  order.sort((a, b) => (found[a] ?? 0) - (found[b] ?? 0));
  return order.flatMap((at) => found.slice(at, at + 3));
}

/** A passage's title: its headings, and its source's folders and file name without the words that say nothing. */
export function titleOf(name: string, heading: string): string {
  const source = name
    .replace(/\.[A-Za-z0-9]{1,8}$/, '')
    .split('/')
    .filter((part) => !/^(?:node_modules|docs?|src|lib|readme|index|main|packages)$/i.test(part))
    .join(' / ');
  return `${source} ${heading}`;
}
