// eta.ts: how much longer a task takes, from what the last closed tasks of its class and path took. Pure: same rows, same words.
// Whole tasks are weighed, not single stages drawn: a slow hour makes all stages of a task slow, and a sum of independent draws
// would promise too much.

import { MOST_ROWS, type TaskRow } from './class-history.ts';
import type { RequestClass } from './classes.ts';
import type { Path } from './path.ts';
import type { Stage } from './progress.ts';

/** Rows looked at, the newest. */
export const ETA_ROWS = MOST_ROWS / 2;
/** Below so many completed tasks the class's own numbers are told. */
export const FEWEST_ROWS = 20;

/** Where a task is. Times are ms of its own clock: pauses do not count. */
export interface EtaMoment {
  stage: Stage;
  inStageMs: number;
  /** Since it was accepted. */
  elapsedMs: number;
  /** Of the fan-out; absent before there is a plan. */
  subtasks?: { total: number; left: number };
  /** Visits tried again and further lives of subtasks, so far. */
  retries?: number;
  /** Default: `deep`. */
  path?: Path;
  /** Until its deadline, which ends the fan-out; absent before its first Activity, when none runs yet. */
  deadlineMs?: number;
}

/** What of a class is told where too few tasks have closed. */
export type EtaClass = Pick<RequestClass, 'slo' | 'fastBudgetMs'>;

/** What is left, in ms from that moment: half of such tasks take no more than `p50Ms`, nine of ten no more than `p90Ms`. */
export interface Eta {
  /** One of ten takes less. */
  p10Ms: number;
  p50Ms: number;
  p90Ms: number;
  basis: 'history' | 'class';
  /** Closed tasks it rests on; 0 with basis `class`. */
  rows: number;
}

const ORDER: readonly Stage[] = [
  'accepted',
  'answering',
  'preparing',
  'planning',
  'researching',
  'synthesizing',
  'closing',
];
/** As much as so many subtasks at most say of their stage: they share its slow model, so more of them say little more. */
const TOLD_BY_SUBTASKS = 4;
/**
 * When subtasks end within their stage is not on record: early, spread evenly and late are weighed alike, as powers of the share of
 * the stage by which a subtask has ended.
 */
const ENDS = [1 / 2, 1, 2];
/** What tasks without retries still say about one that has some. */
const CALM_WEIGHT = 0.25;
/** How far, in e-folds, a task with more or fewer subtasks is alike. */
const WIDTH_SPREAD = 0.7;

interface Weighed {
  ms: number;
  weight: number;
}

/**
 * @param rows of its class and path, newest first; those that did not complete are left out.
 * @param row its class, where that is known.
 * @returns undefined where there are too few rows and no class.
 */
export function etaOf(rows: readonly TaskRow[], now: EtaMoment, row: EtaClass): Eta;
export function etaOf(rows: readonly TaskRow[], now: EtaMoment, row?: EtaClass): Eta | undefined;
export function etaOf(rows: readonly TaskRow[], now: EtaMoment, row?: EtaClass): Eta | undefined {
  const done = rows.filter(({ ending }) => ending === 'completed').slice(0, ETA_ROWS);
  if (done.length < FEWEST_ROWS) {
    if (!row) return undefined;
    const left = (ms: number): number => Math.max(1_000, ms - now.elapsedMs);
    // A class says what 95 of 100 keep; that half of them take half of it is a rule of thumb.
    const mostMs = promisedMs(now, row);
    return told([left(mostMs * 0.1), left(mostMs * 0.5), left(mostMs)], now, { basis: 'class', rows: 0 });
  }
  const alike = weigh(done, now);
  const of = counted(alike) < FEWEST_ROWS ? beyondAll(done, now) : alike;
  of.sort((a, b) => a.ms - b.ms);
  // So many tasks stand for all that could be, and the next one is one of them and itself.
  const p90 = Math.min(1, 0.9 * (1 + 1 / Math.max(counted(of), FEWEST_ROWS)));
  const shares = [quantile(of, 0.1), quantile(of, 0.5), quantile(of, p90)] as const;
  return told(shares, now, { basis: 'history', rows: done.length });
}

/** The deadline ends every stage up to the fan-out; an answer is written after it, too. */
function told(
  of: readonly [p10: number, p50: number, p90: number],
  { stage, deadlineMs = Infinity }: EtaMoment,
  from: Pick<Eta, 'basis' | 'rows'>,
): Eta {
  const isEnded = ORDER.indexOf(stage) > ORDER.indexOf('researching');
  const most = isEnded ? Infinity : Math.max(1_000, deadlineMs);
  const [p10Ms, p50Ms, p90Ms] = [Math.min(of[0], most), Math.min(of[1], most), Math.min(of[2], most)];
  return { p10Ms, p50Ms, p90Ms, ...from };
}

/** Of an answer at once its budget, until that is over, or it is planned. */
const promisedMs = (now: EtaMoment, row: EtaClass): number =>
  isInBudget(now, row) ? row.fastBudgetMs : row.slo.p95Seconds * 1_000;

/** Whether it is to be answered at once, and may still be. */
export const isInBudget = (
  { path, stage, elapsedMs }: EtaMoment,
  { fastBudgetMs }: Pick<EtaClass, 'fastBudgetMs'>,
): boolean => path === 'fast' && (stage === 'accepted' || stage === 'answering') && elapsedMs < fastBudgetMs;

function weigh(rows: readonly TaskRow[], now: EtaMoment): Weighed[] {
  return rows.map((row) => ({
    ms: inStage(row, now.stage) - now.inStageMs + after(row, now.stage),
    weight: weightOf(row, now),
  }));
}

/** How much a closed task says about one that is here; 0 where it was through with this stage by this time. */
function weightOf(row: TaskRow, { stage, inStageMs, subtasks, retries = 0 }: EtaMoment): number {
  const took = inStage(row, stage);
  if (took < inStageMs || (took === 0 && inStageMs > 0)) return 0;
  const calm = row.retries >= Math.min(retries, 3) ? 1 : CALM_WEIGHT;
  if (!subtasks || subtasks.total === 0) return calm;
  const width = Math.exp(-(Math.log((row.subtasks + 1) / (subtasks.total + 1)) ** 2) / (2 * WIDTH_SPREAD ** 2));
  if (stage !== 'researching' || inStageMs <= 0) return calm * width;
  return calm * width * likelihood(Math.min(0.999, Math.max(0.001, inStageMs / took)), subtasks);
}

/**
 * How likely so many ends by now are, if now is `share` of the stage. The last one's end is the stage's own: it is left at every
 * moment, so that it is says nothing.
 */
function likelihood(share: number, { total, left }: { total: number; left: number }): number {
  const others = total - 1;
  const running = Math.max(0, left - 1);
  const counts = Math.min(1, TOLD_BY_SUBTASKS / total);
  const of = (power: number): number => {
    const ended = share ** power;
    return Math.exp(counts * ((others - running) * Math.log(ended) + running * Math.log(1 - ended)));
  };
  return ENDS.reduce((sum, power) => sum + of(power), 0) / ENDS.length;
}

/**
 * Too few are alike. Where enough were here at least as long they all count; else the longest ones say by which factor it may
 * still grow: up to the longest stage there was, and past that to twice what it has been by now. A factor alone knows no bound:
 * where most tasks are through with a stage in no time, one that took seconds is some thousand times one of them.
 */
function beyondAll(rows: readonly TaskRow[], { stage, inStageMs }: EtaMoment): Weighed[] {
  const byLength = [...rows].sort((a, b) => inStage(b, stage) - inStage(a, stage));
  const asLong = byLength.filter((row) => inStage(row, stage) >= inStageMs);
  if (asLong.length >= FEWEST_ROWS)
    return asLong.map((row) => ({ ms: inStage(row, stage) - inStageMs + after(row, stage), weight: 1 }));
  const longest = byLength.slice(0, FEWEST_ROWS);
  const least = Math.max(1, inStage(longest.at(-1)!, stage));
  const most = Math.max(inStage(longest[0]!, stage), 2 * inStageMs);
  return longest.map((row) => ({
    ms: Math.min(most, Math.max(inStageMs, least) * (inStage(row, stage) / least)) - inStageMs + after(row, stage),
    weight: 1,
  }));
}

/** Until a worker begins it is accepted, whatever its master has entered by then. */
const inStage = ({ stagesMs, queueMs = 0 }: TaskRow, stage: Stage): number =>
  stage === 'accepted' ? Math.max(queueMs, stagesMs.accepted ?? 0) : (stagesMs[stage] ?? 0);

const after = (row: TaskRow, stage: Stage): number =>
  stage === 'accepted' ? Math.max(0, row.totalMs - inStage(row, stage)) : stagesAfter(row, stage);

const stagesAfter = ({ stagesMs }: TaskRow, stage: Stage): number =>
  ORDER.slice(ORDER.indexOf(stage) + 1).reduce((sum, later) => sum + (stagesMs[later] ?? 0), 0);

/** How many tasks of equal weight these are worth (Kish). */
function counted(of: readonly Weighed[]): number {
  const sum = of.reduce((total, { weight }) => total + weight, 0);
  const squares = of.reduce((total, { weight }) => total + weight ** 2, 0);
  return squares === 0 ? 0 : sum ** 2 / squares;
}

/** @param sorted by `ms`, upward. */
function quantile(sorted: readonly Weighed[], share: number): number {
  const until = share * sorted.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  for (const { ms, weight } of sorted) if ((sum += weight) >= until && weight > 0) return Math.max(0, Math.round(ms));
  return Math.max(0, Math.round(sorted.at(-1)?.ms ?? 0));
}
