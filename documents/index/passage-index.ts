// passage-index.ts: which passages hold which terms, how often, and how long they are: what BM25 asks of an index.
// Two fields: the title (headings and the source's name) and the text. How results are weighed is search/.

import type { PlainIndex } from './corpus-format.ts';
import { termsOf } from './terms.ts';

/** What a term's passages are: three numbers each: the passage, how often its text has the term, how often its title. */
export type Postings = readonly number[];

export class PassageIndex {
  readonly #terms: Map<string, number[]>;
  readonly #lengths: { text: number[]; title: number[] };
  /** Of all passages, at least 1. */
  readonly mean = { text: 1, title: 1 };

  /** @param plain as `write` gave it. Default: none yet. */
  constructor({ head, terms }: PlainIndex = { head: { text: [], title: [] }, terms: [] }) {
    this.#terms = new Map(terms);
    this.#lengths = head;
    this.#measure();
  }

  get size(): number {
    return this.#lengths.text.length;
  }

  /** Takes in the next passage: the first is 0. */
  add({ title, text }: { title: string; text: string }): void {
    const passage = this.size;
    const counts = new Map<string, [text: number, title: number]>();
    const count = (words: string, field: 0 | 1): number => {
      const terms = termsOf(words);
      for (const term of terms) {
        const both = counts.get(term) ?? [0, 0];
        both[field] += 1;
        counts.set(term, both);
      }
      return terms.length;
    };
    this.#lengths.text.push(count(text, 0));
    this.#lengths.title.push(count(title, 1));
    for (const [term, both] of counts) {
      const postings = this.#terms.get(term);
      if (postings) postings.push(passage, ...both);
      else this.#terms.set(term, [passage, ...both]);
    }
  }

  postings(term: string): Postings {
    return this.#terms.get(term) ?? [];
  }

  /** Passages that hold a term; 0 for an unknown one. */
  frequency(term: string): number {
    return this.postings(term).length / 3;
  }

  textLength(passage: number): number {
    return this.#lengths.text[passage] ?? 0;
  }

  titleLength(passage: number): number {
    return this.#lengths.title[passage] ?? 0;
  }

  /** The terms there are. */
  terms(): Iterable<string> {
    return this.#terms.keys();
  }

  /** The index as it lies in the store. No passage is added after it. */
  write(): PlainIndex {
    this.#measure();
    return { head: this.#lengths, terms: [...this.#terms] };
  }

  #measure(): void {
    for (const field of ['text', 'title'] as const) {
      const lengths = this.#lengths[field];
      this.mean[field] = Math.max(1, lengths.reduce((sum, one) => sum + one, 0) / Math.max(1, lengths.length));
    }
  }
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
