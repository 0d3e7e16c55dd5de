// bell.ts: wakes all who wait for something to change, or after a time.

export class Bell {
  #waiting = new Set<() => void>();
  readonly #listening = new Set<() => void>();

  ring(): void {
    const woken = this.#waiting;
    this.#waiting = new Set();
    for (const wake of woken) wake();
    for (const hear of this.#listening) hear();
  }

  /** Calls it each time from now on. @returns what ends that. */
  listen(hear: () => void): () => void {
    this.#listening.add(hear);
    return () => this.#listening.delete(hear);
  }

  /** True when it rang; false when the time was over or `signal` aborted first. */
  wait(ms: number, signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false);
    return new Promise((done) => {
      const end = (rang: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(ring);
        signal?.removeEventListener('abort', late);
        done(rang);
      };
      const ring = (): void => end(true);
      const late = (): void => end(false);
      const timer = setTimeout(late, ms);
      signal?.addEventListener('abort', late);
      this.#waiting.add(ring);
    });
  }
}
