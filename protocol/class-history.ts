// class-history.ts: what is remembered of closed tasks and of their subtasks, by class: how long, how much and how it ended; not
// a word of what was asked, read or found. Estimates, hedges and the choice of a path are made from it.

import type { Demotion, Path, RoutedBy } from './path.ts';
import type { Stage } from './progress.ts';
import type { TaskResult, Waste } from './result.ts';

/** Rows kept of a class and path, and of a class and kind; the newest ones. */
export const MOST_ROWS = 1_000;

/** One closed task. All times are ms, without those in which it was paused or waited for a person. */
export interface TaskRow {
  /** The first execution's run id: a task has one row. */
  run: string;
  class: string;
  path: Path;
  /** ms since the epoch: when it had its answer, or ended without one. */
  endedAt: number;
  ending: TaskResult['outcome'] | 'terminated';
  totalMs: number;
  /** Of the stages that it reached. */
  stagesMs: Partial<Record<Stage, number>>;
  /** Until its first Activity began; absent when none did. */
  queueMs?: number;
  retries: number;
  documents?: number;
  subtasks: number;
  tokens: number;
  /** Dollars; absent where no price was known, and in rows of older versions. */
  costUsd?: number;
  /** Until its first finding was known; absent when there was none, and in rows of older versions. */
  firstFindingMs?: number;
  /** Tokens of lives whose work reached no answer, beside what these had wasted themselves. */
  wasted?: Partial<Record<Waste['reason'], number>>;
  /** Where the router chose its path: what the verdict rested on, and the looks that it thought one would take. */
  routed?: { by: RoutedBy; steps?: number };
  /** Of one that was to be answered at once: why it was not. Absent in rows of older versions. */
  demoted?: Demotion;
}

/** One closed subtask; all times are as a task's, without those in which it alone was paused or waited for a person, too. */
export interface SubtaskRow {
  /** The first execution's run id, of the task or, for a subtask in the background, of its background child. */
  run: string;
  /** Its id: a subtask has one row, also where it was done once more later. */
  subtask: string;
  class: string;
  kind: string;
  endedAt: number;
  ending: 'done' | 'failed' | 'skipped' | 'stopped';
  /** From its start; 0 where it never began. */
  totalMs: number;
  /** From its start until a worker began with it; absent when none did. */
  queueMs?: number;
  /** No answer waited for it; absent otherwise. */
  mode?: 'background';
  /** Visits after a failure, and lives after the first. */
  retries: number;
  turns: number;
  tokens: number;
}

/** The rows of one task that closed, or of the subtasks alone that were done behind its answer. */
export interface ClosedRows {
  task?: TaskRow;
  subtasks: SubtaskRow[];
}

/** Which rows are asked for. */
export type TaskRowsOf = Pick<TaskRow, 'class' | 'path'>;
export type SubtaskRowsOf = Pick<SubtaskRow, 'class' | 'kind'>;
