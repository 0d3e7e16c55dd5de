// reader.ts: one reader of a task's stream. It is asked for what comes next, so one that does not ask costs nothing, makes
// nobody wait, and is handed a snapshot when what it missed is not kept any more.

import type { EventCursor } from '../../protocol/events.ts';
import { eventId } from '../wire/cursor.ts';
import type { Place } from './event-log.ts';
import type { Draft, Seen } from './draft.ts';
import { frame, HEARTBEAT, type Frame } from './frame.ts';
import type { TaskHub } from './task-hub.ts';

/** Bytes that are handed out at once. */
const BATCH_BYTES = 64 * 1024;
const HEARTBEAT_MS = 14_000;

export class StreamReader {
  readonly #hub: TaskHub;
  readonly #after: EventCursor | undefined;
  readonly #heartbeatMs: number;
  #leave: (() => void) | undefined;
  /** Goes off when nothing was handed out for so long; the same timer all the time, which costs less than one a frame. */
  #quiet: NodeJS.Timeout | undefined;
  #isQuiet = false;
  /** True when something may have come since it was last looked at. */
  #isWoken = false;
  #wake: (() => void) | undefined;
  #place: Place | undefined;
  #live: Frame | undefined;
  #late: Frame | undefined;
  #draft: Seen | undefined;
  readonly #texts = new Map<Draft, Seen>();
  #ended = false;
  #closed = false;

  constructor(hub: TaskHub, after: EventCursor | undefined, heartbeatMs = HEARTBEAT_MS) {
    this.#hub = hub;
    this.#after = after;
    this.#heartbeatMs = heartbeatMs;
  }

  /** What comes next, once there is something; undefined behind the last. One call at a time. */
  async next(): Promise<readonly Frame[] | undefined> {
    this.#leave ??= this.#begin();
    while (!this.#ended && !this.#closed) {
      this.#isWoken = false;
      const frames = await this.#frames();
      if (frames.length > 0 || this.#isQuiet) {
        this.#isQuiet = false;
        this.#quiet?.refresh();
        return frames.length > 0 ? frames : [HEARTBEAT];
      }
      // What rang while it looked is looked at, too.
      if (!this.#isWoken) await new Promise<void>((wake) => (this.#wake = wake));
    }
    this.close();
    return undefined;
  }

  #begin(): () => void {
    const unlisten = this.#hub.bell.listen(() => this.#hear());
    const unwatch = this.#hub.watch();
    this.#quiet = setTimeout(() => {
      this.#isQuiet = true;
      this.#hear();
    }, this.#heartbeatMs);
    return () => {
      clearTimeout(this.#quiet);
      unlisten();
      unwatch();
    };
  }

  async #frames(): Promise<readonly Frame[]> {
    const { log } = this.#hub;
    this.#place ??= log.placeAfter(this.#after);
    if (log.last) {
      const some = this.#place && log.from(this.#place, BATCH_BYTES);
      if (!this.#place || !some) return [await this.#snapshot()];
      if (some.length > 0) {
        this.#place = { run: this.#place.run, at: this.#place.at + some.length };
        return some;
      }
    }
    if (this.#hub.isEnded) {
      this.#ended = true;
      const { task_id, status, closed_at } = await this.#hub.view();
      return [frame('done', { task_id, status, closed_at })];
    }
    if (this.#hub.isStopped) {
      this.#ended = true;
      return [frame('closing', { task_id: this.#hub.taskId, retry_ms: 1_000 })];
    }
    const { late } = this.#hub;
    if (late && late !== this.#late) {
      this.#late = late;
      return [late];
    }
    // The first is always that the task is there.
    const words = log.last && this.#hub.draft.after(this.#draft);
    if (words) {
      this.#draft = words.seen;
      if (words.frames.length > 0) return words.frames;
    }
    const texts = this.#textFrames();
    if (texts.length > 0) return texts;
    if (this.#hub.live && this.#hub.live !== this.#live) {
      this.#live = this.#hub.live;
      return [this.#live];
    }
    return [];
  }

  /** What sub-agents have written since; all in one, however many write. */
  #textFrames(): Frame[] {
    const drafts = this.#hub.texts.drafts();
    for (const gone of this.#texts.keys()) if (!drafts.includes(gone)) this.#texts.delete(gone);
    return drafts.flatMap((draft) => {
      const words = draft.after(this.#texts.get(draft));
      if (words) this.#texts.set(draft, words.seen);
      return words?.frames ?? [];
    });
  }

  /** The task as it is, in place of all events up to the last one there was. */
  async #snapshot(): Promise<Frame> {
    const { log } = this.#hub;
    const { last } = log;
    const view = await this.#hub.view();
    this.#place = last && { run: last.run, at: last.n + 1 };
    return frame('snapshot', view, last && eventId(last));
  }

  /** Ends it; a call that waits returns. */
  close(): void {
    this.#closed = true;
    this.#leave?.();
    this.#hear();
  }

  #hear(): void {
    this.#isWoken = true;
    this.#wake?.();
  }
}
