// share-work.ts: identical work that is asked for while it runs is done once. It stops when the last who waits has left.

import { orAborted } from '../../protocol/or-aborted.ts';
import type { ReadSoFar } from '../../protocol/progress.ts';

/** Told what is going on, in a few words, and how far reading has come. */
export type OnProgress = (phase: string, read?: ReadSoFar) => void;

interface Waiter {
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}

interface Shared {
  promise: Promise<unknown>;
  stop: AbortController;
  listeners: Set<OnProgress>;
  waiting: number;
}

type Work<T> = (shared: { signal: AbortSignal; onProgress: OnProgress }) => Promise<T>;

const running = new WeakMap<object, Map<string, Shared>>();

/** Runs `work`, or joins the one that runs under the same owner and key. A waiter that aborts leaves the others to it. */
export async function shareWork<T>(owner: object, key: string, waiter: Waiter, work: Work<T>): Promise<T> {
  const { signal, onProgress } = waiter;
  signal?.throwIfAborted();
  const shared = join(owner, key, work);
  shared.waiting += 1;
  if (onProgress) shared.listeners.add(onProgress);
  try {
    return (await orAborted(shared.promise, signal)) as T;
  } finally {
    if (onProgress) shared.listeners.delete(onProgress);
    shared.waiting -= 1;
    if (shared.waiting === 0) {
      running.get(owner)?.delete(key);
      shared.stop.abort(signal?.reason);
    }
  }
}

function join<T>(owner: object, key: string, work: Work<T>): Shared {
  const ofOwner = running.get(owner) ?? new Map<string, Shared>();
  running.set(owner, ofOwner);
  const known = ofOwner.get(key);
  if (known) return known;
  const stop = new AbortController();
  const listeners = new Set<OnProgress>();
  const onProgress: OnProgress = (...said) => {
    for (const listener of listeners) listener(...said);
  };
  // A moment later, so that whoever asked listens from the first word on.
  const promise = Promise.resolve().then(() => work({ signal: stop.signal, onProgress }));
  // Whoever waits hears of a failure; when all have left, nobody does.
  promise.catch(() => undefined);
  const shared = { promise, stop, listeners, waiting: 0 };
  ofOwner.set(key, shared);
  return shared;
}
