// Rows of the class history as tests of the router want them: `at` counts closed tasks, the newest is the highest.

import type { TaskRow } from '../../protocol/class-history.ts';
import type { RoutedBy } from '../../protocol/path.ts';
import type { PathRows } from '../../protocol/route-history.ts';

const BUDGET_MS = 6_000;
const APART_MS = 60_000;

const row = (at: number, totalMs: number): Omit<TaskRow, 'path' | 'stagesMs' | 'subtasks'> => ({
  run: `run-${at}`,
  class: 'standard',
  endedAt: at * APART_MS + totalMs,
  ending: 'completed',
  totalMs,
  retries: 0,
  tokens: 1_000,
});

/** Answered at once, in time or not. */
export const answered = (at: number, ms: number, { by = 'fits' as RoutedBy, steps = 1 } = {}): TaskRow => ({
  ...row(at, ms),
  path: 'fast',
  stagesMs: { accepted: 0, answering: ms },
  subtasks: 0,
  routed: { by, steps },
  ...(ms > BUDGET_MS ? { demoted: 'budget' as const } : {}),
});

/** Was to be answered at once, and planned after all. */
export const notEnough = (at: number, steps: number): TaskRow => ({
  ...row(at, 9_000),
  path: 'fast',
  stagesMs: { answering: 1_000, planning: 1_000, researching: 5_000, synthesizing: 2_000 },
  subtasks: 3,
  routed: { by: 'fits', steps },
  demoted: 'not enough',
});

export const planned = (
  at: number,
  { by = 'question' as RoutedBy, steps = 3, subtasks = 3, planning = 500, synthesizing = 1_000 } = {},
): TaskRow => ({
  ...row(at, planning + 5_000 + synthesizing),
  path: 'deep',
  stagesMs: { planning, researching: 5_000, synthesizing },
  queueMs: 0,
  subtasks,
  routed: { by, steps },
});

/** Newest first, as the store has them. */
export const rowsOf = ({ fast = [], deep = [] }: { fast?: TaskRow[]; deep?: TaskRow[] }): PathRows => ({
  fast: newestFirst(fast),
  deep: newestFirst(deep),
});

const newestFirst = (rows: TaskRow[]): TaskRow[] => rows.toSorted((a, b) => b.endedAt - a.endedAt);
