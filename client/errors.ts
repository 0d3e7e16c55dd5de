// errors.ts: what a caller of the client can meet. Each says what happened and, where there is something, what was kept.

import type { Coverage } from '../protocol/coverage.ts';
import type { Failure } from '../protocol/failures.ts';
import type { TaskResult } from '../protocol/result.ts';

/** Base of all errors of this client. */
export class MusterError extends Error {
  override readonly name: string = 'MusterError';
  /** What to do next, in one sentence. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** The request can't be accepted as it is. Nothing was started. */
export class RequestRefusedError extends MusterError {
  override readonly name = 'RequestRefusedError';
}

/** The same idempotency key was used for another request. Nothing was started; the earlier task is untouched. */
export class KeyReusedError extends MusterError {
  override readonly name = 'KeyReusedError';
  readonly taskId: string;
  constructor(taskId: string) {
    super(
      `this idempotency key belongs to task ${taskId}, which was started with another request`,
      'Use a new key, or ask exactly the same again.',
    );
    this.taskId = taskId;
  }
}

export class TaskNotFoundError extends MusterError {
  override readonly name = 'TaskNotFoundError';
  constructor(taskId: string, message = `there is no task ${taskId}`) {
    super(message, 'muster list shows the tasks there are; closed ones are kept for the days of their class.');
  }
}

/** The task ended as failed. `result` is the whole of what it left, where the deployment's store can be read from here. */
export class TaskFailedError extends MusterError {
  override readonly name = 'TaskFailedError';
  readonly taskId: string;
  readonly failure: Failure | undefined;
  /** What was done, what failed and why; also without the store. Undefined for a terminated task. */
  readonly coverage: Coverage | undefined;
  readonly result: TaskResult | undefined;

  constructor(
    taskId: string,
    message: string,
    details: { failure?: Failure | undefined; coverage?: Coverage | undefined; result?: TaskResult | undefined } = {},
    hint?: string,
  ) {
    super(message, hint);
    this.taskId = taskId;
    this.failure = details.failure;
    this.result = details.result;
    this.coverage = details.coverage ?? details.result?.coverage;
  }
}

export class TaskCancelledError extends MusterError {
  override readonly name = 'TaskCancelledError';
  readonly taskId: string;
  readonly result: TaskResult | undefined;
  constructor(taskId: string, result?: TaskResult) {
    super(`task ${taskId} was cancelled`, 'What it had found is kept: muster result shows it.');
    this.taskId = taskId;
    this.result = result;
  }
}

/** The time to wait is over; the task runs on. */
export class StillRunningError extends MusterError {
  override readonly name = 'StillRunningError';
  constructor(taskId: string) {
    super(`task ${taskId} is still running`, `muster watch ${taskId}`);
  }
}

/** Temporal did not answer: not the same as finished or lost. */
export class UnreachableError extends MusterError {
  override readonly name = 'UnreachableError';
}
