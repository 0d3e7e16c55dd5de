// state.ts: all that a master knows, as one serialisable object of four parts and the story's own words.
// No clock and no Temporal here: the caller passes the time, so all of it is tested without a server.

import type { PlannedTask, PreparedSources } from '../../protocol/activities.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { Failure } from '../../protocol/failures.ts';
import type { Stage } from '../../protocol/progress.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import { newJournal, type Journal } from './journal.ts';
import { newLedger, type Ledger } from './ledger.ts';
import { newMailbox, type Mailbox } from './mailbox.ts';
import { newTree, type Tree } from './tree.ts';

export interface MasterState {
  taskId: string;
  /** The first execution's run id: key of the logs. */
  firstRun: string;
  request: TaskRequest;
  stage: Stage;
  /** The highest that was reached. */
  percent: number;
  acceptedAt: number;
  firstActivityAt?: number;
  sources?: PreparedSources;
  /** How far the documents were said to be read, in bytes, and how often. */
  reading: { furthest: number; told: number };
  plan?: Omit<PlannedTask, 'subtasks'>;
  headings: string[];
  /** Subtasks and their lives. */
  tree: Tree;
  /** What was spent. */
  ledger: Ledger;
  /** What came from outside. */
  mailbox: Mailbox;
  /** What happened. */
  journal: Journal;
  answer?: { ref: string; answer?: Answer; citations: number; dropped: string[] };
  /** The answer in the request's own shape. */
  data?: { ref: string; data?: unknown };
  /** What went wrong beside the story, in sentences for coverage. */
  remarks: string[];
  failure?: Failure;
}

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
    percent: 0,
    acceptedAt: now,
    reading: { furthest: 0, told: 0 },
    headings: [],
    tree: newTree(),
    ledger: newLedger(),
    mailbox: newMailbox(),
    journal: newJournal(run),
    remarks: [],
  };
}
