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
  override readonly name: string = 'TaskNotFoundError';
  constructor(
    taskId: string,
    message = `there is no task ${taskId}`,
    hint = 'muster list shows the tasks there are; closed ones are kept for the days of their class.',
  ) {
    super(message, hint);
  }
}

/** There was such a task, and it is not kept any more. Who asks a year later is told that there is none. */
export class TaskExpiredError extends TaskNotFoundError {
  override readonly name = 'TaskExpiredError';
  readonly taskId: string;
  /** Its class's days were over, or somebody had it removed. */
  readonly why: 'expired' | 'forgotten';
  /** When it was removed; undefined over HTTP. */
  readonly removedAt: Date | undefined;

  constructor(taskId: string, why: 'expired' | 'forgotten', removedAt?: Date) {
    const on = removedAt ? ` on ${removedAt.toISOString().slice(0, 10)}` : '';
    super(
      taskId,
      why === 'expired'
        ? `task ${taskId} has expired: the days that its class keeps a task were over, and it was removed${on}`
        : `task ${taskId} was forgotten${on}: somebody had it removed`,
      'Nothing of it is left to be shown; ask again with muster run.',
    );
    this.taskId = taskId;
    this.why = why;
    this.removedAt = removedAt;
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
  override readonly name: string = 'StillRunningError';
  constructor(taskId: string, message = `task ${taskId} is still running`, hint = `muster watch ${taskId}`) {
    super(message, hint);
  }
}

/** The time to wait is over, and the answer so far is still being written: asking again waits for the same one. */
export class StillWritingError extends StillRunningError {
  override readonly name = 'StillWritingError';
  constructor(taskId: string) {
    super(
      taskId,
      `the answer so far of task ${taskId} is still being written`,
      `muster result ${taskId} --now waits for the same one: nothing is paid twice.`,
    );
  }
}

/** The tenant has no schedule of this name. */
export class ScheduleNotFoundError extends MusterError {
  override readonly name = 'ScheduleNotFoundError';
  constructor(name: string) {
    super(`there is no schedule ${name}`, 'muster schedules shows those there are.');
  }
}

/** The tenant has no session of this name, or its days are over. */
export class SessionNotFoundError extends MusterError {
  override readonly name = 'SessionNotFoundError';
  constructor(name: string) {
    super(`there is no session ${name}`, 'muster sessions shows those there are.');
  }
}

/** The command can't be applied to this task now, and nothing was changed. */
export class CommandRefusedError extends MusterError {
  override readonly name = 'CommandRefusedError';
  readonly taskId: string;
  /** Its id was used for another command: a new one is needed. */
  readonly isIdReused: boolean;
  constructor(taskId: string, reason: string, { isIdReused = false } = {}) {
    super(reason, `muster status ${taskId} shows where it stands.`);
    this.taskId = taskId;
    this.isIdReused = isIdReused;
  }
}

/** The task has ended: it takes no commands. */
export class TaskClosedError extends MusterError {
  override readonly name = 'TaskClosedError';
  constructor(taskId: string) {
    super(`task ${taskId} has ended; nothing was changed`, `muster result ${taskId} shows what it left.`);
  }
}

/** Behind the answer of this task nothing goes on any more: all was told and done, or nothing was asked for. */
export class BackgroundOverError extends MusterError {
  override readonly name = 'BackgroundOverError';
  constructor(taskId: string) {
    super(
      `behind the answer of task ${taskId} nothing goes on; nothing was changed`,
      'What was delivered and done stands in its status.',
    );
  }
}

/** Temporal did not answer: not the same as finished or lost. */
export class UnreachableError extends MusterError {
  override readonly name: string = 'UnreachableError';
}

/** Temporal answers, and no worker does: what only a worker can say has to wait for one. */
export class NoWorkerError extends UnreachableError {
  override readonly name = 'NoWorkerError';
  constructor(taskId: string, { isRecorded = false } = {}) {
    super(
      `no worker answered for task ${taskId}${isRecorded ? '; that it is to end is recorded' : ''}`,
      isRecorded ? 'It ends when a worker comes: muster worker' : 'Ask again once a worker is there: muster worker',
    );
  }
}
