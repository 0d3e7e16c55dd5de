// term-table.ts: which passages hold which terms, and how often, as bytes: a term's passages lie one behind the other, each
// a few bytes long. Made once, for the passages of one pack; read where it lies.

import { termsOf } from './terms.ts';

/** A table's parts, as they lie in a pack. */
export interface TermSections {
  /** All terms in UTF-8, in the order of their bytes. */
  terms: Uint8Array;
  termEnds: Uint32Array;
  postings: Uint8Array;
  postingEnds: Uint32Array;
  /** Two numbers a passage: how many terms its text and its title have. */
  lengths: Uint16Array;
}

/** Told of one passage that holds a term: how often its text and its title do. */
type Take = (passage: number, text: number, title: number) => void;

const MOST_IN_TITLE = 7;
const MOST_IN_TEXT = 0xffff;

/** A table in the making. */
export class TermCounts {
  readonly #ids = new Map<string, number>();
  /** Three numbers a posting: the term's id, the passage, both counts in one. */
  #postings = new Uint32Array(3 * 4_096);
  #used = 0;
  readonly #lengths: number[] = [];

  /** Takes in the next passage: the first is 0. */
  add({ title, text }: { title: string; text: string }): void {
    const passage = this.#lengths.length / 2;
    const inText = termsOf(text);
    const inTitle = termsOf(title);
    const counts = new Map<string, [text: number, title: number]>();
    for (const [field, terms] of [inText, inTitle].entries()) {
      for (const term of terms) {
        const both = counts.get(term) ?? [0, 0];
        both[field as 0 | 1] += 1;
        counts.set(term, both);
      }
    }
    for (const [term, both] of counts) this.#push(term, passage, both);
    this.#lengths.push(Math.min(inText.length, MOST_IN_TEXT), Math.min(inTitle.length, MOST_IN_TEXT));
  }

  #push(term: string, passage: number, [text, title]: [number, number]): void {
    let id = this.#ids.get(term);
    if (id === undefined) this.#ids.set(term, (id = this.#ids.size));
    if (this.#used + 3 > this.#postings.length) {
      const larger = new Uint32Array(2 * this.#postings.length);
      larger.set(this.#postings);
      this.#postings = larger;
    }
    this.#postings[this.#used] = id;
    this.#postings[this.#used + 1] = passage;
    this.#postings[this.#used + 2] = (Math.min(text, MOST_IN_TEXT) << 3) | Math.min(title, MOST_IN_TITLE);
    this.#used += 3;
  }

  write(): TermSections {
    const sorted = [...this.#ids].map(([term, id]) => ({ term: Buffer.from(term), id }));
    sorted.sort((a, b) => Buffer.compare(a.term, b.term));
    const byId = this.#byId();
    const postings = new ByteWriter();
    const termEnds = new Uint32Array(sorted.length);
    const postingEnds = new Uint32Array(sorted.length);
    let end = 0;
    sorted.forEach(({ term, id }, at) => {
      end += term.length;
      termEnds[at] = end;
      let before = 0;
      for (const place of byId.of(id)) {
        const passage = this.#postings[3 * place + 1] ?? 0;
        postings.number(passage - before);
        postings.number(this.#postings[3 * place + 2] ?? 0);
        before = passage;
      }
      postingEnds[at] = postings.length;
    });
    return {
      terms: Buffer.concat(sorted.map(({ term }) => term)),
      termEnds,
      postings: postings.bytes(),
      postingEnds,
      lengths: Uint16Array.from(this.#lengths),
    };
  }

  /** Where the postings of each term are, in the order they came: that of the passages. */
  #byId(): { of(id: number): Uint32Array } {
    const starts = new Uint32Array(this.#ids.size + 1);
    const count = this.#used / 3;
    for (let at = 0; at < count; at += 1) bump(starts, (this.#postings[3 * at] ?? 0) + 1);
    for (let id = 1; id < starts.length; id += 1) starts[id] = (starts[id] ?? 0) + (starts[id - 1] ?? 0);
    const next = starts.slice();
    const places = new Uint32Array(count);
    for (let at = 0; at < count; at += 1) places[bump(next, this.#postings[3 * at] ?? 0)] = at;
    return { of: (id) => places.subarray(starts[id], starts[id + 1]) };
  }
}

/** Adds one to a number of an array and returns what it was. */
function bump(numbers: Uint32Array, at: number): number {
  const was = numbers[at] ?? 0;
  numbers[at] = was + 1;
  return was;
}

/** A table that was written. */
export class TermTable {
  readonly lengths: Uint16Array;
  readonly #terms: Buffer;
  readonly #termEnds: Uint32Array;
  readonly #postings: { at(start: number, end: number): Uint8Array };
  readonly #postingEnds: Uint32Array;

  constructor({
    terms,
    termEnds,
    postings,
    postingEnds,
    lengths,
  }: Omit<TermSections, 'postings'> & { postings: { at(start: number, end: number): Uint8Array } }) {
    this.#terms = Buffer.from(terms.buffer, terms.byteOffset, terms.byteLength);
    this.#termEnds = termEnds;
    this.#postings = postings;
    this.#postingEnds = postingEnds;
    this.lengths = lengths;
  }

  /** Tells of each passage that holds a term, in their order. @param term in UTF-8 */
  read(term: Uint8Array, take: Take): void {
    const found = this.#find(term);
    if (found === -1) return;
    const start = found === 0 ? 0 : (this.#postingEnds[found - 1] ?? 0);
    const bytes = this.#postings.at(start, this.#postingEnds[found] ?? 0);
    let passage = 0;
    for (let at = 0; at < bytes.length;) {
      for (let field = 0, delta = 0; field < 2; field += 1) {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
          const byte = bytes[at++] ?? 0;
          value |= (byte & 0x7f) << shift;
          if (byte < 0x80) break;
        }
        if (field === 0) delta = value;
        else take((passage += delta), value >>> 3, value & MOST_IN_TITLE);
      }
    }
  }

  /** The terms there are. */
  *terms(): Generator<string> {
    let start = 0;
    for (const end of this.#termEnds) {
      yield this.#terms.toString('utf8', start, end);
      start = end;
    }
  }

  #find(term: Uint8Array): number {
    let low = 0;
    let high = this.#termEnds.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const start = middle === 0 ? 0 : (this.#termEnds[middle - 1] ?? 0);
      const order = this.#terms.compare(term, 0, term.length, start, this.#termEnds[middle]);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

/** Numbers as seven bits a byte, the last byte below 128. */
class ByteWriter {
  #bytes = Buffer.alloc(65_536);
  length = 0;

  number(value: number): void {
    if (this.length + 5 > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.length)]);
    let left = value;
    for (; left >= 0x80; left >>>= 7) this.#bytes[this.length++] = (left & 0x7f) | 0x80;
    this.#bytes[this.length++] = left;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
