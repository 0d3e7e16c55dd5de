// corpus-file.ts: a prepared corpus as it lies in the store: what was read, cut and indexed. One JSON text.

import type { Chunk } from './chunk.ts';
import type { Skipped } from './skip-list.ts';

export interface CorpusDocument {
  name: string;
  /** SHA-256 of the extracted text, which is a blob in the store. */
  sha256: string;
  lines: number;
  pages?: number[];
}

export interface CorpusFile {
  v: 1;
  documents: CorpusDocument[];
  /** Each passage with the position of its document. */
  passages: (Chunk & { document: number })[];
  skipped: Skipped[];
  /** The serialized index. */
  index: unknown;
}

/** What search gives. */
export interface Passage {
  /** Stable within the corpus: `p123`. */
  id: string;
  source: string;
  line: number;
  endLine: number;
  page?: number;
  heading: string;
  text: string;
  score: number;
}

/** The page, from 1, that a line stands on. */
export function pageOf(pages: readonly number[] | undefined, line: number): { page?: number } {
  if (!pages) return {};
  const after = pages.findIndex((first) => first > line);
  return { page: after === -1 ? pages.length : Math.max(1, after) };
}
