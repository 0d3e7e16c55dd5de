// measure.ts: what the closed tasks of a class took on this deployment, path by path, and whether its promise is kept. Pure: made
// of the rows of the class history, in which is no word of what was asked.

import type { TaskRow } from './class-history.ts';
import { sloOf, type RequestClass } from './classes.ts';
import { etaCoverage, type EtaCoverage } from './eta-coverage.ts';
import type { Path } from './path.ts';
import { misroutes, percentile, type Misroutes, type PathRows } from './route-history.ts';

/** All times are ms; of tasks that completed. */
export interface Measured {
  class: string;
  path: Path;
  /** Closed tasks that it rests on, however they ended; the last 1,000 at most. */
  tasks: number;
  /** When the first of them ended, ms since the epoch. */
  sinceAt: number;
  failed: number;
  cancelled: number;
  /** Absent where none completed, as the two after it. */
  p50Ms?: number;
  p95Ms?: number;
  p99Ms?: number;
  /** 95 of 100 waited no longer for a worker; absent where none of them had one. */
  queueP95Ms?: number;
  /** 95 of 100 had their first finding by then; absent where there was none. */
  firstFindingP95Ms?: number;
  /** On the average. */
  subtasks: number;
  tokens: number;
  /** Share of tasks in which something was tried again. */
  retried: number;
  /** How often the time that is told at a start was kept; absent where nobody would have been told one. */
  timeTold?: EtaCoverage;
  /** Tasks a second that were accepted, on the average and in the busiest second; absent of fewer than ten. */
  perSecond?: { mean: number; peak: number };
}

/**
 * Undefined where no task of that class and path has closed.
 *
 * @param rows newest first.
 * @param row its class. Default: nothing is said of the time that is told, which costs some ten ms.
 */
export function measured(rows: readonly TaskRow[], row?: RequestClass): Measured | undefined {
  const [first] = rows;
  if (!first) return undefined;
  const done = rows.filter(({ ending }) => ending === 'completed');
  const of = (pick: (row: TaskRow) => number | undefined): number[] =>
    done
      .map(pick)
      .filter((ms) => ms !== undefined)
      .sort((a, b) => a - b);
  const [total, queue, finding] = [of((row) => row.totalMs), of((row) => row.queueMs), of((row) => row.firstFindingMs)];
  const perSecond = arrivals(rows);
  const timeTold = row && etaCoverage(rows, row);
  return {
    class: first.class,
    path: first.path,
    tasks: rows.length,
    sinceAt: Math.min(...rows.map(({ endedAt }) => endedAt)),
    failed: rows.filter(({ ending }) => ending === 'failed').length,
    cancelled: rows.filter(({ ending }) => ending === 'cancelled' || ending === 'terminated').length,
    ...(total.length === 0
      ? {}
      : {
          p50Ms: Math.round(percentile(total, 50)),
          p95Ms: Math.round(percentile(total, 95)),
          p99Ms: Math.round(percentile(total, 99)),
        }),
    ...(queue.length === 0 ? {} : { queueP95Ms: Math.round(percentile(queue, 95)) }),
    ...(finding.length === 0 ? {} : { firstFindingP95Ms: Math.round(percentile(finding, 95)) }),
    subtasks: rounded(mean(rows.map(({ subtasks }) => subtasks))),
    tokens: Math.round(mean(rows.map(({ tokens }) => tokens))),
    retried: rounded(mean(rows.map(({ retries }) => (retries > 0 ? 1 : 0)))),
    ...(timeTold && timeTold.tasks > 0 ? { timeTold } : {}),
    ...(perSecond ? { perSecond } : {}),
  };
}

const FEWEST_ARRIVALS = 10;

function arrivals(rows: readonly TaskRow[]): { mean: number; peak: number } | undefined {
  if (rows.length < FEWEST_ARRIVALS) return undefined;
  const at = rows.map(({ endedAt, totalMs }) => endedAt - totalMs).sort((a, b) => a - b);
  const seconds = Math.max(1, ((at.at(-1) ?? 0) - (at[0] ?? 0)) / 1_000);
  let peak = 0;
  for (let from = 0, to = 0; to < at.length; to += 1) {
    while ((at[to] ?? 0) - (at[from] ?? 0) >= 1_000) from += 1;
    peak = Math.max(peak, to - from + 1);
  }
  return { mean: rounded(rows.length / seconds), peak };
}

/** How a class keeps what is promised of it, over a window. */
export interface Attainment {
  class: string;
  owner: string;
  /** Tasks of 100 that are to keep so many seconds. */
  percentile: number;
  seconds: number;
  /** Closed tasks of the window; those that somebody ended are not counted. */
  tasks: number;
  /** Those that failed, or took longer. */
  missed: number;
  /** Percent of them that kept it; absent where there is none. */
  attained?: number;
  /** Share of the misses that the promise allows which is left: 1 none used, 0 all, below 0 more. Absent where there is no task. */
  budgetLeft?: number;
  /** Fewer are known than the window has: it begins when the oldest row does. Absent otherwise. */
  fromAt?: number;
  /** The slowest and the failed ones, the worst first; `run` is the first execution's. */
  worst: { run: string; path: Path; ending: TaskRow['ending']; totalMs: number; endedAt: number }[];
  misroutes: Misroutes;
}

/** A promise and how it is kept; the worst tasks with their ids, where the store still has them and they are the asker's. */
export interface SloReport extends Omit<Attainment, 'worst'> {
  days: number;
  worst: (Omit<Attainment['worst'][number], 'run'> & { taskId?: string })[];
}

const WORST = 5;
/** As many rows as there are, of a class and path. */
const FULL = 1_000;

/** @param since ms since the epoch. */
export function attainment(row: RequestClass, rows: PathRows, since: number): Attainment {
  const { percentile: share, seconds, owner } = sloOf(row);
  const all = [...rows.fast, ...rows.deep];
  const counted = all.filter(
    ({ endedAt, ending }) => endedAt >= since && (ending === 'completed' || ending === 'failed'),
  );
  const isMissed = ({ ending, totalMs }: TaskRow): boolean => ending !== 'completed' || totalMs > seconds * 1_000;
  const missed = counted.filter(isMissed);
  const allowed = (counted.length * (100 - share)) / 100;
  // A path whose rows are all of the window may have had more.
  const cut = [rows.fast, rows.deep].filter((of) => of.length >= FULL && (of.at(-1)?.endedAt ?? 0) > since);
  return {
    class: row.name,
    owner,
    percentile: share,
    seconds,
    tasks: counted.length,
    missed: missed.length,
    ...(counted.length === 0
      ? {}
      : {
          attained: rounded((100 * (counted.length - missed.length)) / counted.length),
          budgetLeft: rounded(1 - missed.length / allowed),
        }),
    ...(cut.length === 0 ? {} : { fromAt: Math.max(...cut.map((of) => of.at(-1)?.endedAt ?? 0)) }),
    worst: missed
      .sort((a, b) => Number(b.ending === 'failed') - Number(a.ending === 'failed') || b.totalMs - a.totalMs)
      .slice(0, WORST)
      .map(({ run, path, ending, totalMs, endedAt }) => ({ run, path, ending, totalMs, endedAt })),
    misroutes: misroutes(rows, row.fastBudgetMs),
  };
}

const mean = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0) / Math.max(1, of.length);

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
