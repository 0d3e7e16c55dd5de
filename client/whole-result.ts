// whole-result.ts: a result with its answer, also when that one was too large to travel and lies in the store.

import type { Answer } from '../protocol/answer.ts';
import type { TaskResult } from '../protocol/result.ts';
import { BlobMissingError, type Store } from '../store/store.ts';
import { TaskNotFoundError } from './errors.ts';

/**
 * The result as it is where there is nothing to add, or no store to read from.
 * @throws TaskNotFoundError when the answer's days are over; StoreError.
 */
export async function wholeResult(result: TaskResult, store: Store | undefined): Promise<TaskResult> {
  if (result.answer || !result.answerRef || !store) return result;
  try {
    const answer = Buffer.from(await store.getBlob(result.answerRef)).toString('utf8');
    return { ...result, answer: JSON.parse(answer) as Answer };
  } catch (error) {
    if (!(error instanceof BlobMissingError)) throw error;
    throw new TaskNotFoundError(result.taskId, `the answer of task ${result.taskId} is not kept any more`);
  }
}
