// pack.ts: some documents that were read, as one value of bytes: their texts, compressed one by one, their passages, and
// the table of their terms. It is kept and opened as it lies; corpora that share documents share packs.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Chunk } from './chunk-text.ts';
import { titleOf } from './passage-index.ts';
import { SpilledBytes } from './spilled-bytes.ts';
import { TermCounts, TermTable } from './term-table.ts';

export interface PackedDocument {
  name: string;
  /** SHA-256 of the extracted text. */
  sha256: string;
  lines: number;
  /** The line at which each page starts. */
  pages?: number[];
  /** What of the file is not in the text. */
  lost?: string;
  passages: number;
}

/** A passage as a stretch of its document. */
export type PassageRow = [start: number, end: number, line: number, endLine: number, heading: string];

/** A document for a pack. */
export interface ToPack extends Omit<PackedDocument, 'passages'> {
  text: string;
  chunks: readonly Chunk[];
}

interface Head {
  v: 1;
  documents: PackedDocument[];
  headings: string[];
  /** Bytes of each section; each begins at a multiple of four. */
  sections: number[];
}

/** Fast, and with little memory for each of many small texts; half as long again as the best. */
const COMPRESSION = { level: 2, windowBits: 13, memLevel: 6 };
const NUMBERS_A_ROW = 5;
const SLICE_MS = 50;

/** Takes documents into a pack, their order kept. Lets others have their turn in between. */
export async function encodePack(documents: readonly ToPack[]): Promise<Uint8Array> {
  const terms = new TermCounts();
  const headings = new Map<string, number>();
  const rows: number[] = [];
  const texts: Buffer[] = [];
  const textEnds = new Uint32Array(documents.length);
  let until = Date.now() + SLICE_MS;
  for (const [at, { name, text, chunks }] of documents.entries()) {
    for (const { start, end, line, endLine, heading } of chunks) {
      terms.add({ title: titleOf(name, heading), text: text.slice(start, end) });
      const number = headings.get(heading) ?? headings.size;
      headings.set(heading, number);
      rows.push(start, end, line, endLine, number);
      if (Date.now() < until) continue;
      await new Promise((resolve) => setImmediate(resolve));
      until = Date.now() + SLICE_MS;
    }
    const compressed = deflateRawSync(text, COMPRESSION);
    texts.push(compressed);
    textEnds[at] = (textEnds[at - 1] ?? 0) + compressed.length;
  }
  const table = terms.write();
  const sections = [
    Buffer.concat(texts),
    textEnds,
    Uint32Array.from(rows),
    table.terms,
    table.termEnds,
    table.postings,
    table.postingEnds,
    table.lengths,
  ].map((section) => Buffer.from(section.buffer, section.byteOffset, section.byteLength));
  const head: Head = {
    v: 1,
    documents: documents.map(({ text: _text, chunks, ...document }) => ({ ...document, passages: chunks.length })),
    headings: [...headings.keys()],
    sections: sections.map((section) => section.length),
  };
  const headBytes = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(headBytes.length);
  // Its own memory: it goes to another thread whole.
  const parts = [length, headBytes, ...sections].flatMap((part) => [part, Buffer.alloc(-part.length & 3)]);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

/** A pack that is open. */
export class Pack {
  readonly documents: readonly PackedDocument[];
  readonly terms: TermTable;
  /** The number in the pack of each document's first passage, and the number of all. */
  readonly firstPassages: Uint32Array;
  /** In memory. */
  readonly bytes: number;
  readonly #headings: readonly string[];
  readonly #rows: Uint32Array;
  readonly #texts: SpilledBytes;
  readonly #postings: SpilledBytes;
  readonly #textEnds: Uint32Array;

  /** @throws Error when these bytes are no pack, or one of another version. */
  constructor(given: Uint8Array) {
    // What a file was read into may be a Buffer, whose slices are no copies.
    const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const headEnd = 4 + buffer.readUInt32LE(0);
    const head = JSON.parse(buffer.toString('utf8', 4, headEnd)) as Head;
    if (Number(head.v) !== 1) throw new Error(`this pack was written as version ${head.v}, not 1`);
    let at = headEnd + (-headEnd & 3);
    const sections = head.sections.map((length) => {
      const section = bytes.subarray(at, at + length);
      at += length + (-length & 3);
      return section;
    });
    if (at !== bytes.length) throw new Error('this pack is not whole');
    const [texts, textEnds, rows, terms, termEnds, postings, postingEnds, lengths] = sections as Eight;
    this.documents = head.documents;
    this.#headings = head.headings;
    this.#rows = numbers(rows);
    this.#texts = new SpilledBytes(texts);
    this.#textEnds = numbers(textEnds);
    this.#postings = new SpilledBytes(postings);
    this.bytes = bytes.length - texts.length - postings.length + this.#texts.inMemory + this.#postings.inMemory;
    this.firstPassages = new Uint32Array(head.documents.length + 1);
    head.documents.forEach(({ passages }, i) => {
      this.firstPassages[i + 1] = (this.firstPassages[i] ?? 0) + passages;
    });
    this.terms = new TermTable({
      terms: terms.slice(),
      termEnds: numbers(termEnds),
      postings: this.#postings,
      postingEnds: numbers(postingEnds),
      lengths: new Uint16Array(lengths.slice().buffer),
    });
  }

  /** A document's text, unpacked anew each time. */
  textOf(document: number): string {
    const start = document === 0 ? 0 : (this.#textEnds[document - 1] ?? 0);
    return inflateRawSync(this.#texts.at(start, this.#textEnds[document] ?? 0)).toString('utf8');
  }

  /** Nothing can be asked of it any more. */
  close(): void {
    this.#texts.close();
    this.#postings.close();
  }

  rowOf(passage: number): PassageRow {
    const at = NUMBERS_A_ROW * passage;
    const [start = 0, end = 0, line = 1, endLine = 1, heading = 0] = this.#rows.subarray(at, at + NUMBERS_A_ROW);
    return [start, end, line, endLine, this.#headings[heading] ?? ''];
  }
}

type Bytes = Uint8Array;
type Eight = [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes];

/** A copy: the rest of the pack need not stay in memory. */
const numbers = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.slice().buffer);
