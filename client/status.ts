// status.ts: where a task stands, as its callers see it; and that of a task that has closed.

import type { DeliveryStatus } from '../protocol/background.ts';
import type { Eta } from '../protocol/eta.ts';
import type { Route } from '../protocol/path.ts';
import type { ModelAsked, Progress, SubtaskPhase, SubtaskProgress } from '../protocol/progress.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { SessionView } from '../protocol/session.ts';
import type { TaskState, WaitingFor } from '../protocol/task.ts';

export interface TaskStatus {
  taskId: string;
  state: TaskState;
  /** What it waits for, when it is `waiting`; absent where nobody said. */
  waitingFor?: WaitingFor;
  goal: string;
  /** Names; absent where nobody kept them. */
  class?: string;
  sessionId?: string;
  /** Its place in its session, and what it sees of it. Absent without one, and before it has it. */
  session?: SessionView;
  /** Name of the schedule that started it. */
  schedule?: string;
  /** The verdict that chose its path; absent where nobody was asked to choose. */
  route?: Route;
  /** The first execution's run id: the key of its logs; absent over HTTP. */
  run?: string;
  startedAt: Date;
  /** Absent while it runs, and for a moment after it is `completed`: its answer is there before it closes. */
  closedAt?: Date;
  /** The master's view; absent when no worker answered (then `note` says so) and for closed tasks. */
  progress?: Progress;
  /** What each sub-agent does right now, at most a second old. */
  live: LiveSubtask[];
  /** The step of the master whose model is asked right now, at most a second old; absent where none is. */
  step?: LiveStep;
  /** What is done to the documents right now, in a few words; absent when that is over. */
  reading?: string;
  /** How much longer it takes; absent where it stands still or has ended, or nobody can say. */
  left?: Eta;
  /** What a person should know: no worker, a step that is being tried again. */
  note?: string;
  /** What goes on behind the answer; absent while the task is open, and where nothing is asked for there. */
  background?: BackgroundStatus;
}

/** What goes on behind a task's answer. */
export interface BackgroundStatus {
  /** `over`: nothing more happens unless somebody asks for it. */
  state: 'running' | 'over';
  /** What became of each thing that a receiver is told. */
  deliveries: DeliveryStatus[];
  subtasks: Pick<SubtaskProgress, 'id' | 'title' | 'state' | 'findings' | 'failure'>[];
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
export function closedStatus({ taskId, run, outcome, goal, session, timings }: TaskResult): TaskStatus {
  return {
    taskId,
    state: outcome,
    goal,
    ...(session ? { session } : {}),
    run,
    startedAt: new Date(timings.acceptedAt),
    closedAt: new Date(timings.closedAt),
    live: [],
  };
}
