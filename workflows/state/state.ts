// state.ts: all that a master knows, as one serialisable object of four parts and the story's own words.
// No clock and no Temporal here: the caller passes the time, so all of it is tested without a server.

import type { PlannedTask, PreparedSources } from '../../protocol/activities.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { SeenConflict } from '../../protocol/conflicts.ts';
import type { Failure } from '../../protocol/failures.ts';
import type { SubtaskSpec } from '../../protocol/plan.ts';
import type { PlanEdit } from '../../protocol/plan-edit.ts';
import type { Demotion } from '../../protocol/path.ts';
import type { Proposal, Stage } from '../../protocol/progress.ts';
import { askedOf, type SessionView } from '../../protocol/session.ts';
import type { TaskRequest, WaitingFor } from '../../protocol/task.ts';
import type { Cancelling, CommandReply, Sender } from '../../protocol/task-commands.ts';
import type { Usage } from '../../protocol/usage.ts';
import { newJournal, type Journal } from './journal.ts';
import { newLedger, type Ledger } from './ledger.ts';
import { newMailbox, type Mailbox } from './mailbox.ts';
import { newStandstill, type Standstill } from './standstill.ts';
import type { Receiver } from './receivers.ts';
import { newSteering, type Steering } from './steering.ts';
import { newTree, type Tree } from './tree.ts';

export interface MasterState {
  taskId: string;
  /** The first execution's run id: key of the logs. */
  firstRun: string;
  request: TaskRequest;
  /** Its place in its session, and what it sees of it. */
  session?: SessionView;
  stage: Stage;
  /** When a stage was first entered, by the task's own time: ms since the epoch, less what it stood still by then. */
  entered: Partial<Record<Stage, number>>;
  /** The highest that was reached. */
  percent: number;
  acceptedAt: number;
  firstActivityAt?: number;
  sources?: PreparedSources;
  /** How far the documents were said to be read, in bytes, and how often. */
  reading: { furthest: number; told: number };
  plan?: Omit<PlannedTask, 'subtasks'>;
  /** The plan that waits for approval. */
  proposal?: Proposal;
  /** What a person decided of it, until that is carried out. */
  decision?: Decision;
  /** When it waits, and nothing else is under way. */
  waitingFor?: Exclude<WaitingFor, 'worker'>;
  headings: string[];
  /** Subtasks of the plan that the answer does not wait for: the background child does them. */
  background: SubtaskSpec[];
  /** Subtasks that the answer waits for, and their lives. */
  tree: Tree;
  /** Answers from what was there that were written for people who could not wait; absent before the first. */
  soFar?: AnswersSoFar;
  /** What its sources say differently; absent before the answer's writer has seen any. */
  conflicts?: SeenConflict[];
  /** What was spent. */
  ledger: Ledger;
  /** What came from outside. */
  mailbox: Mailbox;
  /** What happened. */
  journal: Journal;
  /** When its own time stood still. */
  standstill: Standstill;
  /** What people changed. */
  steering: Steering;
  /** Commands that were applied, by their ids. */
  commands: Record<string, AppliedCommand>;
  answer?: { ref: string; answer?: Answer; citations: number };
  /** What the fast path answered with. */
  direct?: DirectlyBy;
  /** Who is about to cancel it, as they said. */
  cancelling?: Cancelling;
  /** Whoever asked was told that the answer takes longer than the fast path may. */
  isDemoted?: true;
  /** Why it was not answered at once in the end. */
  demotion?: Demotion;
  /** The answer in the request's own shape. */
  data?: { ref: string; data?: unknown };
  /** What went wrong beside the story or was left out, in sentences for coverage, in the order they came. */
  remarks: string[];
  failure?: Failure;
  /** Since when the result is in the store (ms since the epoch), with all that was spent until then. */
  saved?: { at: number; spent: Usage };
  /** Of a background child alone: who is told of its task, and what became of that. */
  receivers?: Receiver[];
}

/** How many were begun, and the last that was written: the same findings have the same answer. */
export interface AnswersSoFar {
  rounds: number;
  last?: WrittenSoFar;
}

/** `key` tells what it was written from, `isPlain` that no model was asked. */
export interface WrittenSoFar {
  key: string;
  round: number;
  isPlain: boolean;
  usage: Usage;
  answerRef: string;
  answer?: Answer;
}

/** Model and documents of an answer that was not planned. */
export interface DirectlyBy {
  model: PlannedTask['model'];
  corpusRef?: string;
}

/** What tells it from another one of the same id, and what it was answered. */
export interface AppliedCommand {
  mark: string;
  reply: CommandReply;
}

/** A person's word on a plan; `id` is the command's. */
export interface Decision {
  id: string;
  by: Sender;
  approved: boolean;
  edit?: PlanEdit;
}

/** What its sub-agents and steps are asked, in words that stand by themselves. */
export const askedIn = ({ request, session }: Pick<MasterState, 'request' | 'session'>): string =>
  askedOf(request.goal, session);

export function newState(
  taskId: string,
  firstRun: string,
  run: string,
  request: TaskRequest,
  now: number,
): MasterState {
  return {
    taskId,
    firstRun,
    request,
    stage: 'accepted',
    entered: {},
    percent: 0,
    acceptedAt: now,
    reading: { furthest: 0, told: 0 },
    headings: [],
    background: [],
    tree: newTree(),
    ledger: newLedger(),
    mailbox: newMailbox(),
    journal: newJournal(run),
    standstill: newStandstill(),
    steering: newSteering(),
    commands: {},
    remarks: [],
  };
}
