// cold-start.ts: what the start of this process took, part by part, and what the first task after it paid. Each part counts
// once, the first time; nothing here waits for anything.

import { metrics as ofProcess, type Registry } from './registry.ts';

type Part = 'process' | 'connection' | 'bundle' | 'total' | 'documents' | 'first_byte';

export class ColdStart {
  readonly #metrics: Registry;
  readonly #known = new Set<Part>();
  #readyAt: number | undefined;
  #hadTask = false;
  #firstByte: number | undefined;
  #calls = 0;

  constructor(metrics: Registry) {
    this.#metrics = metrics;
  }

  /** What a part took; only the first time counts. */
  part(part: Part, seconds: number): void {
    if (this.#known.has(part)) return;
    this.#known.add(part);
    this.#metrics.set('muster_cold_start_seconds', { part }, seconds);
  }

  /** Measures a part, if it is the first time; passes on what the work gives or throws. */
  async timed<T>(part: Part, work: Promise<T>): Promise<T> {
    const began = performance.now();
    const done = await work;
    this.part(part, (performance.now() - began) / 1e3);
    return done;
  }

  /** It polls from now on. */
  ready(now = Date.now()): void {
    this.#readyAt ??= now;
    this.part('total', (now - performance.timeOrigin) / 1e3);
  }

  /** True for the first task alone. */
  wantsTask(): boolean {
    const isFirst = !this.#hadTask;
    this.#hadTask = true;
    return isFirst;
  }

  /** The first task that begins here. @param acceptedAt ms since the epoch */
  task(acceptedAt: number): void {
    // What it waited before this process was started is not this start's: nobody was about.
    const waited = (this.#readyAt ?? Date.now()) - Math.max(acceptedAt, performance.timeOrigin);
    this.#metrics.set('muster_first_task_paid_seconds', { part: 'waited' }, Math.max(0, waited / 1e3));
  }

  /** The first task's documents were opened. */
  documents(seconds: number): void {
    if (this.#known.has('documents')) return;
    this.part('documents', seconds);
    this.#metrics.set('muster_first_task_paid_seconds', { part: 'documents' }, seconds);
  }

  /** A model call had its first byte. What the first took beyond the second is what it paid. */
  firstByte(seconds: number): void {
    this.#calls += 1;
    if (this.#calls > 2) return;
    if (this.#firstByte === undefined) {
      this.#firstByte = seconds;
      this.part('first_byte', seconds);
    } else {
      const paid = Math.max(0, this.#firstByte - seconds);
      this.#metrics.set('muster_first_task_paid_seconds', { part: 'first_byte' }, paid);
    }
  }
}

/** Of this process. */
export const coldStart = new ColdStart(ofProcess);
