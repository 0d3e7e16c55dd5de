// kept-task.ts: tasks as the store keeps them, for who reads them without a server: a closed one as its handle would show
// it, and the list of all. Loads no part of Temporal's client.

import type { AskedSoFar } from '../protocol/answer-so-far.ts';
import type { TaskEvent } from '../protocol/events.ts';
import { hintFor } from '../protocol/failures.ts';
import { backgroundId, isBackgroundId } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { TaskTrace } from '../protocol/trace.ts';
import type { Store } from '../store/store.ts';
import { readTrace } from '../telemetry/read-trace.ts';
import { BackgroundOverError, TaskClosedError, TaskNotFoundError, UnreachableError } from './errors.ts';
import { keptBackground, keptBoth, toldBackground } from './kept-background.ts';
import { keptEvents } from './kept-events.ts';
import { keptRoute } from './kept-route.ts';
import type { EventsOptions, TaskHandle } from './task-handle.ts';
import { closedStatus, type TaskStatus } from './status.ts';
import type { ListFilter, TaskSummary } from './task-summary.ts';
import { completedResult } from './task-end.ts';
import type { TaskPlan } from '../protocol/plan.ts';
import { keptPlan } from './task-plan.ts';
import { wholeResult } from './whole-result.ts';

/** What a command needs of a task, whoever has it. */
export type AnyTask = Pick<
  TaskHandle,
  | 'taskId'
  | 'status'
  | 'events'
  | 'isOpen'
  | 'result'
  | 'answerSoFar'
  | 'plan'
  | 'cancel'
  | 'command'
  | 'reply'
  | 'redeliver'
  | 'cancelBackground'
  | 'trace'
>;

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
    const ended = await this.#store.getResult(backgroundId(this.taskId));
    const background = ended ? keptBackground(ended) : await toldBackground(this.#store, this.taskId);
    const route = await keptRoute(this.#store, this.taskId);
    return {
      ...closedStatus(this.#kept),
      ...(route ? { route } : {}),
      ...(background ? { background } : {}),
      ...(background?.state === 'running' ? { note: WAITS_FOR_A_SERVER } : {}),
    };
  }

  async *events({ after, background = false }: EventsOptions = {}): AsyncGenerator<TaskEvent> {
    const of = background === 'only' ? backgroundId(this.taskId) : this.taskId;
    yield* await (background === true ? keptBoth : keptEvents)(this.#store, of, after);
  }

  async isOpen(): Promise<boolean> {
    return false;
  }

  /** @throws TaskFailedError, TaskCancelledError with the result; TaskNotFoundError when its answer is not kept any more. */
  async result(): Promise<TaskResult> {
    return completedResult(await wholeResult(this.#kept, this.#store), hintFor);
  }

  /** @throws as `result`: nothing more is found. */
  async answerSoFar(): Promise<AskedSoFar> {
    return { isFinal: true, result: await this.result() };
  }

  async plan(): Promise<TaskPlan | undefined> {
    const { planRef } = this.#kept;
    return planRef === undefined ? undefined : await keptPlan(this.#store, planRef);
  }

  /** @throws TaskNotFoundError when nothing of it is kept any more. */
  async trace(): Promise<TaskTrace> {
    const read = await readTrace(this.#store, this.taskId, { now: Date.now() });
    if (!read) throw new TaskNotFoundError(this.taskId);
    return read;
  }

  /** It has ended. */
  async cancel(): Promise<void> {
    await Promise.resolve();
  }

  /** @throws TaskClosedError: it takes none. */
  async command(): Promise<never> {
    throw new TaskClosedError(this.taskId);
  }

  /** @throws BackgroundOverError when all of it has ended; UnreachableError where only a server could say. */
  async redeliver(): Promise<never> {
    throw await this.#notBehind();
  }

  /** @throws as `redeliver`. */
  async cancelBackground(): Promise<never> {
    throw await this.#notBehind();
  }

  async #notBehind(): Promise<Error> {
    if (await this.#store.getResult(backgroundId(this.taskId))) return new BackgroundOverError(this.taskId);
    return new UnreachableError(
      `what goes on behind the answer of task ${this.taskId} can’t be asked for: no server answers that could go on with it`,
      'Ask again once it is up: muster up',
    );
  }

  /** @throws TaskClosedError: nothing waits for one. */
  async reply(): Promise<never> {
    throw new TaskClosedError(this.taskId);
  }
}

const WAITS_FOR_A_SERVER = 'no server answers: what goes on behind the answer waits until one is up (muster up)';

/** Most of the kept tasks that are looked through for those that fit. */
const MOST = 10_000;
/** As the memo of a task has it. */
const GOAL_SHOWN = 500;

/**
 * The tasks that the store knows, newest first. One without a result is `waiting`: for its server and a worker. Schedules
 * are not kept, so a filter by one finds nothing.
 */
export async function* listKept(store: Store, filter: ListFilter): AsyncGenerator<TaskSummary> {
  let left = filter.limit ?? 50;
  for (const record of await store.tasks(MOST)) {
    if (left <= 0) return;
    const fits = (wanted: string | undefined, value: string | undefined) => wanted === undefined || wanted === value;
    if (isBackgroundId(record.taskId)) continue;
    if (!fits(filter.class, record.className) || !fits(filter.tenant, record.tenant)) continue;
    if (!fits(filter.sessionId, record.sessionId) || !fits(filter.schedule, undefined)) continue;
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
