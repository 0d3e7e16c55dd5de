// not-running.ts: why a task can't be told anything, where Temporal has no open one of its id.

import { TaskClosedError } from './errors.ts';
import type { HandleParts } from './handle-parts.ts';
import { readStatus } from './task-status.ts';

/** TaskClosedError where the task is known; else what asking for it throws, as that it is not there or has expired. */
export const notRunning = (parts: HandleParts): Promise<unknown> =>
  readStatus(parts).then(
    () => new TaskClosedError(parts.taskId),
    (error: unknown) => error,
  );
