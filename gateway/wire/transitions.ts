// transitions.ts: which status may follow which, so that readers never see a task go back. What is read of a running task
// comes from several places that are not of the same moment.

import type { TaskState } from '../../protocol/task.ts';

const OPEN: readonly TaskState[] = ['running', 'waiting', 'paused'];
const ENDED: readonly TaskState[] = ['completed', 'failed', 'cancelled'];

/** From each status those that may follow; it may always stay. */
export const TRANSITIONS: Readonly<Record<TaskState, readonly TaskState[]>> = {
  queued: [...OPEN, ...ENDED],
  running: [...OPEN, ...ENDED],
  waiting: [...OPEN, ...ENDED],
  paused: [...OPEN, ...ENDED],
  completed: [],
  failed: [],
  cancelled: [],
};

/** What to say now, when `before` was said last and `seen` was read. */
export function nextStatus(before: TaskState | undefined, seen: TaskState): TaskState {
  return before === undefined || TRANSITIONS[before].includes(seen) ? seen : before;
}

export const isEnded = (status: TaskState): boolean => ENDED.includes(status);
