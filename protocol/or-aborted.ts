// or-aborted.ts: a promise raced against a signal, with nothing left behind on the signal. Knows signals by their shape:
// what the Workflow's sandbox compiles has none.

export interface AbortingSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * The value of `work`. Once the signal aborts nobody waits for it any more, but it is not stopped: others may wait for the
 * same promise.
 *
 * @throws what `work` throws; the signal's reason as soon as it aborts, or at once when it did before.
 */
export async function orAborted<T>(work: Promise<T>, signal: AbortingSignal | undefined): Promise<T> {
  // Left alone, it may fail where nobody listens.
  work.catch(() => undefined);
  if (!signal) return await work;
  if (signal.aborted) throw signal.reason;
  let leave = (): void => undefined;
  const aborted = new Promise<never>((_done, failed) => {
    leave = () => failed(signal.reason as Error);
    signal.addEventListener('abort', leave);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
