// said-percent.ts: the highest percent that was said of a task, by any gateway, so that none ever says less: not after it was
// started again, and not while no worker is there to ask.

import { StoreError, type Store } from '../../store/store.ts';

const KIND = 'gateway-percent';
const KEPT_MS = 35 * 24 * 3_600_000;

export class SaidPercent {
  readonly #store: Store;
  readonly #taskId: string;
  #highest = 0;

  constructor(store: Store, taskId: string) {
    this.#store = store;
    this.#taskId = taskId;
  }

  /**
   * What may be said now: kept before it is told. Where the store does not answer, what this process knows.
   * @param seen as the task's master says; undefined: nobody could be asked.
   */
  async atLeast(seen: number | undefined): Promise<number> {
    try {
      return await this.#raised(seen);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return (this.#highest = Math.max(this.#highest, seen ?? 0));
    }
  }

  async #raised(seen: number | undefined): Promise<number> {
    // Asked each time: another gateway may have said more since.
    for (;;) {
      const kept = await this.#store.getRecord(KIND, this.#taskId);
      this.#highest = Math.max(this.#highest, Number(kept?.value ?? 0));
      if (seen === undefined || seen <= this.#highest) return this.#highest;
      const next = { version: kept?.version ?? 0, ttlMs: KEPT_MS };
      if (await this.#store.setRecord(KIND, this.#taskId, String(seen), next)) return (this.#highest = seen);
    }
  }
}
