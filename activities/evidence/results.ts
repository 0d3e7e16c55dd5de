// results.ts: puts the result of a task into the store from the step that made its answer, before anybody is told of one.

import type { LastStepInput } from '../../protocol/activities.ts';
import { completeResult, type LastStep } from '../../protocol/open-result.ts';
import type { Store } from '../../store/store.ts';

/** Does nothing where another step of the task follows. @returns when it was put, for the master. @throws StoreError */
export async function keepResult(
  store: Store,
  { taskId, open, coverage }: LastStepInput,
  last: LastStep,
): Promise<{ savedAt?: number }> {
  if (!open || !coverage) return {};
  // Of an attempt that was outrun by its task's end: only the master writes over a result.
  if ((await store.getResult(taskId))?.run === open.run) return {};
  const savedAt = Date.now();
  await store.putResult(taskId, completeResult(open, coverage, last, savedAt));
  return { savedAt };
}
