// whole-result.ts: a result with its answer, also when that one was too large to travel and lies in the store; and the
// errors that stand for the results of tasks that did not complete.

import type { Answer } from '../protocol/answer.ts';
import type { Coverage } from '../protocol/coverage.ts';
import type { TaskResult } from '../protocol/result.ts';
import { readJson } from '../store/read-json.ts';
import { BlobMissingError, type Store } from '../store/store.ts';
import { hintFor, type Failure } from '../protocol/failures.ts';
import { TaskCancelledError, TaskFailedError, TaskNotFoundError } from './errors.ts';

/**
 * The result as it is where there is nothing to add, or no store to read from.
 * @throws TaskNotFoundError when the answer's days are over; StoreError.
 */
export async function wholeResult(result: TaskResult, store: Store | undefined): Promise<TaskResult> {
  if (result.answer || !result.answerRef || !store) return result;
  try {
    return { ...result, answer: await readJson<Answer>(store, result.answerRef) };
  } catch (error) {
    if (!(error instanceof BlobMissingError)) throw error;
    throw new TaskNotFoundError(result.taskId, `the answer of task ${result.taskId} is not kept any more`);
  }
}

/**
 * The result of a completed task.
 * @throws TaskCancelledError, TaskFailedError for any other, with the result.
 */
export function completedResult(result: TaskResult): TaskResult {
  const { taskId, outcome } = result;
  switch (outcome) {
    case 'completed':
      return result;
    case 'cancelled':
      throw new TaskCancelledError(taskId, result);
    case 'failed':
      throw failedError(taskId, { failure: result.failure, result });
    default:
      // Of a worker that is newer than this program.
      outcome satisfies never;
      throw new TaskFailedError(taskId, `the task ended as "${String(outcome)}"`, { result });
  }
}

/** @param cause what Temporal says of its end. */
export function failedError(
  taskId: string,
  {
    failure,
    result,
    coverage,
  }: { failure?: Failure | undefined; result?: TaskResult | undefined; coverage?: Coverage | undefined },
  cause?: Error,
): TaskFailedError {
  const message = failure?.message ?? cause?.message ?? 'the task failed';
  return new TaskFailedError(taskId, message, { failure, result, coverage }, failure && hintFor(failure.type));
}
