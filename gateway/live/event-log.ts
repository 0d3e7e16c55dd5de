// event-log.ts: the numbered events of one task as frames, for all its readers. Bounded: readers whose place is not kept any
// more are told so, and get a snapshot. Another run begins it anew.

import type { EventCursor, TaskEvent } from '../../protocol/events.ts';
import { eventFrame, type Frame } from './frame.ts';

/** Where a reader is: before this place of this run. */
export interface Place {
  run: string;
  at: number;
}

export class EventLog {
  readonly #maxBytes: number;
  #run: string | undefined;
  #frames: Frame[] = [];
  /** Number of the first event kept; they follow without a gap. */
  #first = 1;
  #bytes = 0;
  /** What was handed out last, until there is more. */
  #handed: { at: number; maxBytes: number; frames: readonly Frame[] } | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The last event's cursor; undefined before the first. */
  get last(): EventCursor | undefined {
    if (this.#run === undefined) return undefined;
    return { run: this.#run, n: this.#first + this.#frames.length - 1 };
  }

  append(event: TaskEvent): void {
    const next = this.#first + this.#frames.length;
    if (event.run !== this.#run || event.n !== next) {
      // Another run, or a gap that the store could not fill: nobody goes on from what was before.
      if (event.run === this.#run && event.n < next) return;
      this.#run = event.run;
      this.#frames = [];
      this.#first = event.n;
      this.#bytes = 0;
    }
    const made = eventFrame(event);
    this.#handed = undefined;
    this.#frames.push(made);
    this.#bytes += made.sse.length;
    while (this.#bytes > this.#maxBytes && this.#frames.length > 1) {
      this.#bytes -= this.#frames.shift()?.sse.length ?? 0;
      this.#first += 1;
    }
  }

  /** The place behind a cursor, or of the first event there was; undefined where a snapshot is needed. */
  placeAfter(cursor: EventCursor | undefined): Place | undefined {
    const run = this.#run;
    if (run === undefined) return undefined;
    if (cursor && cursor.run !== run) return undefined;
    const at = (cursor?.n ?? 0) + 1;
    return at < this.#first ? undefined : { run, at };
  }

  /** The place behind all there is. */
  end(): Place | undefined {
    return this.last && { run: this.last.run, at: this.last.n + 1 };
  }

  /** What comes next at a place, up to some bytes; undefined where the place is lost. Readers at one place get one list. */
  from({ run, at }: Place, maxBytes: number): readonly Frame[] | undefined {
    if (run !== this.#run || at < this.#first) return undefined;
    const handed = this.#handed;
    if (handed?.at === at && handed.maxBytes === maxBytes) return handed.frames;
    const some: Frame[] = [];
    let bytes = 0;
    for (const one of this.#frames.slice(at - this.#first)) {
      if (bytes > 0 && bytes + one.sse.length > maxBytes) break;
      some.push(one);
      bytes += one.sse.length;
    }
    this.#handed = { at, maxBytes, frames: some };
    return some;
  }
}
