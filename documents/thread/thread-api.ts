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
  /** Starts a pack; returns its number. */
  begin: { input: Record<string, never>; output: number };
  /**
   * Reads a file into a pack, at its place among the files. `sha256` is that of the bytes as they were read, absent when
   * they could not be; `lost` is what of the file is not in its text.
   */
  add: {
    /** `from`: its path, or its bytes. */
    input: { build: number; place: number; name: string; from: string | Uint8Array };
    output: { sha256?: string; lost?: string; problem?: string };
  };
  /** Takes a text into a pack that somebody else read and extracted: a page of the web. */
  addText: {
    input: { build: number; place: number; name: string; extracted: Extracted };
    output: { lost?: string };
  };
  /** Indexes what was added and writes the pack down; `places` are those of its documents, in their order. */
  pack: { input: { build: number }; output: { places: number[]; bytes?: Uint8Array } };
  /** Forgets a pack that was written, or will not be. */
  drop: { input: { build: number }; output: undefined };
  /** What is known of an open corpus. */
  info: { input: { key: string }; output: CorpusInfo | undefined };
  /** Brings a corpus as it is kept, in pieces; the last one tells which packs are not open yet. */
  open: { input: { key: string; piece: Uint8Array; last: boolean }; output: { missing: string[] } | undefined };
  /** Brings a pack of a corpus that is being opened. */
  openPack: { input: { key: string; sha256: string; bytes: Uint8Array }; output: undefined };
  /** Opens a corpus, now that its packs are there. */
  opened: { input: { key: string }; output: CorpusInfo };
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
  /** A document's whole text; undefined when there is none of this name. */
  text: { input: { key: string; source: string }; output: string | undefined };
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
