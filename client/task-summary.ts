// task-summary.ts: a task as lists have it, and which tasks are asked for.

import type { TaskState } from '../protocol/task.ts';

export interface ListFilter {
  state?: TaskState;
  class?: string;
  tenant?: string;
  sessionId?: string;
  /** Name of a schedule of the tenant. */
  schedule?: string;
  /** At most this many. Default: 50. */
  limit?: number;
}

export interface TaskSummary {
  taskId: string;
  state: TaskState;
  goal: string;
  class: string | undefined;
  tenant: string | undefined;
  /** Name of the schedule that started it. */
  schedule?: string;
  startedAt: Date;
  closedAt: Date | undefined;
}

/** Some of the tasks, and where the next ones are. */
export interface TaskPage {
  tasks: TaskSummary[];
  /** Absent behind the last one. */
  cursor?: string;
}
