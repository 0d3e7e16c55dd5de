// record-task.ts: the Activity that writes events, result and the rows of the class history to the store. Repeating it changes
// nothing; what it writes of a task that is forgotten meanwhile goes as well.

import { Context } from '@temporalio/activity';
import type { Activities, RecordTaskInput } from '../protocol/activities.ts';
import { taskOf } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import { getTombstone } from '../store/tombstones.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';
import { closedTraces } from './closed-traces.ts';
import type { Deployment } from './deployment.ts';

export function recordTask({ store, traces }: Deployment): Activities['recordTask'] {
  return async (input) => {
    try {
      await recordOnce(store, input, Context.current().info.scheduledTimestampMs);
      if (traces) for (const ended of closedTraces(input.taskId, input.events)) await traces.closed(ended);
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

/**
 * @param askedAt when its Workflow asked for it, ms since the epoch.
 * @throws StoreError
 */
export async function recordOnce(
  store: Store,
  { taskId, run, events, result, head, rows }: RecordTaskInput,
  askedAt: number,
): Promise<void> {
  if (head) await store.putTask({ taskId, run, ...head });
  await store.appendEvents(taskId, events);
  if (result) await store.putResult(taskId, result);
  if (rows) await store.noteOutcome(rows);
  await removeForgotten(store, taskId, askedAt);
}

/**
 * A Workflow is ended before its task is forgotten, but not what a worker has begun for it. The tombstone is there before anything
 * is removed, so whoever comes late sees it. Another task of the same id is asked for later.
 */
async function removeForgotten(store: Store, taskId: string, askedAt: number): Promise<void> {
  const found = await getTombstone(store, taskOf(taskId));
  if (found?.why !== 'forgotten' || found.removedAt < askedAt) return;
  const { tenant, className, closedAt } = found;
  await store.forget(taskId, { tenant, className, closedAt });
}
