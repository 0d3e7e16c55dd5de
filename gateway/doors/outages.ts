// outages.ts: whether Temporal and the store answer, known before anybody waits for them: while requests come they are
// looked at once a second, so that a request that can't be served is refused at once and not after a client's retries.

import { ProblemError, type ProblemCode } from '../wire/problems.ts';

export interface Part {
  /** What a request is refused with while it does not answer. */
  code: ProblemCode;
  /** A sentence for who asked. */
  detail: string;
  /** Settles once it answers. */
  look: () => Promise<unknown>;
}

const FRESH_MS = 1_000;
/** What takes longer than this to say that it is there is not. */
const PATIENCE_MS = 1_500;
/** How long a request waits to hear whether an outage is over. */
const HEAR_MS = 120;

export class Outages {
  readonly #parts: readonly Part[];
  readonly #waiting = new Set<(problem: ProblemError) => void>();
  readonly #asked = new Map<Part, Promise<boolean>>();
  #down: Part | undefined;
  #lookedAt = 0;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** @throws ProblemError at once while a part is known to be down. */
  async refuseIfDown(): Promise<void> {
    if (Date.now() - this.#lookedAt >= FRESH_MS) {
      const looking = this.#look();
      // One that was up is taken to be so still; whoever finds out otherwise is told in the middle of its work.
      if (this.#down) await withinMs(looking, HEAR_MS);
    }
    if (this.#down) throw problemOf(this.#down);
  }

  /** Does the work; while it waits, an outage ends the waiting. @throws ProblemError, or what the work throws */
  async during<T>(work: Promise<T>): Promise<T> {
    let fail: (problem: ProblemError) => void = () => undefined;
    const outage = new Promise<never>((_done, reject) => (fail = reject));
    outage.catch(() => undefined);
    work.catch(() => undefined);
    this.#waiting.add(fail);
    this.#timer ??= setInterval(() => void this.#look(), FRESH_MS).unref();
    try {
      return await Promise.race([work, outage]);
    } finally {
      this.#waiting.delete(fail);
      if (this.#waiting.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookAtAll().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookAtAll(): Promise<void> {
    const answers = await Promise.all(
      this.#parts.map((part) => {
        // One that waits for an answer still is not asked again beside it.
        const asked = this.#asked.get(part) ?? isThere(part).finally(() => this.#asked.delete(part));
        this.#asked.set(part, asked);
        return withinMs(asked, PATIENCE_MS);
      }),
    );
    this.#down = this.#parts.find((_part, at) => answers[at] !== true);
    this.#lookedAt = Date.now();
    if (this.#down) for (const fail of this.#waiting) fail(problemOf(this.#down));
  }
}

const isThere = ({ look }: Part): Promise<boolean> =>
  look().then(
    () => true,
    () => false,
  );

const problemOf = ({ code, detail }: Part): ProblemError => new ProblemError(code, detail);

async function withinMs<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((done) => (timer = setTimeout(done, ms, undefined)));
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
