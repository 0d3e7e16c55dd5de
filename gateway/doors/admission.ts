// admission.ts: how many tasks are started: what is beyond what the deployment takes is refused at once, with a time to come
// back. Nothing waits here for long: whoever is not refused has its task in Temporal a moment later.

import { ProblemError } from '../wire/problems.ts';
import { slow, type Outages } from './outages.ts';

export interface AdmissionSettings {
  /** Starts under way at once in this process. */
  startsAtOnce: number;
  /** Starts a second in this process; as many may come at once. */
  startsPerSecond: number;
  /** Tasks of the deployment that wait for a worker. */
  queued: number;
}

export const ADMISSION: AdmissionSettings = { startsAtOnce: 32, startsPerSecond: 200, queued: 10_000 };

/** How long a start waits for another one to be through. */
const WAIT_MS = 50;
/** While a start takes longer than this, others would wait behind it. */
const SLOW_START_MS = 1_000;
const COUNTED_EVERY_MS = 1_000;
/** How long a start may take to be seen in Temporal's lists. */
const UNSEEN_MS = 2_000;

export class Admission {
  readonly #settings: AdmissionSettings;
  readonly #outages: Outages;
  readonly #countQueued: () => Promise<number>;
  readonly #waiting = new Set<(free: boolean) => void>();
  #running = 0;
  /** When those that are under way began, oldest first. */
  readonly #underWay = new Set<{ since: number }>();
  #allowance: { left: number; at: number };
  #counted: { count: number; at: number } | undefined;
  #counting: Promise<void> | undefined;
  readonly #starts = new Set<{ at: number }>();

  /** @param countQueued how many tasks of the deployment no worker has begun; may be late by some moments, and may fail. */
  constructor(settings: AdmissionSettings, outages: Outages, countQueued: () => Promise<number>) {
    this.#settings = settings;
    this.#outages = outages;
    this.#countQueued = countQueued;
    this.#allowance = { left: settings.startsPerSecond, at: Date.now() };
  }

  /** Before a request's body is read. @throws ProblemError (overloaded, queue_full, server_unreachable, store_unavailable) */
  async refuseIfFull(): Promise<void> {
    await this.#outages.refuseIfDown();
    const { startsAtOnce } = this.#settings;
    if (this.#running >= startsAtOnce && this.#waiting.size >= startsAtOnce) throw overloaded();
    this.#refuseIfSlow();
    await this.#count();
    this.#refuseIfQueued();
  }

  /** Starts a task, or refuses to. @throws ProblemError as `refuseIfFull`, and what the start throws */
  async run<T>(start: () => Promise<T>): Promise<T> {
    await this.refuseIfFull();
    // From here to the place nothing waits: of many that come at once no more pass than may.
    this.#refuseIfQueued();
    this.#refuseIfSlow();
    if (!this.#spendAllowance()) throw overloaded();
    const begun = { at: Date.now() };
    this.#starts.add(begun);
    try {
      await this.#place();
    } catch (error) {
      this.#starts.delete(begun);
      throw error;
    }
    const own = { since: performance.now() };
    this.#underWay.add(own);
    try {
      return await this.#outages.during(start());
    } finally {
      this.#underWay.delete(own);
      this.#leave();
    }
  }

  /** Does what a start needs before; an outage ends the waiting. @throws ProblemError, or what the work throws */
  async before<T>(work: Promise<T>): Promise<T> {
    return await this.#outages.during(work);
  }

  /** Takes a place, or waits for one that another start hands on. */
  #place(): Promise<void> {
    if (this.#running < this.#settings.startsAtOnce) {
      this.#running += 1;
      return Promise.resolve();
    }
    return new Promise((done, refuse) => {
      const hear = (free: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(hear);
        if (free) done();
        else refuse(overloaded());
      };
      const timer = setTimeout(hear, WAIT_MS, false);
      this.#waiting.add(hear);
    });
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (next) next(true);
    else this.#running -= 1;
  }

  #spendAllowance(): boolean {
    const { startsPerSecond } = this.#settings;
    const now = Date.now();
    const grown = this.#allowance.left + ((now - this.#allowance.at) / 1_000) * startsPerSecond;
    this.#allowance = { left: Math.min(startsPerSecond, grown), at: now };
    if (this.#allowance.left < 1) return false;
    this.#allowance.left -= 1;
    return true;
  }

  /** Counts anew now and then; only the first to ask ever waits for it. */
  async #count(): Promise<void> {
    if (this.#counted && Date.now() - this.#counted.at < COUNTED_EVERY_MS) return;
    this.#counting ??= this.#countAnew().finally(() => (this.#counting = undefined));
    if (!this.#counted) await this.#outages.during(this.#counting);
  }

  async #countAnew(): Promise<void> {
    const at = Date.now();
    // Where it can't be counted the outage, if it is one, is told elsewhere.
    const count = await this.#countQueued().catch(() => this.#counted?.count ?? 0);
    this.#counted = { count, at };
    for (const start of this.#starts) if (start.at <= at - UNSEEN_MS) this.#starts.delete(start);
  }

  #refuseIfSlow(): void {
    const [oldest] = this.#underWay;
    if (oldest && performance.now() - oldest.since > SLOW_START_MS) throw slow();
  }

  /** By those that were counted, and those that may not have been seen then. */
  #refuseIfQueued(): void {
    const { queued } = this.#settings;
    if ((this.#counted?.count ?? 0) + this.#starts.size < queued) return;
    throw new ProblemError('queue_full', `${queued} tasks wait for a worker; more are taken once some have begun`);
  }
}

const overloaded = (): ProblemError =>
  new ProblemError('overloaded', 'more tasks are being started than this deployment takes; nothing was started');
