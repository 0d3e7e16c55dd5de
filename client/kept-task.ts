// kept-task.ts: tasks as the store keeps them, for who reads them without a server: a closed one as its handle would show
// it, and the list of all. Loads no part of Temporal's client.

import type { EventCursor, TaskEvent } from '../protocol/events.ts';
import { hintFor } from '../protocol/failures.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { Store } from '../store/store.ts';
import { keptEvents } from './kept-events.ts';
import type { TaskHandle } from './task-handle.ts';
import { closedStatus, type TaskStatus } from './status.ts';
import type { ListFilter, TaskSummary } from './task-summary.ts';
import { completedResult } from './task-end.ts';
import { wholeResult } from './whole-result.ts';

/** What a command needs of a task, whoever has it. */
export type AnyTask = Pick<TaskHandle, 'taskId' | 'status' | 'events' | 'isOpen' | 'result' | 'cancel'>;

/** A task that has closed, and left its result in the store. */
export class KeptTask implements AnyTask {
  readonly taskId: string;
  readonly #kept: TaskResult;
  readonly #store: Store;

  constructor(kept: TaskResult, store: Store) {
    this.taskId = kept.taskId;
    this.#kept = kept;
    this.#store = store;
  }

  async status(): Promise<TaskStatus> {
    return closedStatus(this.#kept);
  }

  async *events({ after }: { after?: EventCursor } = {}): AsyncGenerator<TaskEvent> {
    yield* await keptEvents(this.#store, this.taskId, after);
  }

  async isOpen(): Promise<boolean> {
    return false;
  }

  /** @throws TaskFailedError, TaskCancelledError with the result; TaskNotFoundError when its answer is not kept any more. */
  async result(): Promise<TaskResult> {
    return completedResult(await wholeResult(this.#kept, this.#store), hintFor);
  }

  /** It has ended. */
  async cancel(): Promise<void> {
    await Promise.resolve();
  }
}

/** Most of the kept tasks that are looked through for those that fit. */
const MOST = 10_000;
/** As the memo of a task has it. */
const GOAL_SHOWN = 500;

/**
 * The tasks that the store knows, newest first. One without a result is `waiting`: for its server and a worker. Sessions
 * are not kept, so a filter by session finds nothing.
 */
export async function* listKept(store: Store, filter: ListFilter): AsyncGenerator<TaskSummary> {
  let left = filter.limit ?? 50;
  for (const record of await store.tasks(MOST)) {
    if (left <= 0) return;
    const fits = (wanted: string | undefined, value: string | undefined) => wanted === undefined || wanted === value;
    if (!fits(filter.class, record.className) || !fits(filter.tenant, record.tenant)) continue;
    if (!fits(filter.sessionId, undefined)) continue;
    const kept = await store.getResult(record.taskId);
    const state = kept?.outcome ?? 'waiting';
    if (!fits(filter.state, state)) continue;
    left -= 1;
    yield {
      taskId: record.taskId,
      state,
      goal: record.goal.slice(0, GOAL_SHOWN),
      class: record.className,
      tenant: record.tenant,
      startedAt: new Date(record.acceptedAt),
      closedAt: kept && new Date(kept.timings.closedAt),
    };
  }
}
