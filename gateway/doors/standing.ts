// standing.ts: whether who was let in still may be here: a stream outlives the moment in which its key was good.

import type { Caller } from './caller.ts';
import type { KeyRing } from './keys.ts';

const LOOK_MS = 1_000;

export class Standing {
  readonly #ring: KeyRing;
  readonly #open = new Map<Caller, Set<() => void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  /**
   * Calls `end` once when the caller's key is revoked or its time is over, within five seconds. The ring believes a key for
   * three of them. While the store does not answer nobody is ended.
   *
   * @returns what is to be called when the stream has ended by itself.
   */
  watch(caller: Caller, end: () => void): () => void {
    if (caller.keyId === undefined && caller.until === undefined) return () => undefined;
    const ends = this.#open.get(caller) ?? new Set();
    this.#open.set(caller, ends.add(end));
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref();
    return () => this.#leave(caller, end);
  }

  async #look(): Promise<void> {
    for (const [caller, ends] of this.#open) {
      if (await this.isGood(caller)) continue;
      for (const end of ends) {
        this.#leave(caller, end);
        end();
      }
    }
  }

  /** True, too, where it can't be known just now. */
  async isGood({ keyId, until = Infinity }: Pick<Caller, 'keyId' | 'until'>): Promise<boolean> {
    if (until <= Date.now()) return false;
    if (keyId === undefined) return true;
    return await this.#ring.isGood(keyId).catch(() => true);
  }

  #leave(caller: Caller, end: () => void): void {
    const ends = this.#open.get(caller);
    ends?.delete(end);
    if (ends?.size === 0) this.#open.delete(caller);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
