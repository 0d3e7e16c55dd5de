// gone-task.ts: a task that was and is no more: what its tombstone says, as the error of whoever asks for it.

import type { Store } from '../store/store.ts';
import { getTombstone } from '../store/tombstones.ts';
import { TaskExpiredError } from './errors.ts';

/**
 * Undefined where the store knows of no such task, has it still (an id may be used again), or it was another tenant's.
 * @param tenant whose it must have been. Default: any tenant's.
 * @throws StoreError.
 */
export async function goneTask(
  store: Store | undefined,
  taskId: string,
  tenant?: string,
): Promise<TaskExpiredError | undefined> {
  const tombstone = store && (await getTombstone(store, taskId));
  if (!tombstone || (tenant !== undefined && tombstone.tenant !== tenant)) return undefined;
  if ((await store.getTask(taskId)) || (await store.getResult(taskId))) return undefined;
  return new TaskExpiredError(taskId, tombstone.why, new Date(tombstone.removedAt));
}
