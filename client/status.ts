// status.ts: where a task stands, as its callers see it; and that of a task that has closed.

import type { ModelAsked, Progress, SubtaskPhase } from '../protocol/progress.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { TaskState } from '../protocol/task.ts';

export interface TaskStatus {
  taskId: string;
  state: TaskState;
  goal: string;
  /** Names; absent where nobody kept them. */
  class?: string;
  sessionId?: string;
  /** The first execution's run id: the key of its logs; absent over HTTP. */
  run?: string;
  startedAt: Date;
  closedAt?: Date;
  /** The master's view; absent when no worker answered (then `note` says so) and for closed tasks. */
  progress?: Progress;
  /** What each sub-agent does right now, at most a second old. */
  live: LiveSubtask[];
  /** The step of the master whose model is asked right now, at most a second old; absent where none is. */
  step?: LiveStep;
  /** What is done to the documents right now, in a few words; absent when that is over. */
  reading?: string;
  /** What a person should know: no worker, a step that is being tried again. */
  note?: string;
}

export type LiveSubtask = SubtaskPhase & {
  /** The end of what its model writes just now, on one line: where the client can read the store, and a model is asked. */
  writes?: string;
};

/** A step of the master, and for how long its model has been at it. */
export interface LiveStep extends Pick<ModelAsked, 'model' | 'tokens'> {
  name: string;
  seconds: number;
}

/** Where a closed task stands, as its result says. */
export function closedStatus({ taskId, run, outcome, goal, timings }: TaskResult): TaskStatus {
  return {
    taskId,
    state: outcome,
    goal,
    run,
    startedAt: new Date(timings.acceptedAt),
    closedAt: new Date(timings.closedAt),
    live: [],
  };
}
