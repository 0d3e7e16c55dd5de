// whole-result.ts: a result with its answer, also when that one was too large to travel and lies in the store.

import type { Answer } from '../protocol/answer.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { Skipped, SkippedFile } from '../protocol/skipped.ts';
import { readJson } from '../store/read-json.ts';
import { BlobMissingError, type Store } from '../store/store.ts';
import { TaskNotFoundError } from './errors.ts';

/** Of skipped files a result holds so many, however it is asked for; `wholeSkipped` has them all. */
const SKIPPED_SHOWN = 1_000;

/**
 * The result as it is where there is nothing to add, or no store to read from.
 * @throws TaskNotFoundError when the answer's days are over; StoreError.
 */
export async function wholeResult(result: TaskResult, store: Store | undefined): Promise<TaskResult> {
  if (!store) return result;
  const skipped = result.skipped && (await wholeSkipped(result.skipped, store));
  const whole: TaskResult = skipped && skipped.files.length <= SKIPPED_SHOWN ? { ...result, skipped } : result;
  const { answer, answerRef, data, dataRef } = whole;
  try {
    return {
      ...whole,
      ...(answer || !answerRef ? {} : { answer: await readJson<Answer>(store, answerRef) }),
      ...(data !== undefined || !dataRef ? {} : { data: await readJson(store, dataRef) }),
    };
  } catch (error) {
    if (!(error instanceof BlobMissingError)) throw error;
    throw new TaskNotFoundError(result.taskId, `the answer of task ${result.taskId} is not kept any more`);
  }
}

/** With all files; with the first ones where the list is not kept any more. @throws StoreError */
export async function wholeSkipped(skipped: Skipped, store: Store): Promise<Skipped> {
  const { count, ref } = skipped;
  if (ref === undefined) return skipped;
  try {
    return { count, files: await readJson<SkippedFile[]>(store, ref) };
  } catch (error) {
    if (!(error instanceof BlobMissingError)) throw error;
    return skipped;
  }
}
