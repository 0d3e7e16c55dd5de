// eta-coverage.ts: whether what is told of the time left is kept: each closed task is told its P90 once more, from those alone that had
// closed before it began, and held against what it took. Pure: of the class history, no record of what was told is needed.

import type { TaskRow } from './class-history.ts';
import { etaOf, ETA_ROWS, FEWEST_ROWS, type EtaClass } from './eta.ts';

/** Tasks that are held against what they were told, the newest: each costs about a millisecond. */
export const COVERAGE_TASKS = 100;

export interface EtaCoverage {
  /** Completed tasks that were looked at. */
  tasks: number;
  /** Of these, ended within the P90 that was told at their start. Nine of ten are meant to. */
  within: number;
  /** Of these, told by the class itself, since too few tasks had closed before them. */
  byClass: number;
}

/**
 * @param rows of one class and path, newest first.
 * @param row its class, which says what is told where there are too few rows before; without it such tasks are left out.
 */
export function etaCoverage(rows: readonly TaskRow[], row?: EtaClass): EtaCoverage {
  const coverage: EtaCoverage = { tasks: 0, within: 0, byClass: 0 };
  const done = rows.filter(({ ending }) => ending === 'completed').slice(0, ETA_ROWS + COVERAGE_TASKS);
  for (const [at, { endedAt, totalMs, path }] of done.slice(0, COVERAGE_TASKS).entries()) {
    const beganAt = endedAt - totalMs;
    const before = done.slice(at + 1).filter((one) => one.endedAt <= beganAt);
    const told = etaOf(
      before.slice(0, ETA_ROWS),
      { stage: 'accepted', inStageMs: 0, elapsedMs: 0, path },
      row as never,
    );
    if (!told) continue;
    coverage.tasks += 1;
    if (totalMs <= told.p90Ms) coverage.within += 1;
    if (before.length < FEWEST_ROWS) coverage.byClass += 1;
  }
  return coverage;
}
