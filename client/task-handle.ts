// task-handle.ts: one task as its caller sees it: status, events, result, cancel.

import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, ChildWorkflowFailure, TerminatedFailure } from '@temporalio/common';
import type { Reply } from '../protocol/activities.ts';
import type { Coverage } from '../protocol/coverage.ts';
import type { EventCursor, TaskEvent } from '../protocol/events.ts';
import { hintFor, isFailureType, type Failure } from '../protocol/failures.ts';
import type { FindingDigest } from '../protocol/findings.ts';
import { MAX_REPLY_BYTES } from '../protocol/limits.ts';
import { QUERIES, SIGNALS } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import {
  RequestRefusedError,
  StillRunningError,
  TaskCancelledError,
  TaskFailedError,
  TaskNotFoundError,
} from './errors.ts';
import { followEvents } from './follow-events.ts';
import type { HandleParts } from './handle-parts.ts';
import { orLate } from './or-late.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import type { TaskStatus } from './status.ts';
import { readStatus } from './task-status.ts';
import { completedResult, failedError } from './task-end.ts';
import { wholeResult } from './whole-result.ts';

const QUERY_DEADLINE_MS = 3_000;

export class TaskHandle {
  readonly taskId: string;
  readonly #parts: HandleParts;

  constructor(parts: HandleParts) {
    this.taskId = parts.taskId;
    this.#parts = parts;
  }

  /**
   * Where the task stands now, with the live phase of each sub-agent.
   * @throws TaskNotFoundError, UnreachableError.
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
   */
  events(options: { after?: EventCursor; signal?: AbortSignal } = {}): AsyncIterable<TaskEvent> {
    return followEvents(this.#parts, options);
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
   * Waits for the task to end and returns its result.
   *
   * @param options.timeoutSeconds give up waiting after this long; the task runs on. Default: no limit.
   * @throws TaskFailedError with the result as far as it goes; TaskCancelledError; TaskNotFoundError;
   *   StillRunningError when the time is over; UnreachableError when Temporal did not answer.
   */
  async result(options: { timeoutSeconds?: number } = {}): Promise<TaskResult> {
    const { client, store } = this.#parts;
    const wait = () => client.workflow.getHandle(this.taskId).result() as Promise<TaskResult>;
    try {
      return await wholeResult(
        await translatingConnectionErrors(() => within(wait(), options.timeoutSeconds, this.taskId)),
        store,
      );
    } catch (error) {
      const kept = error instanceof StillRunningError ? undefined : await store?.getResult(this.taskId);
      if (error instanceof WorkflowNotFoundError) {
        if (!kept) throw new TaskNotFoundError(this.taskId);
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
    }
  }

  /**
   * Replies to a tool call that waits (an event `subtask.waiting` names its handle). The first reply counts; one that
   * comes before the master knows of the wait is kept. Returns when it is recorded.
   *
   * @param content for the model: text, or anything that becomes JSON; at most 100 kB. Treated as data, never as words
   *   of the user.
   * @param options.ok false tells the model that the call failed. Default: true.
   * @throws RequestRefusedError when the content is too long; TaskNotFoundError when the task is not running.
   */
  async reply(handle: string, content: unknown, options: { ok?: boolean } = {}): Promise<void> {
    const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? 'null');
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_REPLY_BYTES)
      throw new RequestRefusedError(`the reply has ${bytes} bytes, at most ${MAX_REPLY_BYTES} are allowed`);
    const signal: Reply = { handle, ok: options.ok ?? true, content: text };
    try {
      await translatingConnectionErrors(() =>
        this.#parts.client.workflow.getHandle(this.taskId).signal(SIGNALS.answer, signal),
      );
    } catch (error) {
      throw error instanceof WorkflowNotFoundError ? new TaskNotFoundError(this.taskId) : error;
    }
  }

  /** @deprecated Older name of `reply`. */
  async answer(handle: string, content: unknown, options: { ok?: boolean } = {}): Promise<void> {
    await this.reply(handle, content, options);
  }

  /** Asks Temporal to cancel the task; `reason` is kept in its history. Returns when the request is recorded. */
  async cancel(reason = 'cancelled by its caller'): Promise<void> {
    const { client } = this.#parts;
    try {
      await translatingConnectionErrors(() =>
        client.workflowService.requestCancelWorkflowExecution({
          namespace: client.options.namespace,
          workflowExecution: { workflowId: this.taskId },
          identity: client.options.identity,
          requestId: `${this.taskId}-cancel`,
          reason,
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
