// outages.ts: whether Temporal and the store answer, known before anybody waits for them: while requests come they are looked
// at, so that one that can't be served is refused at once and not after a client's retries. Nobody looks while none comes.

import { orLate } from '../../client/or-late.ts';
import { ProblemError, type ProblemCode } from '../wire/problems.ts';

export interface Part {
  /** What a request is refused with while it does not answer. */
  code: ProblemCode;
  /** A sentence for who asked. */
  detail: string;
  /** Settles once it answers. **Contract:** rejects at once where nothing listens; is not called again before it settles. */
  look: () => Promise<unknown>;
}

/** How often it is looked while work waits, and how old what was seen may be: a lost connection is known this soon. */
const LOOK_MS = 100;
/** What takes longer than this to say that it is there is not, for work under way. */
const PATIENCE_MS = 1_500;
/** ... and for new work; of one that is far away, so many times what it took before. */
const USUAL_MS = 100;
const USUAL_TIMES = 4;
/** How long a request waits to hear of a part that was down, or of which nothing was heard lately. */
const HEAR_MS = 130;
const LATELY_MS = 1_000;

export class Outages {
  readonly #parts: Watched[];
  readonly #waiting = new Set<(problem: ProblemError) => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: readonly Part[]) {
    this.#parts = parts.map((part) => new Watched(part));
  }

  /** @throws ProblemError at once while a part is known to be down; `overloaded` while one is slower than it is otherwise. */
  async refuseIfDown(): Promise<void> {
    const looking = this.#look();
    // One that was up a moment ago is taken to be so still; whoever finds out otherwise is told in the middle of its work.
    if (this.#parts.some(({ isUp }) => !isUp)) await orLate(looking, HEAR_MS, () => undefined);
    const silent = this.#parts.find((part) => part.isSilent);
    if (silent) throw silent.isDown ? silent.problem() : slow();
  }

  /** Does the work; while it waits, an outage ends the waiting. @throws ProblemError, or what the work throws */
  async during<T>(work: Promise<T>): Promise<T> {
    let fail: (problem: ProblemError) => void = () => undefined;
    const outage = new Promise<never>((_done, reject) => (fail = reject));
    outage.catch(() => undefined);
    work.catch(() => undefined);
    this.#waiting.add(fail);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref();
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

  /** Returns once all have been heard, or were waited for. */
  async #look(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.look()));
    const down = this.#parts.find(({ isDown }) => isDown);
    if (down) for (const fail of this.#waiting) fail(down.problem());
  }
}

/** Of what is slower than it is otherwise. */
export const slow = (): ProblemError =>
  new ProblemError(
    'overloaded',
    'where tasks are kept takes longer to answer than it does otherwise; nothing was started',
  );

/** One part, and what was last heard of it. */
class Watched {
  readonly #part: Part;
  #looking: { since: number; heard: Promise<void> } | undefined;
  #heardAt = -Infinity;
  #usualMs = 0;
  isDown = false;

  constructor(part: Part) {
    this.#part = part;
  }

  problem(): ProblemError {
    return new ProblemError(this.#part.code, this.#part.detail);
  }

  /** Down, or it has been asked for longer than it takes to answer; of one that never was asked nobody knows that. */
  get isSilent(): boolean {
    const waited = this.#looking && this.#usualMs > 0 ? performance.now() - this.#looking.since : 0;
    return this.isDown || waited > Math.max(USUAL_MS, USUAL_TIMES * this.#usualMs);
  }

  /** It was heard lately, and says nothing else now. */
  get isUp(): boolean {
    return !this.isSilent && performance.now() - this.#heardAt < LATELY_MS;
  }

  async look(): Promise<void> {
    if (performance.now() - this.#heardAt < LOOK_MS) return;
    this.#looking ??= { since: performance.now(), heard: this.#ask() };
    const { since, heard } = this.#looking;
    await orLate(heard, since + PATIENCE_MS - performance.now(), () => undefined);
    // What came in while this process was busy is read before it is called silent.
    await new Promise((done) => setImmediate(done));
    if (this.#looking?.since === since) this.isDown = true;
  }

  async #ask(): Promise<void> {
    const began = performance.now();
    const isThere = await this.#part.look().then(
      () => true,
      () => false,
    );
    this.#heardAt = performance.now();
    if (isThere) this.#usualMs = this.#heardAt - began;
    this.isDown = !isThere;
    this.#looking = undefined;
  }
}
