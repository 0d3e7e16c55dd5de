// thread.ts: the corpus thread's entry: parsing, indexing, searching and looking up quotes for the whole process, so
// that no document ever blocks the loop that keeps the Activities alive. Knows no store.

import { parentPort } from 'node:worker_threads';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { CorpusBuild, readBytes } from './corpus-build.ts';
import { decodeCorpus, encodeCorpus, type Manifest } from '../index/corpus-format.ts';
import { LoadedCorpus } from '../search/loaded-corpus.ts';
import { stretchesOf } from '../index/stretches.ts';
import type { CorpusInfo, Method, ThreadApi, ThreadReply, ThreadRequest } from './thread-api.ts';
import { Vectors } from '../search/vectors.ts';

/** Corpora are kept open up to this many bytes as stored, the last used longest; always at least one. */
const KEPT_BYTES = 300_000_000;
const DOCUMENTS_NAMED = 1_000;

class NotOpenError extends Error {}

interface Open {
  corpus: LoadedCorpus;
  info: CorpusInfo;
  bytes: number;
}

const open = new Map<string, Open>();
const arriving = new Map<string, Uint8Array[]>();
const arrivingVectors = new Map<string, Vectors>();
const builds = new Map<number, CorpusBuild>();
const finished = new Map<number, Open>();
let lastBuild = 0;

const handlers: { [M in Method]: (input: ThreadApi[M]['input']) => Answer<M> | Promise<Answer<M>> } = {
  hash: ({ paths }) =>
    paths.map((path) => {
      const read = readBytes(path);
      return 'problem' in read ? read : { sha256: sha256(read.bytes) };
    }),
  begin: () => {
    lastBuild += 1;
    builds.set(lastBuild, new CorpusBuild());
    return lastBuild;
  },
  add: (input) => buildOf(input.build).add(input),
  addText: (input) => buildOf(input.build).addText(input),
  index: ({ build }) => buildOf(build).work(),
  finish: ({ build }) => {
    const made = buildOf(build);
    const parts = made.parts();
    const bytes = encodeCorpus(parts);
    const info = infoOf(parts.manifest);
    finished.set(build, { corpus: new LoadedCorpus(parts, made.index), info, bytes: bytes.length });
    return { bytes, info };
  },
  keep: ({ build, key }) => {
    const made = finished.get(build);
    if (!made) throw new NotOpenError(`there is no finished build ${build}`);
    keep(key, made);
  },
  drop: ({ build }) => {
    builds.delete(build);
    finished.delete(build);
  },
  info: ({ key }) => open.get(key)?.info,
  open: ({ key, piece, last }) => {
    const pieces = [...(arriving.get(key) ?? []), piece];
    arriving.set(key, pieces);
    if (!last) return undefined;
    arriving.delete(key);
    const parts = decodeCorpus(Buffer.concat(pieces));
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    return keep(key, { corpus: new LoadedCorpus(parts), info: infoOf(parts.manifest), bytes });
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
    if (opened) keep(key, { ...opened, bytes: opened.bytes + made.bytes });
  },
  search: ({ key, near, ...question }) => {
    const corpus = corpusOf(key);
    const vectors = near && corpus.vectors.get(near.name);
    if (near && !vectors) throw new NotOpenError(`the vectors ${near.name} are not open`);
    return corpus.search(question.query, question, vectors && near && { vectors, query: near.vector });
  },
  read: ({ key, source, ...options }) => corpusOf(key).read(source, options),
  locateQuote: ({ key, source, quote }) => corpusOf(key).locateQuote(source, quote),
  nearNames: ({ key, source }) => corpusOf(key).nearNames(source),
};

type Answer<M extends Method> = ThreadApi[M]['output'];

function buildOf(build: number): CorpusBuild {
  const found = builds.get(build);
  if (!found) throw new NotOpenError(`there is no build ${build}`);
  return found;
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
  let total = [...open.values()].reduce((sum, one) => sum + one.bytes, 0);
  for (const [oldest, one] of open) {
    if (total <= KEPT_BYTES || oldest === key) break;
    open.delete(oldest);
    total -= one.bytes;
  }
  return made.info;
}

function infoOf(manifest: Manifest): CorpusInfo {
  return {
    documentCount: manifest.documents.length,
    passages: manifest.passages,
    documents: manifest.documents.slice(0, DOCUMENTS_NAMED).map(({ name, lines }) => ({ name, lines })),
    skipped: manifest.skipped,
    skippedCount: manifest.skippedCount,
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
