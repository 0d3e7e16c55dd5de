// tool-clock.ts: how long the tool calls of one turn work, and when one is given up. Calls beside each other count once;
// waiting for a lease on a resource is no work. Knows no tool.

import { orAborted } from '../../protocol/or-aborted.ts';

/** Time in which at least one call of a turn works. */
export class TurnTime {
  #running = 0;
  #since = 0;
  #worked = 0;

  begin(): void {
    this.#pass();
    this.#running += 1;
  }

  end(): void {
    this.#pass();
    this.#running -= 1;
  }

  /** Milliseconds since they were last taken. */
  take(): number {
    this.#pass();
    const ms = this.#worked;
    this.#worked = 0;
    return ms;
  }

  #pass(): void {
    const now = Date.now();
    if (this.#running > 0) this.#worked += now - this.#since;
    this.#since = now;
  }
}

/** setTimeout fires at once for a longer one. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How long a call that ignores its signal may go on before it is given up. */
const GRACE_MS = 1_000;

/** One call's: aborts when it has worked for too long. */
export class ToolClock {
  readonly #controller = new AbortController();
  readonly #time: TurnTime;
  readonly #longestMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(time: TurnTime, longestMs: number) {
    this.#time = time;
    this.#longestMs = Math.min(longestMs, LONGEST_TIMER_MS);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  start(): void {
    if (this.#timer) return;
    this.#time.begin();
    this.#timer = setTimeout(() => this.#controller.abort(), this.#longestMs);
  }

  stop(): void {
    if (!this.#timer) return;
    this.#time.end();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /**
   * The call's result, or `late` once its time is over, also when the call ignores its signal.
   * @throws what the call throws; the signal's reason a little after that aborted.
   */
  async limit<T>(call: Promise<T>, signal: AbortSignal, late: () => T): Promise<T> {
    let grace: NodeJS.Timeout | undefined;
    const left = new AbortController();
    const leave = (): void => void (grace = setTimeout(() => left.abort(signal.reason), GRACE_MS));
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await orAborted(call, AbortSignal.any([this.signal, left.signal]));
    } catch (error) {
      // What the call throws because its own clock stopped it says less.
      if (error === this.signal.reason || (this.signal.aborted && !signal.aborted)) return late();
      throw error;
    } finally {
      clearTimeout(grace);
      signal.removeEventListener('abort', leave);
    }
  }
}
