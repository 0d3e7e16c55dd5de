// corpus-format.ts: how a prepared corpus lies in the store: one line that says how long each part is, then the parts.
// The index is written a term a line, since as one JSON text it could outgrow what a string may hold.

import type { SkippedFile } from '../../protocol/skipped.ts';

export interface DocumentEntry {
  name: string;
  /** SHA-256 of the extracted text, which is also a blob in the store. */
  sha256: string;
  lines: number;
  /** Bytes of the text in UTF-8. */
  bytes: number;
  /** The line at which each page starts. */
  pages?: number[];
}

export interface Manifest {
  documents: DocumentEntry[];
  passages: number;
  /** Files that could not be read, known only once they were opened. */
  skipped: SkippedFile[];
  skippedCount: number;
}

/** A passage as a stretch of its document. */
export type PassageRow = [start: number, end: number, line: number, endLine: number, heading: string];

/** The index as passage-index.ts writes it: how many terms each passage has, and the postings of each term. */
export interface PlainIndex {
  head: { text: number[]; title: number[] };
  terms: [term: string, postings: number[]][];
}

export interface CorpusParts {
  manifest: Manifest;
  /** In the manifest's order. */
  texts: string[];
  /** Of each document, in the same order. */
  passages: PassageRow[][];
  /** Undefined in a corpus of the first version, whose index was another: it is made anew of the texts. */
  index?: PlainIndex | undefined;
}

const VERSION = 2;

type Whole = CorpusParts & { index: PlainIndex };

export function encodeCorpus(parts: Whole): Uint8Array {
  const sections = [
    [Buffer.from(JSON.stringify(parts.manifest))],
    parts.texts.map((text) => Buffer.from(text)),
    encodeLines(parts.passages),
    encodeLines([parts.index.head, ...parts.index.terms]),
  ];
  const lengths = sections.map((section) => section.reduce((sum, bytes) => sum + bytes.length, 0));
  const head = Buffer.from(`${JSON.stringify({ v: VERSION, lengths })}\n`);
  return Buffer.concat([head, ...sections.flat()]);
}

/** @throws Error when these bytes are no corpus, or one of another version. */
export function decodeCorpus(bytes: Uint8Array): CorpusParts {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = buffer.indexOf(10);
  const head = JSON.parse(buffer.subarray(0, headEnd).toString()) as { v: number; lengths: number[] };
  if (head.v > VERSION) throw new Error(`this corpus was written as version ${head.v}; this is version ${VERSION}`);
  let at = headEnd + 1;
  const [manifestBytes, textBytes, passageBytes, indexBytes] = head.lengths.map((length) => {
    at += length;
    return buffer.subarray(at - length, at);
  });
  if (at !== buffer.length || !manifestBytes || !textBytes || !passageBytes || !indexBytes) {
    throw new Error('this corpus is not whole');
  }
  const manifest = JSON.parse(manifestBytes.toString()) as Manifest;
  let from = 0;
  const texts = manifest.documents.map((document) => {
    from += document.bytes;
    return textBytes.toString('utf8', from - document.bytes, from);
  });
  const passages = decodeLines<PassageRow[]>(passageBytes);
  if (head.v < 2) return { manifest, texts, passages };
  const [lengths, ...terms] = decodeLines<unknown>(indexBytes);
  return {
    manifest,
    texts,
    passages,
    index: { head: lengths as PlainIndex['head'], terms: terms as PlainIndex['terms'] },
  };
}

function encodeLines(values: readonly unknown[]): Buffer[] {
  const buffers: Buffer[] = [];
  for (let at = 0; at < values.length; at += 500) {
    buffers.push(
      Buffer.from(
        values
          .slice(at, at + 500)
          .map((value) => `${JSON.stringify(value)}\n`)
          .join(''),
      ),
    );
  }
  return buffers;
}

function decodeLines<T>(bytes: Buffer): T[] {
  const values: T[] = [];
  let from = 0;
  for (let to = bytes.indexOf(10); to !== -1; to = bytes.indexOf(10, from)) {
    values.push(JSON.parse(bytes.toString('utf8', from, to)) as T);
    from = to + 1;
  }
  return values;
}
