// corpus-thread.ts: the main thread's end of the corpus thread: one for the process, started when first asked, started
// again after it died, and no reason for the process to stay alive except while somebody waits for an answer.

import { Worker, type ResourceLimits } from 'node:worker_threads';
import { BlobMissingError, type Store } from '../../store/store.ts';
import { CorpusError } from '../sources/corpus-error.ts';
import type { CorpusInfo, Method, ThreadApi, ThreadReply, ThreadRequest } from './thread-api.ts';
import { keptVectors } from '../index/vectors-format.ts';

/** The corpus, or the build, that was asked for is not in the thread (any more): it died, or made room for others. */
export class NotOpenError extends Error {
  override readonly name = 'NotOpenError';
  /** True when the thread died because the text did not fit in its memory: trying again would end the same way. */
  readonly outOfMemory: boolean;
  constructor(message: string, outOfMemory = false) {
    super(message);
    this.outOfMemory = outOfMemory;
  }
}

/** Pieces in which a corpus goes to the thread: copying one holds the main loop for a few ms. */
const PIECE_BYTES = 8_000_000;

/** Of the thread's heap: what texts and words pass through, most of which is gone at once. Its default is three times that. */
const YOUNG_MB = 16;
/** Far more than a corpus takes: where it is more, garbage is let pile up. */
const OLD_MB = 1_024;

/** Each has the names of up to a thousand documents. */
const MAX_INFOS = 32;

interface Waiting {
  resolve(output: unknown): void;
  reject(error: Error): void;
}

export class CorpusThread {
  readonly #start: () => Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #opening = new Map<string, Promise<CorpusInfo>>();
  /** Of corpora opened before: every visit of every sub-agent asks, and a corpus under its key never changes. */
  readonly #infos = new Map<string, CorpusInfo>();
  readonly #openingVectors = new Map<string, Promise<boolean>>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(start: () => Worker = () => startWorker()) {
    this.#start = start;
  }

  /** Starts the thread before it is needed. */
  warm(): void {
    this.#running();
  }

  /** @throws NotOpenError when the thread does not have (any more) what the call is about. */
  call<M extends Method>(
    method: M,
    input: ThreadApi[M]['input'],
    transfer: ArrayBuffer[] = [],
  ): Promise<ThreadApi[M]['output']> {
    const worker = this.#running();
    this.#lastId += 1;
    const request: ThreadRequest = { id: this.#lastId, method, input };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve: resolve as Waiting['resolve'], reject });
      worker.ref();
      worker.postMessage(request, transfer);
    });
  }

  /**
   * Makes sure that a corpus is open and tells what is known of it.
   * @param made the corpus as it will be kept, where the store does not have it yet.
   * @throws CorpusError CheckpointMissing when the store has none under this key.
   */
  open(store: Store, key: string, made?: Uint8Array): Promise<CorpusInfo> {
    const known = this.#infos.get(key);
    if (known) return Promise.resolve(known);
    const under = this.#opening.get(key);
    if (under) return under;
    const opening = this.#open(store, key, made).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  async #open(store: Store, key: string, made?: Uint8Array): Promise<CorpusInfo> {
    const info = (await this.call('info', { key })) ?? (await this.#load(store, key, made));
    if (!info) throw new CorpusError('CheckpointMissing', `the prepared documents ${key} are not in the store`);
    this.#infos.set(key, info);
    const [oldest = key] = this.#infos.keys();
    if (this.#infos.size > MAX_INFOS) this.#infos.delete(oldest);
    return info;
  }

  async #load(store: Store, key: string, made: Uint8Array | undefined): Promise<CorpusInfo | undefined> {
    const bytes = made ?? (await store.getCorpus(key));
    if (!bytes) return undefined;
    let missing: string[] | undefined;
    for (let at = 0; !missing; at += PIECE_BYTES) {
      // A copy: the store may want to keep its bytes.
      const piece = new Uint8Array(bytes.slice(at, at + PIECE_BYTES));
      const last = at + PIECE_BYTES >= bytes.length;
      missing = (await this.call('open', { key, piece, last }, [piece.buffer]))?.missing;
    }
    for (const pack of missing) {
      const packed = new Uint8Array(await blobOf(store, pack));
      await this.call('openPack', { key, sha256: pack, bytes: packed }, [packed.buffer]);
    }
    return await this.call('opened', { key });
  }

  /**
   * Makes sure that the vectors of a corpus are open under this name, which is their key in the store.
   * @returns false when the store has none, or not all of them.
   */
  openVectors(store: Store, key: string, name: string): Promise<boolean> {
    const known = this.#openingVectors.get(name);
    if (known) return known;
    const opening = this.#loadVectors(store, key, name).finally(() => this.#openingVectors.delete(name));
    this.#openingVectors.set(name, opening);
    return opening;
  }

  async #loadVectors(store: Store, key: string, name: string): Promise<boolean> {
    const batches = await keptVectors(store, name);
    if (!batches) return false;
    this.#infos.delete(key);
    await this.open(store, key);
    let from = 0;
    for (const [at, { blob, count, dimensions }] of batches.entries()) {
      const kept = await store.getBlob(blob).catch((error: unknown) => {
        if (error instanceof BlobMissingError) return undefined;
        throw error;
      });
      if (!kept) return false;
      const bytes = new Uint8Array(kept);
      const last = at === batches.length - 1;
      await this.call('vectors', { key, name, dimensions, from, bytes, last }, [bytes.buffer]);
      from += count;
    }
    return from > 0;
  }

  /**
   * Asks about a corpus; one that made room for others, or was lost with the thread, is opened again.
   * @throws CorpusError CheckpointMissing when the store has none under this key.
   */
  async ask<M extends Method>(
    store: Store,
    key: string,
    method: M,
    input: ThreadApi[M]['input'],
  ): Promise<ThreadApi[M]['output']> {
    try {
      return await this.call(method, input);
    } catch (error) {
      if (!(error instanceof NotOpenError)) throw error;
      this.#infos.delete(key);
      await this.open(store, key);
      return await this.call(method, input);
    }
  }

  /** Ends the thread; what waits for it is refused. The next call starts another. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#lose(worker, 'was closed');
    await worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    worker.on('message', (reply: ThreadReply) => this.#settle(worker, reply));
    worker.on('error', (error: NodeJS.ErrnoException) =>
      this.#lose(worker, `died: ${error.message}`, error.code === 'ERR_WORKER_OUT_OF_MEMORY'),
    );
    worker.on('exit', (code) => this.#lose(worker, `ended with code ${code}`));
    // Behind the listeners: the first for messages would hold the process again, until a first call is answered.
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle(worker: Worker, reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) worker.unref();
    if (reply.ok) waiting?.resolve(reply.output);
    else waiting?.reject(reply.notOpen ? new NotOpenError(reply.message) : new Error(reply.message));
  }

  #lose(worker: Worker | undefined, how: string, outOfMemory = false): void {
    if (!worker || worker !== this.#worker) return;
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) {
      one.reject(new NotOpenError(`the thread that reads documents ${how}`, outOfMemory));
    }
  }
}

async function blobOf(store: Store, pack: string): Promise<Uint8Array> {
  try {
    return await store.getBlob(pack);
  } catch (error) {
    if (!(error instanceof BlobMissingError)) throw error;
    throw new CorpusError('CheckpointMissing', `a part of the prepared documents, ${pack}, is not in the store`);
  }
}

export function startWorker(limits: ResourceLimits = {}): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB, ...limits };
  return new Worker(compiledEntry(import.meta.url), { name: 'muster-corpus', execArgv: [], resourceLimits });
}

/** A thread runs compiled code: beside this file in dist, in dist where this file is a source (under Jest). */
function compiledEntry(here: string): URL {
  return new URL(here.endsWith('.ts') ? '../../dist/documents/thread/thread.js' : './thread.js', here);
}

const shared = new CorpusThread();

/** The process's thread. */
export const corpusThread = (): CorpusThread => shared;

/** Ends the process's thread. For a worker that shuts down, and for tests. */
export const closeCorpusThread = (): Promise<void> => shared.close();
