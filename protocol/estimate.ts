// estimate.ts: what a task will take before it is started, from what the last closed tasks of its class and path took: ranges of time,
// tokens, dollars and subtasks, and how many tasks say so. Where they are too few the class's own numbers. Pure.

import type { TaskRow } from './class-history.ts';
import type { RequestClass } from './classes.ts';
import { ETA_ROWS, etaOf, FEWEST_ROWS } from './eta.ts';
import type { Path } from './path.ts';

/** One task of ten takes less than `p10`, half of them less than `p50`, nine of ten less than `p90`. */
export interface EstimateRange {
  p10: number;
  p50: number;
  p90: number;
}

export interface TaskEstimate {
  class: string;
  path: Path;
  /** `class`: too few tasks have closed, so its time is what the class promises, and of the rest nothing is known. */
  basis: 'history' | 'class';
  /** Completed tasks of this class and path that are known, the newest 500 at most. */
  tasks: number;
  /** Milliseconds, from the start to the answer. */
  timeMs: EstimateRange;
  /** Input plus output; absent with basis `class`. */
  tokens?: EstimateRange;
  /** Dollars; absent where too few of these tasks had models of known prices. */
  costUsd?: EstimateRange;
  /** Absent with basis `class`, and of answers at once. */
  subtasks?: EstimateRange;
  /** What this task may spend at most. An amount that only its subtasks limit, each for itself, is in `subtask`. */
  most: { seconds: number; subtasks: number; tokens?: number; costUsd?: number; subtask: { tokens: number } };
  /** Of `tasks`, how many took no more tokens and dollars than that; absent where that is not limited, or none is known. */
  within?: number;
  /** Of the documents, where they were read before. */
  corpus?: { documents: number; passages: number };
}

/** How far, in e-folds, a task over more or fewer documents is alike. */
const CORPUS_SPREAD = 1;
/** Of a task that says nothing of its documents. */
const UNKNOWN_WEIGHT = 0.25;

interface Weighed {
  row: TaskRow;
  weight: number;
}

/**
 * @param rows of the class and path, newest first; those that did not complete are left out.
 * @param row the class, with the request's own limits in it.
 * @param corpus of the sources, where it is known: tasks over about as many documents count more.
 */
export function estimateTask(
  rows: readonly TaskRow[],
  row: RequestClass,
  path: Path,
  corpus?: TaskEstimate['corpus'],
): TaskEstimate {
  const done = rows.filter(({ ending }) => ending === 'completed').slice(0, ETA_ROWS);
  const { p10Ms, p50Ms, p90Ms, basis } = etaOf(rows, { stage: 'accepted', inStageMs: 0, elapsedMs: 0, path }, row);
  const { tokens, costUsd } = row.budget ?? {};
  const most: TaskEstimate['most'] = {
    seconds: row.deadlineSeconds,
    subtasks: row.maxSubtasks,
    ...(tokens === undefined ? {} : { tokens }),
    ...(costUsd === undefined ? {} : { costUsd }),
    subtask: { tokens: row.subtask.tokens },
  };
  const about = {
    class: row.name,
    path,
    basis,
    tasks: done.length,
    timeMs: { p10: p10Ms, p50: p50Ms, p90: p90Ms },
    most,
    ...(corpus ? { corpus } : {}),
  };
  const isLimited = tokens !== undefined || costUsd !== undefined;
  const within = done.filter(
    (one) => one.tokens <= (tokens ?? Infinity) && (one.costUsd ?? 0) <= (costUsd ?? Infinity),
  );
  const kept = isLimited && done.length > 0 ? { within: within.length } : {};
  if (basis === 'class') return { ...about, ...kept };
  const alike = weigh(done, corpus?.documents);
  const priced = alike.filter(({ row: { costUsd: paid } }) => paid !== undefined);
  return {
    ...about,
    ...kept,
    tokens: upTo(
      rangeOf(alike, (one) => one.tokens),
      tokens,
    ),
    ...(priced.length < FEWEST_ROWS
      ? {}
      : {
          costUsd: upTo(
            rangeOf(priced, (one) => one.costUsd ?? 0),
            costUsd,
          ),
        }),
    ...(path === 'fast'
      ? {}
      : {
          subtasks: upTo(
            rangeOf(alike, (one) => one.subtasks),
            row.maxSubtasks,
          ),
        }),
  };
}

function weigh(rows: readonly TaskRow[], documents: number | undefined): Weighed[] {
  const weightOf = ({ documents: its }: TaskRow): number => {
    if (documents === undefined) return 1;
    if (its === undefined) return UNKNOWN_WEIGHT;
    return Math.exp(-(Math.log((its + 1) / (documents + 1)) ** 2) / (2 * CORPUS_SPREAD ** 2));
  };
  const weighed = rows.map((row) => ({ row, weight: weightOf(row) }));
  const sum = weighed.reduce((all, { weight }) => all + weight, 0);
  // Where hardly any is alike all of them say more than a few.
  return sum < FEWEST_ROWS / 2 ? rows.map((row) => ({ row, weight: 1 })) : weighed;
}

function rangeOf(of: readonly Weighed[], amount: (row: TaskRow) => number): EstimateRange {
  const sorted = of.map(({ row, weight }) => ({ value: amount(row), weight })).sort((a, b) => a.value - b.value);
  const all = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const at = (share: number): number => {
    let sum = 0;
    return sorted.find(({ weight }) => (sum += weight) >= share * all)?.value ?? sorted.at(-1)?.value ?? 0;
  };
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}

/** What is limited ends there. */
const upTo = ({ p10, p50, p90 }: EstimateRange, limit = Infinity): EstimateRange => ({
  p10: Math.min(p10, limit),
  p50: Math.min(p50, limit),
  p90: Math.min(p90, limit),
});
