// record-task.ts: the Activity that writes events and result to the store. Repeating it changes nothing.

import type { Activities } from '../protocol/activities.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';
import type { Deployment } from './deployment.ts';

export function recordTask({ store }: Deployment): Activities['recordTask'] {
  return async ({ taskId, events, result }) => {
    try {
      await store.appendEvents(taskId, events);
      if (result) await store.putResult(taskId, result);
    } catch (error) {
      throw asActivityError(error);
    }
  };
}
