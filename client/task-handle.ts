// task-handle.ts: one task as its caller sees it: status, events, result, cancel.

import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, ChildWorkflowFailure, TerminatedFailure } from '@temporalio/common';
import type { Coverage } from '../protocol/coverage.ts';
import type { EventCursor, TaskEvent } from '../protocol/events.ts';
import { hintFor, isFailureType, type Failure } from '../protocol/failures.ts';
import type { FindingDigest } from '../protocol/findings.ts';
import { QUERIES, SIGNALS } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { Cancelling, CommandBody, CommandReceipt, Sender } from '../protocol/task-commands.ts';
import type { TaskTrace } from '../protocol/trace.ts';
import {
  RequestRefusedError,
  StillRunningError,
  TaskCancelledError,
  TaskFailedError,
  TaskNotFoundError,
  UnreachableError,
} from './errors.ts';
import type { AskedSoFar } from '../protocol/answer-so-far.ts';
import { answerSoFar, type AnswerSoFarOptions } from './answer-so-far.ts';
import { answerText } from './answer-text.ts';
import { answered } from './answered.ts';
import { cancelBackground, followBackground, followBoth, redeliver } from './background.ts';
import { claimedSender, sendCommand, type CommandOptions } from './send-command.ts';
import { sendReply, type ReplyOptions } from './send-reply.ts';
import { followEvents } from './follow-events.ts';
import { goneTask } from './gone-task.ts';
import type { HandleParts } from './handle-parts.ts';
import { orLate } from './or-late.ts';
import { asSpan } from './program-trace.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import type { TaskStatus } from './status.ts';
import type { TaskPlan } from '../protocol/plan.ts';
import { readPlan } from './task-plan.ts';
import { readStatus } from './task-status.ts';
import { completedResult, failedError } from './task-end.ts';
import { taskTrace } from './task-trace.ts';
import { wholeResult } from './whole-result.ts';

const QUERY_DEADLINE_MS = 3_000;

export interface EventsOptions {
  after?: EventCursor;
  signal?: AbortSignal;
  background?: boolean | 'only';
}

export class TaskHandle {
  readonly taskId: string;
  /** True when this start made the task, false when its key had done so before; absent where it was looked up. */
  readonly isNew?: boolean;
  readonly #parts: HandleParts;

  constructor(parts: HandleParts) {
    this.taskId = parts.taskId;
    if (parts.isNew !== undefined) this.isNew = parts.isNew;
    this.#parts = parts;
  }

  /**
   * Where the task stands now, with the live phase of each sub-agent.
   * @throws TaskNotFoundError, TaskExpiredError among them, UnreachableError.
   */
  status(): Promise<TaskStatus> {
    return readStatus(this.#parts);
  }

  /**
   * The ordered events from a cursor on, until the task closes. Wakes on Temporal's long poll; survives workers and
   * servers that go away and come back. Closed tasks are read from the store.
   *
   * @param options.after event to go on from; default: from the first.
   * @param options.signal ends the iteration.
   * @param options.background also those of what goes on behind the answer, after the task's last: until nothing more
   *   happens there. They have a run of their own. `only`: without the task's. Default: no.
   */
  events(options: EventsOptions = {}): AsyncIterable<TaskEvent> {
    const { background = false } = options;
    const follow = background === 'only' ? followBackground : background ? followBoth : followEvents;
    return follow(this.#parts, options);
  }

  /**
   * What was found so far, in short form, in the order of the plan; empty where no worker answers.
   * @throws nothing: it is best effort.
   */
  async findings(): Promise<FindingDigest[]> {
    const { client, connection } = this.#parts;
    try {
      return await connection.withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
        client.workflow.getHandle(this.taskId).query<FindingDigest[]>(QUERIES.findings),
      );
    } catch {
      return [];
    }
  }

  /**
   * True until the task has ended. Asks Temporal alone: no worker is needed.
   * @throws UnreachableError.
   */
  async isOpen(): Promise<boolean> {
    try {
      const { status } = await translatingConnectionErrors(() =>
        this.#parts.client.workflow.getHandle(this.taskId).describe(),
      );
      return status.name === 'RUNNING';
    } catch (error) {
      // Beyond Temporal's retention: only closed tasks get that old.
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  /**
   * Waits for the task's answer and returns its result: once that is in the store, and not first when the task closes. Without a
   * store to read from, and for a task that ends without an answer, it waits for the close.
   *
   * @param options.timeoutSeconds give up waiting after this long; the task runs on. Default: no limit.
   * @throws TaskFailedError with the result as far as it goes; TaskCancelledError; TaskNotFoundError;
   *   StillRunningError when the time is over; UnreachableError when Temporal did not answer.
   */
  async result(options: { timeoutSeconds?: number } = {}): Promise<TaskResult> {
    const { client, store } = this.#parts;
    const left = new AbortController();
    const wait = async () =>
      (await answered(this.#parts, left.signal)) ??
      ((await client.workflow.getHandle(this.taskId).result()) as TaskResult);
    try {
      return await wholeResult(
        await translatingConnectionErrors(() => within(wait(), options.timeoutSeconds, this.taskId)),
        store,
      );
    } catch (error) {
      const kept = error instanceof StillRunningError ? undefined : await store?.getResult(this.taskId);
      if (error instanceof WorkflowNotFoundError) {
        if (!kept) throw (await goneTask(store, this.taskId)) ?? new TaskNotFoundError(this.taskId);
        return await wholeResult(completedResult(kept, hintFor), store);
      }
      if (!(error instanceof WorkflowFailedError)) throw error;
      if (error.cause instanceof CancelledFailure) throw new TaskCancelledError(this.taskId, kept);
      // A worker ended it, and said why first.
      const isSaid = kept?.outcome === 'failed' && kept.failure !== undefined;
      if (error.cause instanceof TerminatedFailure && !isSaid) {
        throw new TaskFailedError(
          this.taskId,
          `task ${this.taskId} was terminated by an operator`,
          { result: kept },
          'What was found stays in the store.',
        );
      }
      const cause = innermost(error.cause);
      const failure = kept?.failure ?? failureOf(cause);
      throw failedError(this.taskId, { failure, result: kept, coverage: coverageOf(cause), hintOf: hintFor }, cause);
    } finally {
      left.abort();
    }
  }

  /**
   * The best answer from what is there by now, with its coverage; the task goes on, and its own answer is written without this one.
   * Asked twice of the same findings, the same one is given back: nothing is paid. Of a task that is paused, or whose budget is
   * spent but for its own answer, no model is asked. A task that has its own answer, or ended, gives its result.
   *
   * @param options.stop the task ends there: its own answer is written from what is there, which is what `command({ kind:
   *   'answerNow' })` does, and this waits for its result. Default: it goes on.
   * @param options.timeoutSeconds gives up waiting after this long. Default: 60.
   * @param options.id the same id again is asking once. Default: a new one.
   * @throws StillWritingError, or StillRunningError with `stop`, when the time is over; UnreachableError where no worker answers
   *   within two seconds; CommandRefusedError where it can't be, as to stop before anything is found; as `result` where the
   *   task's own result comes.
   */
  answerSoFar(options: AnswerSoFarOptions = {}): Promise<AskedSoFar> {
    return asSpan(this.#parts, 'answer so far', () =>
      answerSoFar(this.#parts, (timeoutSeconds) => this.result({ timeoutSeconds }), options),
    );
  }

  /**
   * The plan in full words, with what it may cost; undefined while there is none, or where nobody can say which it is.
   * `command({ kind: 'approve', plan: hash, … })` lets one run that waits for it.
   * @throws RequestRefusedError where the deployment's store can't be read; StoreError.
   */
  plan(): Promise<TaskPlan | undefined> {
    return readPlan(this.#parts);
  }

  /**
   * Replies to a tool call that waits (an event `subtask.waiting` names its handle), a question to a person for one. The
   * first reply counts; one that comes before the master knows of the wait is kept. Returns when it is recorded.
   *
   * @param handle undefined: the one question that is open.
   * @param content for the model: text, or anything that becomes JSON; at most 100 kB. Treated as data, never as words
   *   of the user. Where a question has choices, one of them.
   * @param options.ok false tells the model that the call failed, or that nobody can say. Default: true.
   * @throws RequestRefusedError when the content is too long or none of the choices, or no handle is named and not one
   *   question alone is open; TaskClosedError when the task has ended; TaskNotFoundError.
   */
  reply(handle: string | undefined, content: unknown, options: ReplyOptions = {}): Promise<void> {
    return asSpan(this.#parts, 'reply', () => sendReply(this.#parts, handle, content, options));
  }

  /** @deprecated Older name of `reply`. */
  async answer(handle: string, content: unknown, options: { ok?: boolean } = {}): Promise<void> {
    await this.reply(handle, content, options);
  }

  /**
   * Tells the task something: a note, a pause, more room, another subtask, … It is applied when this returns, or, where no
   * worker answers within two seconds, recorded, and applied when one comes.
   *
   * @param options.by who says so. Default: this process's user and host.
   * @param options.id the same id again changes nothing; with another command it is refused. Default: a new one.
   * @throws CommandRefusedError with the reason; TaskClosedError; TaskNotFoundError; UnreachableError.
   */
  command(body: CommandBody, options: CommandOptions = {}): Promise<CommandReceipt> {
    return asSpan(this.#parts, `command ${body.kind}`, () => sendCommand(this.#parts, body, options));
  }

  /**
   * Sends once more what was given up, and does failed background subtasks again. Returns when that is recorded.
   *
   * @param ids of deliveries and background subtasks, as `status().background` has them; a delivery that waits for its next try
   *   is tried now. Default: all that was given up or failed.
   * @throws CommandRefusedError for an id that is not there, or where nothing was given up; BackgroundOverError when nothing is
   *   left that could be sent or done again; UnreachableError.
   */
  redeliver(ids?: readonly string[]): Promise<void> {
    return asSpan(this.#parts, 'redeliver', () => redeliver(this.#parts, ids));
  }

  /**
   * Ends what goes on behind the answer: its subtasks are stopped, and what was not delivered is not delivered. The task
   * itself is untouched. Returns when the request is recorded.
   * @throws BackgroundOverError when it has ended; UnreachableError.
   */
  cancelBackground(): Promise<void> {
    return asSpan(this.#parts, 'cancel background', () => cancelBackground(this.#parts));
  }

  /**
   * The tree of what it did so far, or did: steps, sub-agents, model calls, tools, with their times, tokens and costs. It is made
   * of what is recorded, whether anything is exported or not.
   * @throws RequestRefusedError where the deployment's store can't be read; TaskNotFoundError; UnreachableError; StoreError.
   */
  trace(): Promise<TaskTrace> {
    return taskTrace(this.#parts);
  }

  /**
   * The text of an answer at once, while it is written: the whole of it each time there is more. Its marks, as in [2], are numbers of
   * passages; `result()` has it checked and cited.
   * @throws RequestRefusedError where the deployment's store can't be read.
   */
  async *answerText({ signal }: { signal: AbortSignal }): AsyncGenerator<string> {
    const { store } = this.#parts;
    if (!store) throw new RequestRefusedError('the store of this deployment can’t be read from here');
    const { run } = await this.status();
    if (run !== undefined) yield* answerText(store, run, signal);
  }

  /**
   * Says that nobody waits for the answer at once any more: event `task.demoted`, unless it is there. The task goes on untouched.
   * Returns when that is recorded.
   */
  async demote(): Promise<void> {
    const { client } = this.#parts;
    try {
      await translatingConnectionErrors(() => client.workflow.getHandle(this.taskId).signal(SIGNALS.demote));
    } catch (error) {
      // It has closed meanwhile.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }

  /**
   * Asks Temporal to cancel the task. Who did, and why, is an event of it. Returns when the request is recorded.
   *
   * @param reason 500 characters are kept. Default: none is told.
   * @param options.by whose word it is. Default: this process's user and host, as they say of themselves.
   */
  async cancel(reason?: string, { by = claimedSender() }: { by?: Sender } = {}): Promise<void> {
    await asSpan(this.#parts, 'cancel', () => this.#cancel(by, reason));
  }

  async #cancel(by: Sender, reason: string | undefined): Promise<void> {
    const { client } = this.#parts;
    const who: Cancelling = { id: randomUUID(), by, ...(reason === undefined ? {} : { reason }) };
    const telling = (): Promise<void> => client.workflow.getHandle(this.taskId).signal(SIGNALS.cancelling, who);
    // The cancel counts without it, too, and says what is wrong with the task.
    await translatingConnectionErrors(telling).catch((error: unknown) => {
      if (error instanceof UnreachableError) throw error;
    });
    try {
      await translatingConnectionErrors(() =>
        client.workflowService.requestCancelWorkflowExecution({
          namespace: client.options.namespace,
          workflowExecution: { workflowId: this.taskId },
          identity: client.options.identity,
          requestId: `${this.taskId}-cancel`,
          reason: reason ?? `cancelled by ${by.name}`,
        }),
      );
    } catch (error) {
      // Already closed, or never there: the status tells which.
      await this.status();
      if (!/already completed|not found/i.test(error instanceof Error ? error.message : '')) throw error;
    }
  }
}

/** What a child of a master failed of: Temporal's own words for that say only that it failed. */
function innermost(failure: Error | undefined): Error | undefined {
  const { cause } = failure ?? {};
  return failure instanceof ChildWorkflowFailure && cause instanceof Error ? innermost(cause) : failure;
}

function failureOf(cause: unknown): Failure | undefined {
  return cause instanceof ApplicationFailure && isFailureType(cause.type)
    ? { type: cause.type, message: cause.message }
    : undefined;
}

/** What the Workflow put beside its failure, for callers who can't read the store. */
function coverageOf(cause: Error | undefined): Coverage | undefined {
  const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  return (details as { coverage?: Coverage } | undefined)?.coverage;
}

async function within<T>(work: Promise<T>, seconds: number | undefined, taskId: string): Promise<T> {
  if (seconds === undefined) return await work;
  return await orLate(work, seconds * 1_000, () => {
    throw new StillRunningError(taskId);
  });
}
