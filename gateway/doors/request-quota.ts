// request-quota.ts: how many requests a tenant may make a minute, over all gateways of a deployment together. Each takes
// blocks from a counter in the store, so that most requests ask nobody; no more than the limit is ever handed out.

import { addToCounter } from '../../store/counter.ts';
import type { Store } from '../../store/store.ts';
import { ProblemError } from '../wire/problems.ts';

const KIND = 'tenant-requests';
const WINDOW_MS = 60_000;
/** Of a minute's requests, taken at once: what one gateway took and did not use is lost to the others until the next. */
const BLOCKS = 50;
const MOST_REMEMBERED = 10_000;

interface Held {
  window: number;
  left: number;
  taking?: Promise<void> | undefined;
  isSpent: boolean;
}

export class RequestQuota {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();

  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Counts one request. @throws ProblemError (too_many_requests) with Retry-After; StoreError */
  async take(tenant: string, perMinute: number): Promise<void> {
    for (;;) {
      const held = this.#of(tenant);
      if (held.left > 0) {
        held.left -= 1;
        return;
      }
      if (held.isSpent) throw this.#refusal(held, perMinute);
      held.taking ??= this.#takeBlock(tenant, held, perMinute).finally(() => (held.taking = undefined));
      await held.taking;
    }
  }

  #of(tenant: string): Held {
    const window = Math.floor(this.#now() / WINDOW_MS);
    const known = this.#held.get(tenant);
    if (known?.window === window) return known;
    if (this.#held.size >= MOST_REMEMBERED) this.#held.clear();
    const held: Held = { window, left: 0, isSpent: false };
    this.#held.set(tenant, held);
    return held;
  }

  async #takeBlock(tenant: string, held: Held, perMinute: number): Promise<void> {
    const options = { most: perMinute, ttlMs: 2 * WINDOW_MS };
    const amount = Math.ceil(perMinute / BLOCKS);
    const { added } = await addToCounter(this.#store, KIND, `${tenant}/${held.window}`, amount, options);
    held.left += added;
    held.isSpent = added === 0;
  }

  #refusal({ window }: Held, perMinute: number): ProblemError {
    const seconds = Math.max(1, Math.ceil(((window + 1) * WINDOW_MS - this.#now()) / 1_000));
    return new ProblemError('too_many_requests', `this tenant may make ${perMinute} requests a minute`, {
      headers: { 'retry-after': String(seconds) },
    });
  }
}
