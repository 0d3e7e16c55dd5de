// call-clock.ts: when a model call is given up: it was cancelled, it is silent for too long, it comes to no end, or the
// subtask's time is over. Slow is not hung: every byte counts as a sign of life.

import type { SubtaskLimits } from '../../protocol/classes.ts';
import type { ModelFault } from '../models/provider.ts';

export class CallClock {
  readonly #controller = new AbortController();
  readonly #idleMs: number;
  readonly #outer: AbortSignal;
  readonly #leftMs: number;
  /** One call may take half of a subtask's time, so that an answer without an end leaves room for another try. */
  readonly #longestMs: number;
  readonly #limits: SubtaskLimits;
  #startedAt: number | undefined;
  #total: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Why the clock, and not the caller, stopped the call. */
  reason: ModelFault | undefined;
  /** Signs of life so far: where in its answer a model went silent. */
  ticks = 0;

  constructor(outer: AbortSignal, limits: SubtaskLimits, workedMs: number) {
    this.#outer = outer;
    this.#limits = limits;
    this.#idleMs = limits.callIdleSeconds * 1_000;
    this.#leftMs = Math.max(1, limits.seconds * 1_000 - workedMs);
    this.#longestMs = limits.seconds * 500;
    this.#outer.addEventListener('abort', this.#cancelled, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds since the call was made; 0 when it was not. Waiting for a place is no part of it. */
  get ranMs(): number {
    return this.#startedAt === undefined ? 0 : Date.now() - this.#startedAt;
  }

  /** The call is made now. */
  start(): void {
    this.#startedAt = Date.now();
    const isLast = this.#leftMs <= this.#longestMs;
    this.#total = setTimeout(
      () =>
        isLast
          ? this.#ring('LimitReached', `it used its ${this.#limits.seconds} s of work`)
          : this.#ring('ModelTimedOut', `the model's answer had no end after ${this.#longestMs / 1_000} s`),
      Math.min(this.#leftMs, this.#longestMs),
    );
    this.#listen();
  }

  tick(): void {
    this.ticks += 1;
    this.#listen();
  }

  stop(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#total);
    this.#outer.removeEventListener('abort', this.#cancelled);
  }

  #listen(): void {
    clearTimeout(this.#idle);
    const silent = `the model sent nothing for ${this.#idleMs / 1_000} s`;
    this.#idle = setTimeout(() => this.#ring('ModelTimedOut', silent), this.#idleMs);
  }

  readonly #cancelled = (): void => this.#controller.abort(this.#outer.reason);

  #ring(type: 'ModelTimedOut' | 'LimitReached', message: string): void {
    this.reason = { type, message };
    this.#controller.abort();
  }
}
