// call-clock.ts: when a model call is given up: it was cancelled, it is silent for too long, it comes to no end, or the
// subtask's time is over. Slow is not hung: every byte is a sign of life, and a model that is being loaded, or a server
// that works on others' calls first, is waited for.

import type { SubtaskLimits } from '../../protocol/classes.ts';
import type { ModelFault } from '../models/provider.ts';

export interface Patience {
  /** Tries of this call that ended before a word of the output: each may wait twice as long as the one before. Default: 0. */
  silentTries?: number;
  /** Seconds that the first word may take at least, whatever the class says. */
  firstByteSeconds?: number | undefined;
  /** When the server last sent words of any call, ms since the epoch: while it does, a call that waits is queued, not lost. */
  lastHeard?: () => number;
}

export class CallClock {
  readonly #controller = new AbortController();
  readonly #idleMs: number;
  readonly #firstMs: number;
  readonly #isPatient: boolean;
  readonly #lastHeard: () => number;
  readonly #outer: AbortSignal;
  readonly #leftMs: number;
  /** One output may take half of a subtask's time, so that one without an end leaves room for another try. */
  readonly #longestMs: number;
  readonly #limits: SubtaskLimits;
  #startedAt: number | undefined;
  #writesSince: number | undefined;
  #aliveAt = 0;
  #total: NodeJS.Timeout | undefined;
  #endless: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Why the clock, and not the caller, stopped the call. */
  reason: ModelFault | undefined;
  /** Pieces of the output so far: where in it a model went silent. */
  ticks = 0;

  constructor(outer: AbortSignal, limits: SubtaskLimits, workedMs: number, patience: Patience = {}) {
    const { silentTries = 0, firstByteSeconds = 0, lastHeard = () => 0 } = patience;
    this.#outer = outer;
    this.#limits = limits;
    this.#lastHeard = lastHeard;
    this.#idleMs = limits.callIdleSeconds * 1_000;
    this.#leftMs = Math.max(1, limits.seconds * 1_000 - workedMs);
    this.#longestMs = limits.seconds * 500;
    const grown = Math.min(this.#idleMs * 2 ** Math.min(silentTries, 20), Math.max(this.#idleMs, this.#leftMs));
    this.#isPatient = firstByteSeconds > 0;
    this.#firstMs = Math.max(grown, firstByteSeconds * 1_000);
    this.#outer.addEventListener('abort', this.#cancelled, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Milliseconds of work since the call was made; 0 when it was not. Waiting for a place is no part of it, nor is the silence
   * beyond the idle limit that its first word was allowed.
   */
  get ranMs(): number {
    if (this.#startedAt === undefined) return 0;
    const isFree = this.#writesSince !== undefined || this.#isPatient;
    const waited = (this.#writesSince ?? Date.now()) - this.#startedAt;
    return Date.now() - this.#startedAt - (isFree ? Math.max(0, waited - this.#idleMs) : 0);
  }

  /** The call is made now. */
  start(): void {
    this.#startedAt = Date.now();
    this.#aliveAt = this.#startedAt;
    // Who asks for patience gets it, also beyond the class's time: that begins with the first word.
    if (!this.#isPatient) this.#limit();
    this.#listen();
  }

  /** Something came: of the output, or a sign that the server is at work on it. */
  tick(isOutput = true): void {
    this.#aliveAt = Date.now();
    if (isOutput) {
      this.ticks += 1;
      if (this.#writesSince === undefined) this.#begins();
    }
    this.#listen();
  }

  stop(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#endless);
    clearTimeout(this.#total);
    this.#outer.removeEventListener('abort', this.#cancelled);
  }

  #begins(): void {
    this.#writesSince = Date.now();
    if (this.#isPatient) this.#limit();
    if (this.#leftMs <= this.#longestMs) return;
    const endless = `the model's output had no end after ${this.#longestMs / 1_000} s`;
    this.#endless = setTimeout(() => this.#ring('ModelTimedOut', endless), this.#longestMs);
  }

  #limit(): void {
    const over = `it used its ${this.#limits.seconds} s of work`;
    this.#total = setTimeout(() => this.#ring('LimitReached', over), this.#leftMs);
  }

  #listen(allowedMs = this.#writesSince === undefined ? this.#firstMs : this.#idleMs): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      // While the server answers others, this one is queued there.
      const heardAt = this.#writesSince === undefined ? Math.max(this.#aliveAt, this.#lastHeard()) : this.#aliveAt;
      const leftMs = heardAt + (this.#writesSince === undefined ? this.#firstMs : this.#idleMs) - Date.now();
      if (leftMs > 0) this.#listen(leftMs);
      else this.#ring('ModelTimedOut', `the model sent nothing for ${Math.round((Date.now() - heardAt) / 1_000)} s`);
    }, allowedMs);
  }

  readonly #cancelled = (): void => this.#controller.abort(this.#outer.reason);

  #ring(type: 'ModelTimedOut' | 'LimitReached', message: string): void {
    this.reason = { type, message };
    this.#controller.abort();
  }
}
