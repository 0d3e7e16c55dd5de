// both-reader.ts: one reader of a task's stream and then of what goes on behind its answer: one `done` at the end of both.

import type { EventCursor } from '../../protocol/events.ts';
import { isEnded } from '../wire/transitions.ts';
import { frame, type Frame } from './frame.ts';
import { StreamReader } from './reader.ts';
import type { TaskHub } from './task-hub.ts';

/** How long the last events of a task that has ended may take to be here. */
const LAST_EVENTS_MS = 10_000;

/** What streams are read by. */
export type Reader = Pick<StreamReader, 'next' | 'close'>;

export class BothReader implements Reader {
  #reader: StreamReader;
  readonly #openBehind: () => Promise<TaskHub>;
  #isBehind = false;
  #closed = false;

  /** @param openBehind asked for once the task's own stream has ended. */
  constructor(task: StreamReader, openBehind: () => Promise<TaskHub>) {
    this.#reader = task;
    this.#openBehind = openBehind;
  }

  async next(): Promise<readonly Frame[] | undefined> {
    const frames = await this.#reader.next();
    if (this.#isBehind || frames?.at(-1)?.event !== 'done') return frames;
    const behind = await this.#openBehind();
    if (this.#closed) return undefined;
    this.#reader.close();
    this.#isBehind = true;
    this.#reader = new StreamReader(behind, undefined);
    // Of a task that was terminated no event says that its own end here.
    return [...frames.slice(0, -1), frame('background', { task_id: behind.taskId })];
  }

  close(): void {
    this.#closed = true;
    this.#reader.close();
  }
}

/**
 * The hub whose log a cursor is of: the task's, or, once that has ended, that of what goes on behind its answer.
 * @param openBehind undefined: nobody asks for that one.
 */
export async function hubOfCursor(
  task: TaskHub,
  cursor: EventCursor,
  openBehind: (() => Promise<TaskHub>) | undefined,
  signal?: AbortSignal,
): Promise<TaskHub> {
  if (!openBehind || !isEnded((await task.view()).status)) return task;
  await task.untilEnded(LAST_EVENTS_MS, signal);
  if (!task.isEnded || cursor.run === task.log.last?.run) return task;
  const behind = await openBehind();
  await behind.untilBegun(LAST_EVENTS_MS, signal);
  // A run of neither log, as before a Reset: the task's own snapshot stands for what was missed.
  return cursor.run === behind.log.last?.run ? behind : task;
}
