// save-result.ts: the Activity that puts a task's result into the store where the step that made the answer did not: it
// failed at what came after the answer, or was done by an older worker. Repeating it changes nothing.

import type { Activities } from '../protocol/activities.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';
import type { Deployment } from './deployment.ts';

export function saveResult({ store }: Deployment): Activities['saveResult'] {
  return async ({ taskId, result }) => {
    try {
      await store.putResult(taskId, result);
    } catch (error) {
      throw asActivityError(error);
    }
  };
}
