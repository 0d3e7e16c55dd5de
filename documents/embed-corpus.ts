// embed-corpus.ts: a vector for each passage of a prepared corpus. A batch is in the store before its place is given to
// the next, so that whoever goes on after a crash or an outage pays for what is missing and for nothing else.

import { FAILURES } from '../protocol/failures.ts';
import { NO_USAGE, type Usage } from '../protocol/usage.ts';
import type { Store } from '../store/store.ts';
import type { Embedded, EmbeddingsProvider } from './index/embeddings-provider.ts';
import { MODEL_RETRY, retryDelayMs } from '../protocol/retry.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { CorpusThread, corpusThread } from './thread/corpus-thread.ts';
import { shareWork } from './jobs/share-work.ts';
import {
  batchKey,
  keepBatch,
  keepVectors,
  keptBatch,
  vectorsKey,
  putZeroVectors,
  type VectorBatch,
} from './index/vectors-format.ts';

export interface EmbedOptions {
  store: Store;
  embeddings: EmbeddingsProvider;
  signal?: AbortSignal | undefined;
  /** Told what is going on, in a few words. */
  onProgress?: ((phase: string) => void) | undefined;
  /** How long the caller waits for it. Default: until it is done, or given up. */
  withinMs?: number;
  /** Default: MODEL_RETRY. */
  retry?: typeof MODEL_RETRY;
  /** Default: the process's own. */
  thread?: CorpusThread;
}

export interface EmbeddedCorpus {
  /** Why there are no vectors, in a sentence; absent when there are. What was paid for is kept. */
  problem?: string;
  /** How many passages are without one, and why, in a sentence; absent when all have theirs. */
  refused?: string;
  /** What was spent now. Work that several waited for stands in the first one's bill. */
  usage: Usage;
}

/** Batches on their way at one time. */
const AT_ONCE = 4;

/**
 * Sees that a corpus has its vectors in the store. A provider that can't is no failure: search goes by words without them.
 *
 * @throws CorpusError CheckpointMissing when the store has no such corpus; StoreError; the signal's reason.
 */
export async function embedCorpus(corpusRef: string, options: EmbedOptions): Promise<EmbeddedCorpus> {
  const { store, embeddings, signal, onProgress, withinMs } = options;
  const key = vectorsKey(embeddings, corpusRef);
  if (await store.hasCorpus(key)) return { usage: NO_USAGE };
  const patience = withinMs === undefined ? undefined : AbortSignal.timeout(withinMs);
  const waiter = {
    signal: patience && signal ? AbortSignal.any([patience, signal]) : (patience ?? signal),
    onProgress,
  };
  let started: Embedding | undefined;
  try {
    const work = await shareWork(store, key, waiter, async (shared) => {
      started = new Embedding(corpusRef, { ...options, ...shared });
      await started.run(key);
      return started;
    });
    const { problem, refused } = work;
    const told = { ...(problem === undefined ? {} : { problem }), ...(refused === undefined ? {} : { refused }) };
    return { ...told, usage: work.takeBill() };
  } catch (error) {
    if (!patience?.aborted || signal?.aborted) throw error;
    const problem = `they could not all be made within ${Math.round((withinMs ?? 0) / 1_000)} s; those made are kept for the next task`;
    return { problem, usage: started?.takeBill() ?? NO_USAGE };
  }
}

interface Stretch {
  from: number;
  to: number;
  sha256: string;
}

class Embedding {
  /** Why it gave up. */
  problem: string | undefined;
  refused: string | undefined;
  readonly #corpusRef: string;
  readonly #options: EmbedOptions;
  readonly #thread: CorpusThread;
  /** Stops the other batches when one gave up. */
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #calls = 0;
  #tokens = 0;

  constructor(corpusRef: string, options: EmbedOptions & { signal: AbortSignal }) {
    this.#corpusRef = corpusRef;
    this.#options = options;
    this.#thread = options.thread ?? corpusThread();
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
  }

  async run(key: string): Promise<void> {
    const { store, onProgress } = this.#options;
    const stretches = await this.#thread.ask(store, this.#corpusRef, 'stretches', { key: this.#corpusRef });
    const total = stretches.at(-1)?.to ?? 0;
    const batches: VectorBatch[] = [];
    let next = 0;
    let done = 0;
    const worker = async (): Promise<void> => {
      for (let at = next++; at < stretches.length; at = next++) {
        const stretch = stretches[at];
        if (!stretch || this.problem !== undefined) return;
        const batch = await this.#batch(stretch);
        if (!batch) return;
        batches[at] = batch;
        done += batch.count;
        onProgress?.(`embeds passage ${done} of ${total}`);
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    this.#options.signal?.throwIfAborted();
    for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
    if (this.problem !== undefined) return;
    const { name } = this.#options.embeddings;
    const [dimensions, ...others] = new Set(batches.flatMap((batch) => batch.dimensions || []));
    if (others.length > 0) this.problem = `${name} sent vectors of different lengths`;
    else if (dimensions === undefined) this.problem = `${name} made a vector of none of the ${total} passages`;
    if (dimensions === undefined || this.problem !== undefined) return;
    const refused = batches.reduce((sum, batch) => sum + (batch.refused?.texts ?? 0), 0);
    const why = batches.find((batch) => batch.refused)?.refused?.why;
    if (refused > 0) this.refused = `${refused} of ${total} passages: ${why ?? ''}`;
    for (const [at, batch] of batches.entries())
      if (batch.dimensions === 0) batches[at] = await putZeroVectors(store, batch, dimensions);
    await keepVectors(store, key, batches);
  }

  /** What was spent, for whoever asks first. */
  takeBill(): Usage {
    const [calls, inputTokens] = [this.#calls, this.#tokens];
    this.#calls = this.#tokens = 0;
    if (calls === 0) return NO_USAGE;
    const { model } = this.#options.embeddings;
    const byModel = { [model]: { calls, inputTokens, outputTokens: 0 } };
    return { ...NO_USAGE, modelCalls: calls, inputTokens, byModel };
  }

  /** Undefined when it was given up. */
  async #batch({ from, to, sha256 }: Stretch): Promise<VectorBatch | undefined> {
    const { store, embeddings } = this.#options;
    const key = batchKey(embeddings, sha256);
    const kept = await keptBatch(store, key);
    if (kept) return kept;
    const texts = await this.#thread.ask(store, this.#corpusRef, 'texts', { key: this.#corpusRef, from, to });
    const made = await this.#embedded(texts);
    return made ? await keepBatch(store, key, made) : undefined;
  }

  async #embedded(texts: readonly string[]): Promise<Embedded | undefined> {
    const { embeddings, onProgress, retry = MODEL_RETRY } = this.#options;
    for (let failures = 1; ; failures += 1) {
      try {
        const made = await embeddings.embed(texts, { signal: this.#signal });
        this.#calls += made.calls ?? 1;
        this.#tokens += made.tokens;
        return made;
      } catch (error) {
        if (this.#stop.signal.aborted) return undefined;
        this.#signal.throwIfAborted();
        const fault = embeddings.classify(error);
        const wait = retryDelayMs(retry, failures, fault.retryAfterMs, Math.random);
        // Nobody waits an hour for what search can do without.
        if (!FAILURES[fault.type].retryable || failures >= retry.maxAttempts || wait > retry.capMs) {
          this.problem ??= fault.message;
          this.#stop.abort();
          return undefined;
        }
        onProgress?.(`tries to embed again in ${Math.ceil(wait / 1_000)} s: ${fault.message}`);
        await pause(wait, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    }
  }
}
