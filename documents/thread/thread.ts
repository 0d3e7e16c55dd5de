// thread.ts: the corpus thread's entry: parsing, indexing, searching and looking up quotes for the whole process, so
// that no document ever blocks the loop that keeps the Activities alive. Knows no store.

import { parentPort } from 'node:worker_threads';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { decodeCorpus, type Manifest, type OldCorpus } from '../index/corpus-format.ts';
import { encodePack, Pack } from '../index/pack.ts';
import { PackBuild } from './pack-build.ts';
import { readBytes } from './read-bytes.ts';
import { LoadedCorpus } from '../search/loaded-corpus.ts';
import { stretchesOf } from '../index/stretches.ts';
import type { CorpusInfo, Method, ThreadApi, ThreadReply, ThreadRequest } from './thread-api.ts';
import { Vectors } from '../search/vectors.ts';

/** Corpora are kept open up to this many bytes as stored, the last used longest; always at least one. */
const KEPT_BYTES = 150_000_000;
const DOCUMENTS_NAMED = 1_000;

class NotOpenError extends Error {}

interface Open {
  corpus: LoadedCorpus;
  info: CorpusInfo;
}

/** A corpus that is being opened. */
interface Opening {
  manifest: Manifest;
  packs: Map<string, Pack>;
}

const open = new Map<string, Open>();
const opening = new Map<string, Opening>();
const arriving = new Map<string, Uint8Array[]>();
const arrivingVectors = new Map<string, Vectors>();
const builds = new Map<number, PackBuild>();
/** All that are open. */
const packs = new Set<Pack>();
let lastBuild = 0;

const handlers: { [M in Method]: (input: ThreadApi[M]['input']) => Answer<M> | Promise<Answer<M>> } = {
  hash: ({ paths }) =>
    paths.map((path) => {
      const read = readBytes(path);
      return 'problem' in read ? read : { sha256: sha256(read.bytes) };
    }),
  begin: () => {
    lastBuild += 1;
    builds.set(lastBuild, new PackBuild());
    return lastBuild;
  },
  add: (input) => buildOf(input.build).add(input),
  addText: (input) => buildOf(input.build).addText(input),
  pack: ({ build }) => buildOf(build).finish(),
  drop: ({ build }) => void builds.delete(build),
  info: ({ key }) => open.get(key)?.info,
  open: async ({ key, piece, last }) => {
    const pieces = [...(arriving.get(key) ?? []), piece];
    arriving.set(key, pieces);
    if (!last) return undefined;
    arriving.delete(key);
    const kept = decodeCorpus(Buffer.concat(pieces));
    const found = kept.v === 3 ? { manifest: kept, packs: openPacks(kept.packs) } : await anew(kept);
    opening.set(key, found);
    return { missing: found.manifest.packs.filter((pack) => !found.packs.has(pack)) };
  },
  openPack: ({ key, sha256: name, bytes }) => void openingOf(key).packs.set(name, opened(bytes)),
  opened: ({ key }) => {
    const { manifest, packs: found } = openingOf(key);
    opening.delete(key);
    const corpus = new LoadedCorpus(manifest, found);
    return keep(key, { corpus, info: infoOf(corpus, manifest) });
  },
  stretches: ({ key }) => stretchesOf(corpusOf(key)),
  texts: ({ key, from, to }) => {
    const corpus = corpusOf(key);
    return Array.from({ length: to - from }, (_, i) => corpus.embeddedTextOf(from + i));
  },
  vectors: ({ key, name, dimensions, from, bytes, last }) => {
    const corpus = corpusOf(key);
    const made = (from > 0 && arrivingVectors.get(name)) || new Vectors(corpus.size, dimensions);
    arrivingVectors.set(name, made);
    made.set(from, bytes);
    if (!last) return;
    arrivingVectors.delete(name);
    corpus.vectors.set(name, made);
    const opened = open.get(key);
    if (opened) keep(key, opened);
  },
  search: ({ key, near, ...question }) => {
    const corpus = corpusOf(key);
    const vectors = near && corpus.vectors.get(near.name);
    if (near && !vectors) throw new NotOpenError(`the vectors ${near.name} are not open`);
    return corpus.search(question.query, question, vectors && near && { vectors, query: near.vector });
  },
  read: ({ key, source, ...options }) => corpusOf(key).read(source, options),
  text: ({ key, source }) => corpusOf(key).textNamed(source),
  locateQuote: ({ key, source, quote }) => corpusOf(key).locateQuote(source, quote),
  nearNames: ({ key, source }) => corpusOf(key).nearNames(source),
};

type Answer<M extends Method> = ThreadApi[M]['output'];

function buildOf(build: number): PackBuild {
  const found = builds.get(build);
  if (!found) throw new NotOpenError(`there is no build ${build}`);
  return found;
}

function openingOf(key: string): Opening {
  const found = opening.get(key);
  if (!found) throw new NotOpenError(`corpus ${key} is not being opened`);
  return found;
}

function opened(bytes: Uint8Array): Pack {
  const pack = new Pack(bytes);
  packs.add(pack);
  return pack;
}

/** Those of these packs that corpora have open: a folder of which one file changed shares all others with the one before. */
function openPacks(wanted: readonly string[]): Map<string, Pack> {
  const known = new Map([...open.values()].flatMap(({ corpus }) => [...corpus.packs]));
  return new Map(
    wanted.flatMap((name) => {
      const pack = known.get(name);
      return pack ? [[name, pack]] : [];
    }),
  );
}

/** A corpus of an earlier version, indexed as today. */
async function anew({ documents, skipped, skippedCount }: OldCorpus): Promise<Opening> {
  const pack = opened(await encodePack(documents));
  const manifest: Manifest = {
    v: 3,
    packs: ['old'],
    documents: documents.map((_, i) => [0, i]),
    skipped,
    skippedCount,
  };
  return { manifest, packs: new Map([['old', pack]]) };
}

function corpusOf(key: string): LoadedCorpus {
  const found = open.get(key);
  if (!found) throw new NotOpenError(`corpus ${key} is not open`);
  open.delete(key);
  open.set(key, found);
  return found.corpus;
}

function keep(key: string, made: Open): CorpusInfo {
  open.delete(key);
  open.set(key, made);
  for (const oldest of open.keys()) {
    if (oldest === key || bytesOpen() <= KEPT_BYTES) break;
    open.delete(oldest);
  }
  closeUnused();
  return made.info;
}

/** Packs that no corpus has any more. */
function closeUnused(): void {
  const used = new Set([...open.values()].flatMap(({ corpus }) => [...corpus.packs.values()]));
  for (const { packs: waiting } of opening.values()) for (const pack of waiting.values()) used.add(pack);
  for (const pack of packs) {
    if (used.has(pack)) continue;
    packs.delete(pack);
    pack.close();
  }
}

/** Of all that is open; what corpora share counts once. */
function bytesOpen(): number {
  const parts = new Set(
    [...open.values()].flatMap(({ corpus }) => [...corpus.packs.values(), ...corpus.vectors.values()]),
  );
  return [...parts].reduce((sum, { bytes }) => sum + bytes, 0);
}

function infoOf(corpus: LoadedCorpus, { skipped, skippedCount }: Manifest): CorpusInfo {
  const { documents } = corpus;
  return {
    documentCount: documents.length,
    passages: corpus.size,
    documents: documents.slice(0, DOCUMENTS_NAMED).map(({ name, lines }) => ({ name, lines })),
    skipped,
    skippedCount,
  };
}

async function answer({ id, method, input }: ThreadRequest): Promise<void> {
  let reply: ThreadReply;
  try {
    reply = { id, ok: true, output: await handlers[method](input as never) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    reply = { id, ok: false, message, notOpen: error instanceof NotOpenError };
  }
  parentPort?.postMessage(reply, reply.ok ? bytesIn(reply.output) : []);
}

/** Bytes go to the other side without a copy. */
function bytesIn(output: unknown): ArrayBuffer[] {
  if (output === null || typeof output !== 'object') return [];
  return Object.values(output).flatMap((value: unknown) =>
    value instanceof Uint8Array && value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength
      ? [value.buffer]
      : [],
  );
}

parentPort?.on('message', (request: ThreadRequest) => void answer(request));
