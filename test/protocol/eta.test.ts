// How much longer a task takes: on histories of six kinds that the rule was not made with, nine of ten keep what is told.

import { drawn, FAMILIES, momentOf, uniform, type Draw, type Drawn } from '../../bench/eta-families.ts';
import type { TaskRow } from '../../protocol/class-history.ts';
import { etaCoverage } from '../../protocol/eta-coverage.ts';
import { etaOf, type EtaMoment } from '../../protocol/eta.ts';

const CLASS = { slo: { p95Seconds: 120, owner: 'ops' }, fastBudgetMs: 6_000 };
describe.each(Object.entries(FAMILIES))('histories of the kind %s', (_name, draw) => {
  const u = uniform(20_261_126);
  const history = Array.from({ length: 600 }, (_, n) => drawn(draw, u, n).row);
  const totals = history.slice(0, 500).map(({ totalMs }) => totalMs);
  const fresh = Array.from({ length: 400 }, (_, n) => drawn(draw, u, n));

  test.each([0, 5_000, 20_000, 45_000])('%i ms after its start', (at) => {
    const told = fresh.flatMap((one) => {
      const moment = momentOf(one, at);
      return moment ? [{ ...etaOf(history, moment.now, CLASS), left: moment.left }] : [];
    });
    const kept = told.filter(({ left, p90Ms }) => left <= p90Ms).length / told.length;
    expect(told.length).toBeGreaterThan(100);
    expect(kept).toBeGreaterThanOrEqual(0.8);
    expect(kept).toBeLessThanOrEqual(0.98);
    const middle = told.map(({ p10Ms, p90Ms }) => p90Ms - p10Ms).sort((a, b) => a - b)[told.length >> 1]!;
    expect(middle).toBeLessThan(Math.max(...totals) - Math.min(...totals));
  });
});

/** By which share of the stage a subtask has ended. */
const ENDS = { early: (u: number) => u ** 2, evenly: (u: number) => u, late: (u: number) => u ** 0.5 };
/** A family that the rule was made with, unlike the six. */
const shared: Draw = (u, mean, slow) => mean * slow * -Math.log(u());

test.each(Object.entries(ENDS))('nine of ten keep what is told where subtasks end %s', (_when, by) => {
  const u = uniform(991);
  const one = (n: number): Drawn => {
    const { row } = drawn(shared, u, n);
    const whole = row.stagesMs.researching!;
    return { row, ends: [whole, ...Array.from({ length: row.subtasks - 1 }, () => whole * by(u()))] };
  };
  const history = Array.from({ length: 600 }, (_, n) => one(n).row);
  const told = Array.from({ length: 600 }, (_, n) => momentOf(one(n), 20_000))
    .filter((moment) => moment !== undefined)
    .map(({ now, left }) => left <= etaOf(history, now, CLASS).p90Ms);
  const kept = told.filter(Boolean).length / told.length;
  expect(kept).toBeGreaterThanOrEqual(0.86);
  expect(kept).toBeLessThanOrEqual(0.97);
});

test('that the last subtask is left says nothing: its end is the end of the stage', () => {
  const rows = HISTORY.map((row) => ({ ...row, subtasks: 1 }));
  const alone = { stage: 'researching', inStageMs: 20_000, elapsedMs: 26_000 } as const;
  expect(etaOf(rows, { ...alone, subtasks: { total: 1, left: 1 } }, CLASS)).toEqual(etaOf(rows, alone, CLASS));
});

const HISTORY = Array.from({ length: 100 }, (_, n) => drawn(FAMILIES.lognormal!, uniform(n), n).row);
const researching = (inStageMs: number, left: number): EtaMoment => ({
  stage: 'researching',
  inStageMs,
  elapsedMs: 6_000 + inStageMs,
  subtasks: { total: 6, left },
});

test('more ended subtasks, fewer retries and a later stage mean less time, a long stage never nothing', () => {
  const p50 = (now: EtaMoment): number => etaOf(HISTORY, now, CLASS).p50Ms;
  expect(p50(researching(20_000, 1))).toBeLessThan(p50(researching(20_000, 5)));
  expect(p50({ stage: 'synthesizing', inStageMs: 0, elapsedMs: 40_000 })).toBeLessThan(p50(researching(0, 6)));
  const slow = HISTORY.map((row) =>
    row.retries > 0 ? { ...row, stagesMs: { ...row.stagesMs, researching: 200_000 } } : row,
  );
  const calm = etaOf(slow, { ...researching(0, 6), retries: 0 }, CLASS);
  const tried = etaOf(slow, { ...researching(0, 6), retries: 1 }, CLASS);
  expect(tried.p50Ms).toBeGreaterThan(calm.p50Ms);
  // Longer than any before it: it is told that it takes as much longer as the longest ones did.
  const beyond = etaOf(HISTORY, researching(1_000_000, 1), CLASS);
  expect(beyond.p90Ms).toBeGreaterThan(etaOf(HISTORY, researching(100_000, 1), CLASS).p90Ms);
});

test('below twenty completed tasks the class says it, and without a class nobody does', () => {
  const few = [...HISTORY.slice(0, 19), ...HISTORY.map((row) => ({ ...row, ending: 'failed' as const }))];
  const now = { stage: 'accepted', inStageMs: 0, elapsedMs: 20_000 } as const;
  expect(etaOf(few, now, CLASS)).toEqual({ p10Ms: 1_000, p50Ms: 40_000, p90Ms: 100_000, basis: 'class', rows: 0 });
  expect(etaOf(few, now)).toBeUndefined();
  expect(etaOf(HISTORY.slice(0, 20), now, CLASS)).toMatchObject({ basis: 'history', rows: 20 });
  expect(etaOf(HISTORY, now, CLASS)).toEqual(etaOf(HISTORY, now, CLASS));
});

test('of an answer at once its class says the budget, until that is over or it is planned', () => {
  const now = { stage: 'answering', inStageMs: 0, elapsedMs: 1_000, path: 'fast' } as const;
  expect(etaOf([], now, CLASS)).toMatchObject({ p50Ms: 2_000, p90Ms: 5_000, basis: 'class' });
  expect(etaOf([], { ...now, elapsedMs: 6_000 }, CLASS)).toMatchObject({ p90Ms: 114_000 });
  expect(etaOf([], { ...now, stage: 'planning' }, CLASS)).toMatchObject({ p90Ms: 119_000 });
});

/** Newest first, one after the other. */
const inARow = (rows: readonly TaskRow[]): TaskRow[] => {
  let now = 0;
  return rows.map((row) => ({ ...row, endedAt: (now += row.totalMs + 1) })).reverse();
};

test.each(Object.entries(FAMILIES))(
  'what is told at a start is kept as often as is meant, by histories of the kind %s',
  (_kind, draw) => {
    const u = uniform(7);
    const rows = inARow(Array.from({ length: 400 }, (_, n) => drawn(draw, u, n).row));
    const { tasks, within, byClass } = etaCoverage(rows, CLASS);
    expect([tasks, byClass]).toEqual([100, 0]);
    expect(within / tasks).toBeGreaterThanOrEqual(0.8);
    expect(within / tasks).toBeLessThanOrEqual(0.99);
  },
);

test('a promise that is not kept any more shows, and each task is held against what had closed before it began', () => {
  const u = uniform(8);
  const rows = Array.from({ length: 120 }, (_, n) => drawn(FAMILIES.lognormal!, u, n).row);
  const slower = rows.map((row, n) => (n < 90 ? row : { ...row, totalMs: row.totalMs * 5 }));
  const kept = etaCoverage(inARow(rows), CLASS);
  const broken = etaCoverage(inARow(slower), CLASS);
  expect(kept.within / kept.tasks).toBeGreaterThan(0.8);
  expect(broken.within).toBeLessThan(kept.within - 10);
  // All began at once: nothing had closed before any, so the class told them.
  const atOnce = rows.map((row) => ({ ...row, endedAt: row.totalMs }));
  expect(etaCoverage(atOnce, CLASS).byClass).toBe(100);
  expect(etaCoverage(atOnce)).toEqual({ tasks: 0, within: 0, byClass: 0 });
  expect(
    etaCoverage(
      rows.map((row) => ({ ...row, ending: 'failed' as const })),
      CLASS,
    ).tasks,
  ).toBe(0);
});

test('who waits for a worker is told by how long others had waited, and what they took from then on', () => {
  const rows = HISTORY.map((row, n) => ({
    ...row,
    queueMs: 1_000 * (1 + (n % 30)),
    totalMs: 1_000 * (1 + (n % 30)) + 10_000,
  }));
  const waiting = (inStageMs: number) => etaOf(rows, { stage: 'accepted', inStageMs, elapsedMs: inStageMs }, CLASS);
  expect(waiting(0).p50Ms).toBeGreaterThan(20_000);
  // Of those that waited that long most began soon after.
  expect(waiting(20_000).p50Ms).toBeLessThan(17_000);
  expect(waiting(20_000).p90Ms).toBeGreaterThan(waiting(20_000).p50Ms);
});

/** Most were through with the stage in no time, a few took seconds: 29 tasks, the longest of 30 s. */
const FEW_SLOW = Array.from({ length: 29 }, (_, n): TaskRow => {
  const researching = n < 22 ? 1 + n : (n - 21) * 4_000;
  const stagesMs = { accepted: 5, preparing: 10, planning: 80, researching, synthesizing: 100 };
  return { ...HISTORY[0]!, stagesMs, retries: 0, subtasks: 1 + (n % 6), totalMs: 195 + researching };
});

test('however unlike the tasks before were, nothing is told above the longest of them or twice its own time', () => {
  const longest = Math.max(...FEW_SLOW.map(({ totalMs }) => totalMs));
  for (const inStageMs of [0, 1, 10, 60, 100, 500, 3_000, 13_000]) {
    const now = { ...researching(inStageMs, 3), elapsedMs: 95 + inStageMs };
    expect(etaOf(FEW_SLOW, now, CLASS).p90Ms).toBeLessThanOrEqual(longest);
    expect(etaOf(FEW_SLOW, now, CLASS).basis).toBe('history');
  }
  const late = etaOf(FEW_SLOW, researching(100_000, 3), CLASS);
  expect(late.p90Ms).toBeLessThanOrEqual(100_000 + 100);
  expect(late.p90Ms).toBeGreaterThan(longest);
});

test('nobody is told more than what is left until the deadline, and once that has ended the fan-out it says nothing', () => {
  const late = { ...researching(100_000, 3), deadlineMs: 20_000 };
  expect(etaOf(FEW_SLOW, late, CLASS)).toMatchObject({ p50Ms: expect.any(Number), p90Ms: 20_000 });
  expect(etaOf([], { ...late, elapsedMs: 0 }, CLASS)).toMatchObject({ p90Ms: 20_000, basis: 'class' });
  const writing = { stage: 'synthesizing', inStageMs: 0, elapsedMs: 900_000, deadlineMs: -5_000 } as const;
  expect(etaOf(HISTORY, writing, CLASS)).toEqual(etaOf(HISTORY, { ...writing, deadlineMs: 900_000 }, CLASS));
  expect(etaOf(HISTORY, writing, CLASS).p90Ms).toBeGreaterThan(1_000);
});
