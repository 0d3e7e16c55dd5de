// places.ts: how many calls one provider is given at once: as many as its server has slots for, as far as that shows in when
// first words come, and never more than the cap. What waits here waits in order, and is no call yet; what no answer waits for
// waits behind all that one waits for, and has a quarter of the places at most. What is to be answered at once does not wait: it
// has a few places of its own beside them, or is refused.

/** One call at a provider. */
export interface Place {
  /** A piece of the answer came. */
  heard(): void;
  /** When the provider last sent a piece of any answer, ms since the epoch; 0 when it never did. */
  lastHeard(): number;
}

/** Whether an answer waits for a call. */
export type Mode = 'blocking' | 'background';

/** None of the places is free that calls have which must not wait. */
export class PlacesTakenError extends Error {
  override readonly name = 'PlacesTakenError';
}

interface Running {
  mode: Mode;
  startedAt: number;
  answersAt?: number;
  /** When another call ended last, since this one began. */
  othersEndedAt?: number;
}

/** So many calls in a row that waited behind others show how many slots a server has. */
const EVIDENCE = 3;
/** A call that waits less than this, or than so many times the usual, did not wait behind others. */
const LEAST_WAIT_MS = 300;
const LONG = 3;
/** After so many rounds without anything queued one call more is tried. */
const ROUNDS = 4;
/** One in so many places may be taken by what no answer waits for; one at least. */
const BACKGROUND_SHARE = 4;
/** Beside the others there is one for so many of them, one at least, for calls that must not wait. */
const AT_ONCE_SHARE = 4;

/** @param cap most calls at once, whatever the server can take. */
export class Places {
  readonly #cap: number;
  #limit: number;
  readonly #running = new Set<Running>();
  readonly #queues: Readonly<Record<Mode, (() => void)[]>> = { blocking: [], background: [] };
  #lastHeard = 0;
  /** What a first word takes where nothing waits, ms. */
  #usualMs: number | undefined;
  /** How many were being answered when a queued call got its first word, of the last such calls in a row. */
  #queued: number[] = [];
  #atOnce = 0;
  readonly #own = new Set<Running>();

  constructor(cap: number) {
    this.#cap = cap;
    this.#limit = cap;
  }

  /** Calls that may be made at once now. */
  get limit(): number {
    return this.#limit;
  }

  /** Waits for a place, then makes the call. @throws what it throws */
  async take<T>(call: (place: Place) => Promise<T>, mode: Mode = 'blocking'): Promise<T> {
    const own: Running = { mode, startedAt: 0 };
    await new Promise<void>((go) => {
      this.#queues[mode].push(() => {
        own.startedAt = Date.now();
        this.#running.add(own);
        go();
      });
      this.#next();
    });
    return await this.#run(own, call);
  }

  /** Makes the call now, in a place of its own kind. @throws PlacesTakenError; what it throws */
  async takeOwn<T>(call: (place: Place) => Promise<T>): Promise<T> {
    if (this.#own.size >= Math.max(1, Math.floor(this.#limit / AT_ONCE_SHARE))) throw new PlacesTakenError();
    const own: Running = { mode: 'blocking', startedAt: Date.now() };
    this.#own.add(own);
    return await this.#run(own, call);
  }

  async #run<T>(own: Running, call: (place: Place) => Promise<T>): Promise<T> {
    try {
      return await call({ heard: () => this.#heard(own), lastHeard: () => this.#lastHeard });
    } finally {
      this.#own.delete(own);
      this.#running.delete(own);
      const now = Date.now();
      for (const other of this.#running) other.othersEndedAt = now;
      this.#next();
    }
  }

  #next(): void {
    while (this.#running.size < this.#limit) {
      const go = this.#queues.blocking.shift() ?? this.#nextInBackground();
      if (!go) return;
      go();
    }
  }

  /** Only called where nothing blocking waits. */
  #nextInBackground(): (() => void) | undefined {
    const running = [...this.#running].filter(({ mode }) => mode === 'background').length;
    return running < Math.max(1, Math.floor(this.#limit / BACKGROUND_SHARE))
      ? this.#queues.background.shift()
      : undefined;
  }

  #heard(own: Running): void {
    this.#lastHeard = Date.now();
    if (own.answersAt !== undefined) return;
    own.answersAt = this.#lastHeard;
    if (this.#wasQueued(own)) this.#lower();
    else this.#raise(own);
  }

  /** It had to wait, and its first word came as soon as another call ended: there was no slot for it before. */
  #wasQueued({ startedAt, answersAt = 0, othersEndedAt }: Running): boolean {
    const usual = this.#usualMs;
    if (usual === undefined || othersEndedAt === undefined) return false;
    return (
      answersAt - startedAt > Math.max(LEAST_WAIT_MS, LONG * usual) && answersAt - othersEndedAt <= 1.5 * usual + 50
    );
  }

  #lower(): void {
    const answered = [...this.#running].filter(({ answersAt }) => answersAt !== undefined).length;
    this.#queued = [...this.#queued, answered].slice(-EVIDENCE);
    this.#atOnce = 0;
    if (this.#queued.length === EVIDENCE) this.#limit = Math.min(this.#limit, Math.max(...this.#queued));
  }

  #isWaitedFor(): boolean {
    return Object.values(this.#queues).some((queue) => queue.length > 0);
  }

  #raise({ startedAt, answersAt = 0, othersEndedAt }: Running): void {
    const waited = answersAt - startedAt;
    if (othersEndedAt === undefined)
      this.#usualMs = this.#usualMs === undefined ? waited : 0.7 * this.#usualMs + 0.3 * waited;
    this.#queued = [];
    this.#atOnce += 1;
    if (this.#limit >= this.#cap || !this.#isWaitedFor() || this.#atOnce < this.#limit * ROUNDS) return;
    this.#atOnce = 0;
    this.#limit += 1;
    this.#next();
  }
}
