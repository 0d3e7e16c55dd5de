// task-end.ts: what a task's end is to whoever waited for it: its result, or the error that stands for one that did not
// complete. What to do about it is the caller's to say: browsers load this file, and not the catalogue of failures.

import type { Coverage } from '../protocol/coverage.ts';
import type { Failure } from '../protocol/failures.ts';
import type { TaskResult } from '../protocol/result.ts';
import { TaskCancelledError, TaskFailedError } from './errors.ts';

/**
 * The result of a completed task.
 * @param hintOf what to do about a failure. Default: nothing is said.
 * @throws TaskCancelledError, TaskFailedError for any other, with the result.
 */
export function completedResult(result: TaskResult, hintOf?: HintOf): TaskResult {
  const { taskId, outcome } = result;
  switch (outcome) {
    case 'completed':
      return result;
    case 'cancelled':
      throw new TaskCancelledError(taskId, result);
    case 'failed':
      throw failedError(taskId, { failure: result.failure, result, hintOf });
    default:
      // Of a worker that is newer than this program.
      outcome satisfies never;
      throw new TaskFailedError(taskId, `the task ended as "${String(outcome)}"`, { result });
  }
}

/** What to do about a failure of this type. */
type HintOf = (type: Failure['type']) => string;

/** @param cause what Temporal says of its end. */
export function failedError(
  taskId: string,
  {
    failure,
    result,
    coverage,
    hintOf,
  }: {
    failure?: Failure | undefined;
    result?: TaskResult | undefined;
    coverage?: Coverage | undefined;
    hintOf?: HintOf | undefined;
  },
  cause?: Error,
): TaskFailedError {
  const message = failure?.message ?? cause?.message ?? 'the task failed';
  return new TaskFailedError(taskId, message, { failure, result, coverage }, failure && hintOf?.(failure.type));
}
