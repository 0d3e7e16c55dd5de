// thread-api.ts: what the main thread and the corpus thread say to each other.

import type { Citation } from '../../protocol/findings.ts';
import type { Extracted } from '../extract/extracted.ts';
import type { Passage, ReadText } from '../search/passage.ts';
import type { SkippedFile } from '../../protocol/skipped.ts';

/** What is known of a corpus without asking it. */
export interface CorpusInfo {
  documentCount: number;
  passages: number;
  /** The first of them. */
  documents: { name: string; lines: number }[];
  skipped: SkippedFile[];
  skippedCount: number;
}

/** Method by method: what goes in and what comes out. */
export interface ThreadApi {
  /** SHA-256 of files' bytes. */
  hash: { input: { paths: string[] }; output: ({ sha256: string } | { problem: string })[] };
  /** Starts a corpus; returns its number. */
  begin: { input: Record<string, never>; output: number };
  /**
   * Reads a file into a corpus, at its place among the files. `sha256` is that of the bytes as they were read, absent
   * when they could not be; `text` that of the extracted text in UTF-8, absent when there is none.
   */
  add: {
    input: { build: number; place: number; name: string; path: string };
    output: { sha256?: string; text?: Uint8Array; problem?: string };
  };
  /** Takes a text into a corpus that somebody else read and extracted: a page of the web. Brings it in UTF-8. */
  addText: {
    input: { build: number; place: number; name: string; extracted: Extracted };
    output: { text: Uint8Array };
  };
  /** Indexes for a fraction of a second; repeat until `done` is `total`. */
  index: { input: { build: number }; output: { done: number; total: number } };
  /** Writes the corpus down. */
  finish: { input: { build: number }; output: { bytes: Uint8Array; info: CorpusInfo } };
  /** Opens a finished corpus under its key, now that the store has it. */
  keep: { input: { build: number; key: string }; output: undefined };
  /** Forgets a corpus that will not be finished. */
  drop: { input: { build: number }; output: undefined };
  /** What is known of an open corpus. */
  info: { input: { key: string }; output: CorpusInfo | undefined };
  /** Opens a corpus from its bytes, which come in pieces; the last piece brings the answer. */
  open: { input: { key: string; piece: Uint8Array; last: boolean }; output: CorpusInfo | undefined };
  /** An open corpus in stretches of passages whose texts are embedded together; `sha256` is that of these texts. */
  stretches: { input: { key: string }; output: { from: number; to: number; sha256: string }[] };
  /** What of the passages from `from` to before `to` is embedded. */
  texts: { input: { key: string; from: number; to: number }; output: string[] };
  /** Takes in vectors of an open corpus, under a name of their own, from passage `from` on; the last ones say so. */
  vectors: {
    input: { key: string; name: string; dimensions: number; from: number; bytes: Uint8Array; last: boolean };
    output: undefined;
  };
  /** `near`: fused with the passages that are nearest to this vector, by the vectors of this name. */
  search: {
    input: {
      key: string;
      query: string;
      limit?: number;
      exclude?: string[];
      near?: { name: string; vector: Float32Array };
    };
    output: Passage[];
  };
  read: { input: { key: string; source: string; line?: number; lines?: number }; output: ReadText | undefined };
  locateQuote: { input: { key: string; source: string; quote: string }; output: Citation | undefined };
  nearNames: { input: { key: string; source: string }; output: string[] };
}

export type Method = keyof ThreadApi;

export interface ThreadRequest {
  id: number;
  method: Method;
  input: unknown;
}

export type ThreadReply =
  | { id: number; ok: true; output: unknown }
  /** `notOpen`: this corpus, or this build, is not in this thread (any more). */
  | { id: number; ok: false; message: string; notOpen: boolean };
