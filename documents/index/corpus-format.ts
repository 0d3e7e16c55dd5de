// corpus-format.ts: how a prepared corpus lies in the store: as a list of its documents, each a place in a pack, which is a
// blob. Corpora of earlier versions held their texts themselves; they are read, and never written.

import type { SkippedFile } from '../../protocol/skipped.ts';
import type { PassageRow, ToPack } from './pack.ts';

/** A corpus as it is kept. */
export interface Manifest {
  v: 3;
  /** Blobs. */
  packs: string[];
  /** In the order of their names: number of the pack, and of the document in it. */
  documents: [pack: number, document: number][];
  /** Files that could not be read, known only once they were opened. */
  skipped: SkippedFile[];
  skippedCount: number;
}

const VERSION = 3;

export const encodeManifest = (manifest: Manifest): Uint8Array => Buffer.from(JSON.stringify(manifest));

/** A corpus of an earlier version: its documents are to be indexed anew. */
export interface OldCorpus extends Pick<Manifest, 'skipped' | 'skippedCount'> {
  v: 1;
  documents: ToPack[];
}

/** @throws Error when these bytes are no corpus, or one of a later version. */
export function decodeCorpus(bytes: Uint8Array): Manifest | OldCorpus {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lineEnd = buffer.indexOf(10);
  const head = JSON.parse(buffer.toString('utf8', 0, lineEnd === -1 ? undefined : lineEnd)) as { v: number };
  if (head.v > VERSION) throw new Error(`this corpus was written as version ${head.v}; this is version ${VERSION}`);
  return head.v === VERSION ? (head as Manifest) : decodeOld(buffer, head as OldHead, lineEnd + 1);
}

/** Of the first line of versions 1 and 2; the parts follow: documents, texts, passages, and an index that is left out. */
interface OldHead {
  v: number;
  lengths: number[];
}

interface OldManifest extends Pick<Manifest, 'skipped' | 'skippedCount'> {
  documents: { name: string; sha256: string; lines: number; bytes: number; pages?: number[] }[];
}

function decodeOld(buffer: Buffer, { lengths }: OldHead, headEnd: number): OldCorpus {
  let at = headEnd;
  const [manifestBytes, textBytes, passageBytes] = lengths.map((length) => {
    at += length;
    return buffer.subarray(at - length, at);
  });
  if (at !== buffer.length || !manifestBytes || !textBytes || !passageBytes)
    throw new Error('this corpus is not whole');
  const { documents, skipped, skippedCount } = JSON.parse(manifestBytes.toString()) as OldManifest;
  const passages = passageBytes.toString('utf8').split('\n');
  let from = 0;
  return {
    v: 1,
    skipped,
    skippedCount,
    documents: documents.map(({ bytes, ...document }, i) => {
      from += bytes;
      const rows = JSON.parse(passages[i] ?? '[]') as PassageRow[];
      return {
        ...document,
        text: textBytes.toString('utf8', from - bytes, from),
        chunks: rows.map(([start, end, line, endLine, heading]) => ({ start, end, line, endLine, heading })),
      };
    }),
  };
}
