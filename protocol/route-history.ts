// route-history.ts: what the last closed tasks of a class say of its two paths: what an answer at once takes now, which verdicts
// turned out wrong, and the thresholds that follow. Pure, and nothing is kept: the same rows give the same numbers.

import type { TaskRow } from './class-history.ts';

/** Rows of each path that are looked at, the newest. */
export const ROUTE_ROWS = 200;
/** Closed tasks whose times count: so many later a change of the model's speed is all that is seen. */
const RECENT = 40;
/** Below so many nothing is said of times. */
export const FEWEST_TIMES = 10;
/** Answers at once whose demotions move the share of the budget. */
const PROMISED = 50;
/** One of ten may be late: that is what the 90th percentile promises. */
const MAY_BE_LATE = 0.1;
const BUDGET_SHARE = { least: 0.7, most: 1 };
/** Below this share of what would be allowed the class goes back to answers at once: it would swing otherwise. */
const RETURN_SHARE = 0.85;
/** By how much writing after research may differ from answering at once. */
const SCALE = { least: 0.1, most: 4 };
const FEWEST_FOR_SCALE = 5;

/** Looks up to which one call is tried. */
export const MOST_STEPS = { least: 1, usual: 2, most: 3 };
/** Of 1, 2, 3 … looks: how often one call was not enough, before anything was seen; it counts as much as so many tasks. */
const NOT_ENOUGH = [0.05, 0.25, 0.7, 0.9];
const NOT_ENOUGH_WEIGHT = 12;

/** Newest first. */
export interface PathRows {
  fast: readonly TaskRow[];
  deep: readonly TaskRow[];
}

export interface Times {
  p50Ms: number;
  p90Ms: number;
  p95Ms: number;
  /** Closed tasks that they rest on. */
  rows: number;
}

/** Verdicts that turned out wrong, among the last ones. */
export interface Misroutes {
  /** Answers at once that were promised, by the router or by whoever asked; late: not within the budget. */
  promised: number;
  late: number;
  notEnough: number;
  /** Of the tasks that the router sent deep: those that one call would have answered within the budget. */
  sentDeep: number;
  wouldHaveFitted: number;
}

export interface Thresholds {
  /** What the 90th percentile of answers at once may take. */
  mostMs: number;
  /** Looks up to which one call is tried. */
  mostSteps: number;
}

/** What an answer at once takes now; undefined where too little is known. */
export function fastTimes({ fast, deep }: PathRows): Times | undefined {
  const answers = fast.flatMap((row) => sample(row, answeringMs(row)));
  const writings = deep.flatMap((row) => sample(row, oneCallMs(row)));
  const scale = scaleOf(answers, writings);
  const recent = [...answers, ...writings.map((one) => ({ ...one, ms: one.ms * scale }))]
    .sort((a, b) => b.endedAt - a.endedAt)
    .slice(0, RECENT);
  return timesOf(recent.map(({ ms }) => ms));
}

/** What whole tasks took, of those that completed; undefined where there are too few. */
export const wholeTimes = (rows: readonly TaskRow[]): Times | undefined =>
  timesOf(rows.filter(({ ending }) => ending === 'completed').map(({ totalMs }) => totalMs));

export function misroutes({ fast, deep }: PathRows, budgetMs: number): Misroutes {
  const promised = fast.slice(0, PROMISED);
  const sentDeep = deep.filter(({ routed }) => routed && MAY_HAVE_FITTED.has(routed.by)).slice(0, PROMISED);
  return {
    promised: promised.length,
    late: promised.filter((row) => isLate(row, budgetMs)).length,
    notEnough: promised.filter(wasNotEnough).length,
    sentDeep: sentDeep.length,
    wouldHaveFitted: sentDeep.filter((row) => wouldHaveFitted(row, budgetMs)).length,
  };
}

const MAY_HAVE_FITTED: ReadonlySet<string> = new Set(['question', 'time', 'workers']);

export function thresholds(rows: PathRows, budgetMs: number): Thresholds {
  const { promised, late } = misroutes(rows, budgetMs);
  const over = promised < FEWEST_TIMES ? 0 : late / promised - MAY_BE_LATE;
  const share = Math.min(BUDGET_SHARE.most, Math.max(BUDGET_SHARE.least, BUDGET_SHARE.most - 2 * Math.max(0, over)));
  return {
    mostMs: Math.round(budgetMs * share * (isAway(rows) ? RETURN_SHARE : 1)),
    mostSteps: mostSteps(rows),
  };
}

/** Whether the last task for whose path the time decided went deep. */
function isAway({ fast, deep }: PathRows): boolean {
  const at = (rows: readonly TaskRow[], by: string): number =>
    Math.max(0, ...rows.filter(({ routed }) => routed?.by === by).map(({ endedAt, totalMs }) => endedAt - totalMs));
  return at(deep, 'time') > at(fast, 'fits');
}

/** The most looks of which, and of all below which, one call was enough more often than not. */
function mostSteps({ fast, deep }: PathRows): number {
  const seen = [...fast.map((row) => ({ row, failed: wasNotEnough(row) })), ...deep.map(asOneCall)].filter(
    ({ row }) => row.ending === 'completed' && row.routed?.steps !== undefined,
  );
  for (let steps = 1; steps <= MOST_STEPS.most; steps += 1) {
    const of = seen.filter(({ row }) => Math.max(1, row.routed?.steps ?? 1) === steps);
    const before = (NOT_ENOUGH[steps - 1] ?? 1) * NOT_ENOUGH_WEIGHT;
    const failed = (before + of.filter((one) => one.failed).length) / (NOT_ENOUGH_WEIGHT + of.length);
    if (failed > 0.5) return Math.max(MOST_STEPS.least, steps - 1);
  }
  return MOST_STEPS.most;
}

/** A plan of more than one subtask says that one call would not have been enough. */
const asOneCall = (row: TaskRow): { row: TaskRow; failed: boolean } => ({ row, failed: row.subtasks > 1 });

/** Rows of older versions say by their stages. */
export const wasNotEnough = ({ demoted, stagesMs }: TaskRow): boolean =>
  demoted === 'not enough' || (stagesMs.planning ?? stagesMs.researching) !== undefined;

export const isLate = (row: TaskRow, budgetMs: number): boolean =>
  !wasNotEnough(row) && (row.demoted === 'budget' || (answeringMs(row) ?? 0) > budgetMs);

export function wouldHaveFitted(row: TaskRow, budgetMs: number): boolean {
  const ms = oneCallMs(row);
  return row.ending === 'completed' && row.subtasks <= 1 && ms !== undefined && ms <= budgetMs;
}

/** Until an answer at once was there, or was known to be none. */
const answeringMs = ({ stagesMs }: TaskRow): number | undefined =>
  stagesMs.answering === undefined ? undefined : (stagesMs.accepted ?? 0) + stagesMs.answering;

/** What one call over passages would have taken, of a task that was planned: its longer one of two such calls, behind the same queue. */
const oneCallMs = ({ stagesMs, queueMs = 0 }: TaskRow): number | undefined =>
  stagesMs.synthesizing === undefined ? undefined : queueMs + Math.max(stagesMs.synthesizing, stagesMs.planning ?? 0);

interface Sample {
  ms: number;
  endedAt: number;
}

const sample = ({ ending, endedAt }: TaskRow, ms: number | undefined): Sample[] =>
  ending === 'completed' && ms !== undefined ? [{ ms, endedAt }] : [];

/** How answering relates to writing, where both were seen at the same time. */
function scaleOf(answers: readonly Sample[], writings: readonly Sample[]): number {
  const from = Math.min(...answers.map(({ endedAt }) => endedAt));
  const to = Math.max(...answers.map(({ endedAt }) => endedAt));
  const beside = writings.filter(({ endedAt }) => endedAt >= from && endedAt <= to);
  if (answers.length < FEWEST_FOR_SCALE || beside.length < FEWEST_FOR_SCALE) return 1;
  const scale = middle(answers) / Math.max(1, middle(beside));
  return Math.min(SCALE.most, Math.max(SCALE.least, scale));
}

const middle = (of: readonly Sample[]): number => percentile(sorted(of.map(({ ms }) => ms)), 50);

function timesOf(all: readonly number[]): Times | undefined {
  if (all.length < FEWEST_TIMES) return undefined;
  const ms = sorted(all);
  const of = (percent: number): number => Math.round(percentile(ms, percent));
  return { p50Ms: of(50), p90Ms: of(90), p95Ms: of(95), rows: ms.length };
}

const sorted = (all: readonly number[]): number[] => [...all].sort((a, b) => a - b);

/** The value that so many percent are not above; 0 of none. @param ascending sorted. */
export const percentile = (ascending: readonly number[], percent: number): number =>
  ascending[Math.max(0, Math.ceil((percent / 100) * ascending.length) - 1)] ?? 0;
