// known-files.ts: what was read before of the same files on this host, so that only what changed is read again. Lies in the
// store as long as it is used; without it everything is read anew, and nothing else is different.

import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { canonicalJson, sha256 } from '../../protocol/schemas/hash.ts';
import type { Store } from '../../store/store.ts';
import { EXTRACTOR_VERSION } from '../extract/extracted.ts';
import type { NamedFile } from './find-files.ts';

/** What became of a file: a document in a pack, or nothing that can be read. */
export type Fate =
  { pack: string; document: number; /** What of it is not in the text. */ lost?: string } | { problem: string };

export interface KnownFile {
  sha256: string;
  fate: Fate;
  /** Of the file when it was read; empty when it may have changed since without showing. */
  stamp: string;
}

interface Kept {
  v: 1;
  extractor: number;
  packs: string[];
  files: KeptFile[];
}

type KeptFile = [name: string, stamp: string, sha256: string, pack: number, document: number, remark?: string];

/** What changed less long before it was read may change again and look the same: clocks of file systems are coarse. */
const SETTLED_MS = 2_000;
const NOTE = 'read-files';
const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);

/** The files of some paths, by their names. */
export type KnownFiles = ReadonlyMap<string, KnownFile>;

const noteKey = (paths: readonly string[]): string => canonicalJson({ host: hostname(), paths: [...paths].sort() });

export async function knownFiles(store: Store, paths: readonly string[]): Promise<KnownFiles> {
  const none = new Map<string, KnownFile>();
  if (paths.length === 0) return none;
  const note = await store.getNote(NOTE, noteKey(paths));
  const bytes = note && (await store.getCorpus(note.text));
  if (!bytes) return none;
  const kept = JSON.parse((await unpack(bytes)).toString('utf8')) as Kept;
  if (Number(kept.v) !== 1 || kept.extractor !== EXTRACTOR_VERSION) return none;
  return new Map(
    kept.files.map(([name, stamp, hash, at, document, remark]) => {
      const inPack = kept.packs[at];
      const fate: Fate =
        inPack === undefined
          ? { problem: remark ?? '' }
          : { pack: inPack, document, ...(remark === undefined ? {} : { lost: remark }) };
      return [name, { stamp, sha256: hash, fate }];
    }),
  );
}

/** Keeps what is known now of the files of these paths, and nothing of others. */
export async function keepKnown(store: Store, paths: readonly string[], files: KnownFiles): Promise<void> {
  if (paths.length === 0) return;
  const packs = new Map<string, number>();
  const kept: Kept = {
    v: 1,
    extractor: EXTRACTOR_VERSION,
    packs: [],
    files: [...files].map(([name, { stamp, sha256: hash, fate }]): KeptFile => {
      if ('problem' in fate) return [name, stamp, hash, -1, 0, fate.problem];
      const at = packs.get(fate.pack) ?? packs.size;
      packs.set(fate.pack, at);
      const place: KeptFile = [name, stamp, hash, at, fate.document];
      if (fate.lost !== undefined) place.push(fate.lost);
      return place;
    }),
  };
  kept.packs = [...packs.keys()];
  const bytes = await pack(JSON.stringify(kept));
  const key = sha256(bytes);
  // As a corpus: it goes when it is used no more, and its packs stay until then.
  await store.putCorpus(key, bytes, kept.packs);
  await store.putNote(NOTE, noteKey(paths), key);
}

/** How a file looks from outside; empty when it changed so lately that this says nothing. */
export function stampOf({ stamp, changedAt }: NamedFile, now: number): string {
  return now - changedAt > SETTLED_MS ? stamp : '';
}
