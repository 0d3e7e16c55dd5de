// progress.ts: what people see of a running task: the Query `progress`, and the phases in heartbeats.

import type { OpenQuestion } from './ask.ts';
import type { DeliveryStatus } from './background.ts';
import type { RequestClass } from './classes.ts';
import type { SeenConflict } from './conflicts.ts';
import type { Coverage } from './coverage.ts';
import type { Failure } from './failures.ts';
import type { FindingDigest } from './findings.ts';
import type { PlanEstimate } from './plan.ts';
import type { SessionView } from './session.ts';
import type { TaskState, WaitingFor } from './task.ts';
import type { Usage } from './usage.ts';

export type Stage =
  'accepted' | 'answering' | 'preparing' | 'planning' | 'researching' | 'synthesizing' | 'closing' | 'closed';

export interface SubtaskProgress {
  id: string;
  title: string;
  kind: string;
  needs: string[];
  state: 'planned' | 'running' | 'retrying' | 'waiting' | 'done' | 'failed' | 'skipped' | 'stopped';
  generation: number;
  findings: number;
  turns: number;
  usage: Usage;
  /** ms since the epoch, the master's clock. */
  startedAt?: number;
  endedAt?: number;
  retryAt?: number;
  failure?: Failure;
  /** True while a person holds it, or the whole task. Absent otherwise. */
  paused?: true;
  /** The further round that it is of: 2 or 3. Absent for those of the plan. */
  round?: number;
}

/** Result of the Query `progress`. */
export interface Progress {
  taskId: string;
  state: TaskState;
  /** When it is waiting; a worker is what nobody can wait for who answers this. */
  waitingFor?: Exclude<WaitingFor, 'worker'>;
  /** How long it stood still, in ms: paused, or waiting for a person with nothing else under way. Absent when it did not. */
  waitedMs?: number;
  /** Questions of sub-agents that nobody has replied to. Absent when there are none. */
  questions?: OpenQuestion[];
  /** The plan that waits for approval; absent when none does. */
  proposal?: Proposal;
  /** Blob of the plan; absent before there is one, and in results of older workers. */
  planRef?: string;
  /** Asked to be answered at once. Absent for others. */
  path?: 'fast';
  /**
   * What its class says of the time that its tasks take, and when its fan-out ends at the latest, by the task's own time as in
   * `stageSince`: absent before its first Activity. All of it is absent in results of older workers.
   */
  promise?: Pick<RequestClass, 'slo' | 'fastBudgetMs'> & { deadlineAt?: number };
  stage: Stage;
  /** When it was entered, by the task's own time: ms since the epoch, less what it had stood still by then. Absent in results of older workers. */
  stageSince?: number;
  /** 0 to 100; never goes back. Absent in results of older workers. */
  percent?: number;
  goal: string;
  /** Its place in its session. Absent without one, before it has it, and in results of older workers. */
  session?: SessionView;
  headings: string[];
  subtasks: SubtaskProgress[];
  /** What sub-agents have shared, and the last of it, oldest first. Absent where nothing was. */
  board?: { items: number; last: FindingDigest[] };
  /** What its sources say differently, and which side holds where that is known. Absent where nothing was found. */
  conflicts?: SeenConflict[];
  /** Deterministic fold of the findings so far. */
  draft: string;
  /** Of those that have ended: who is at work has a row in `subtasks` alone. */
  coverage: Coverage;
  /** What went wrong beside the story, or is missing, in sentences. Absent in results of older workers. */
  remarks?: string[];
  usage: Usage;
  /** Spent, reserved and left. Absent before there is a plan, and in results of older workers. */
  money?: TaskMoney;
  lastEvent: number;
  /** Of a task's background child alone: what became of each delivery. */
  deliveries?: DeliveryStatus[];
}

/** How a task's budget stands: tokens, and dollars where prices are known. */
export interface TaskMoney {
  spent: { tokens?: number; costUsd?: number };
  /** What the sub-agents at work may still spend. */
  reserved: { tokens: number; costUsd: number };
  /** Of the budget, neither spent nor reserved; an amount without a limit is absent. */
  left: { tokens?: number; costUsd?: number };
}

/** A plan that waits until a person approves it. */
export interface Proposal {
  /** What an approval names. */
  hash: string;
  /** Until then, ms since the epoch; then it counts as refused. */
  until: number;
  estimate: PlanEstimate;
}

/** What one sub-agent does right now. */
export interface SubtaskPhase {
  id: string;
  generation: number;
  records: number;
  turn: number;
  tokens: number;
  /** For people, e.g. `turn 2: search_documents “retry”`. Nothing decides by it. */
  phase: string;
  /** True while a model is asked: what it writes is in the store as partial text. Absent in heartbeats of older workers. */
  asksModel?: boolean;
}

/** Heartbeat details of `runSubAgents`: a cursor and a one-line phase for each subtask of the pod (at most 8 KiB in all). */
export interface PodHeartbeat {
  v: 1;
  /** Signals that the pod has sent; absent in heartbeats of older workers. */
  reports?: number;
  subtasks: SubtaskPhase[];
}

/** A model call that is under way. */
export interface ModelAsked {
  model: string;
  /** ms since the epoch, the worker's clock. */
  since: number;
  /** About how many tokens of its output have come so far. */
  tokens: number;
}

/** Heartbeat details of a step of the master: a cursor, and what its model does just now (absent of older workers). */
export interface StepHeartbeat {
  v: 1;
  records: number;
  /** The step's name, e.g. `plan`. */
  step?: string;
  asking?: ModelAsked;
}

/** How far reading a task's documents has come. Files that were read before and did not change count as done. */
export interface ReadSoFar {
  files: number;
  /** Files in all. */
  of: number;
  bytes: number;
  ofBytes: number;
  /** Files left out that somebody may miss. */
  skipped: number;
}

/** Heartbeat details of `prepareSources`. */
export interface ReadingHeartbeat {
  v: 1;
  /** For people, e.g. `reads files: 120 of 29,000, 4 of 132 MB`. */
  phase: string;
  /** Absent while nothing is read, and in heartbeats of older workers. */
  read?: ReadSoFar;
}

/** The Signal `reading`. */
export interface ReadingSignal {
  v: 1;
  /** The first execution's run id. */
  run: string;
  read: ReadSoFar;
}
