// places.ts: how many calls one provider is given at once: as many as its server has slots for, as far as that shows in when
// first words come, and never more than the cap. What waits here waits in order, and is no call yet.

/** One call at a provider. */
export interface Place {
  /** A piece of the answer came. */
  heard(): void;
  /** When the provider last sent a piece of any answer, ms since the epoch; 0 when it never did. */
  lastHeard(): number;
}

interface Running {
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

/** @param cap most calls at once, whatever the server can take. */
export class Places {
  readonly #cap: number;
  #limit: number;
  readonly #running = new Set<Running>();
  readonly #queue: (() => void)[] = [];
  #lastHeard = 0;
  /** What a first word takes where nothing waits, ms. */
  #usualMs: number | undefined;
  /** How many were being answered when a queued call got its first word, of the last such calls in a row. */
  #queued: number[] = [];
  #atOnce = 0;

  constructor(cap: number) {
    this.#cap = cap;
    this.#limit = cap;
  }

  /** Calls that may be made at once now. */
  get limit(): number {
    return this.#limit;
  }

  /** Waits for a place, then makes the call. @throws what it throws */
  async take<T>(call: (place: Place) => Promise<T>): Promise<T> {
    const own: Running = { startedAt: 0 };
    await new Promise<void>((go) => {
      this.#queue.push(() => {
        own.startedAt = Date.now();
        this.#running.add(own);
        go();
      });
      this.#next();
    });
    try {
      return await call({ heard: () => this.#heard(own), lastHeard: () => this.#lastHeard });
    } finally {
      this.#running.delete(own);
      const now = Date.now();
      for (const other of this.#running) other.othersEndedAt = now;
      this.#next();
    }
  }

  #next(): void {
    while (this.#running.size < this.#limit) {
      const go = this.#queue.shift();
      if (!go) return;
      go();
    }
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

  #raise({ startedAt, answersAt = 0, othersEndedAt }: Running): void {
    const waited = answersAt - startedAt;
    if (othersEndedAt === undefined)
      this.#usualMs = this.#usualMs === undefined ? waited : 0.7 * this.#usualMs + 0.3 * waited;
    this.#queued = [];
    this.#atOnce += 1;
    if (this.#limit >= this.#cap || this.#queue.length === 0 || this.#atOnce < this.#limit * ROUNDS) return;
    this.#atOnce = 0;
    this.#limit += 1;
    this.#next();
  }
}
