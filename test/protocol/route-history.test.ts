// What the last rows make of the router's thresholds: misroutes are counted from what happened, and the verdict follows a model that
// gets slower or faster, without swinging to and fro.

import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { MOST_STEPS, ROUTE_ROWS, misroutes, thresholds } from '../../protocol/route-history.ts';
import { needsOf } from '../../protocol/route-needs.ts';
import { route } from '../../protocol/route.ts';
import type { TaskRow } from '../../protocol/class-history.ts';
import { answered, notEnough, planned, rowsOf } from './route-rows.ts';

const BUDGET_MS = 6_000;
const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_none, at) => make(at));

test('late, not enough and sent deep without need are each counted from what was recorded', () => {
  // One mistake, not two.
  const late = { ...notEnough(9, 2), stagesMs: { answering: 7_000, planning: 1_000 } };
  const rows = rowsOf({
    fast: [answered(1, 2_000), answered(2, 7_000), notEnough(3, 2), answered(4, 3_000, { by: 'caller' }), late],
    deep: [
      planned(5, { by: 'time', subtasks: 1 }),
      planned(6, { by: 'question', subtasks: 4 }),
      planned(7, { by: 'question', subtasks: 1, synthesizing: 8_000 }),
      planned(8, { by: 'caller', subtasks: 1 }),
    ],
  });
  expect(misroutes(rows, BUDGET_MS)).toEqual({ promised: 5, late: 1, notEnough: 2, sentDeep: 3, wouldHaveFitted: 1 });
});

test('answers that come late more often than one in ten lower what they may take, and never below seven tenths', () => {
  const at = (late: number) =>
    thresholds(rowsOf({ fast: many(50, (n) => answered(n, n < late ? 7_000 : 2_000)) }), BUDGET_MS).mostMs;
  expect([at(0), at(5), at(10), at(50)]).toEqual([6_000, 6_000, 4_800, 4_200]);
});

test('looks up to which one call is tried go up where planning found nothing to plan, and down where one call was not enough', () => {
  expect(thresholds(rowsOf({}), BUDGET_MS).mostSteps).toBe(MOST_STEPS.usual);
  const idle = many(40, (at) => planned(at, { subtasks: 1, steps: 3 }));
  expect(thresholds(rowsOf({ deep: idle }), BUDGET_MS).mostSteps).toBe(MOST_STEPS.most);
  const failed = many(40, (at) => notEnough(at, 2));
  expect(thresholds(rowsOf({ fast: failed }), BUDGET_MS).mostSteps).toBe(MOST_STEPS.least);
  const allFailed = many(100, (at) => notEnough(at, 1));
  expect(thresholds(rowsOf({ fast: allFailed }), BUDGET_MS).mostSteps).toBe(MOST_STEPS.least);
});

/** Runs tasks one after the other through the router; `callMs` is what one call takes the task of that number. */
function run(tasks: number, callMs: (at: number) => number): ('fast' | 'deep')[] {
  const needs = needsOf('At which pressure does the relief valve open?');
  const fast: TaskRow[] = [];
  const deep: TaskRow[] = [];
  return many(tasks, (at) => {
    const { path, by } = route({
      asked: 'auto',
      class: BUILT_IN_CLASSES.standard,
      needs,
      sources: { named: 1, isIndexed: true },
      rows: { fast: fast.slice(0, ROUTE_ROWS), deep: deep.slice(0, ROUTE_ROWS) },
    });
    const ms = callMs(at);
    if (path === 'fast') fast.unshift(answered(at, ms, { by }));
    // Writing from findings is somewhat slower than answering at once.
    else deep.unshift(planned(at, { by, steps: 1, subtasks: 1, planning: ms * 0.8, synthesizing: ms * 1.1 }));
    return path;
  });
}

/** Log-normal around a middle, the same each time. */
function noise(spread: number, seed = 1): (middle: number) => number {
  let state = seed;
  const uniform = (): number => ((state = (state * 1_103_515_245 + 12_345) % 2 ** 31) + 1) / (2 ** 31 + 1);
  return (middle) =>
    middle * Math.exp(spread * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

const changes = (paths: readonly string[]): number =>
  paths.filter((path, at) => at > 0 && path !== paths[at - 1]).length;

test('a model that becomes slow is planned for within 50 tasks, and one that becomes fast again is asked at once within 50', () => {
  const draw = noise(0.3);
  const paths = run(400, (at) => draw(at >= 100 && at < 250 ? 9_000 : 2_000));
  expect(new Set(paths.slice(0, 100))).toEqual(new Set(['fast']));
  expect(new Set(paths.slice(150, 250))).toEqual(new Set(['deep']));
  expect(new Set(paths.slice(300))).toEqual(new Set(['fast']));
  expect(changes(paths)).toBe(2);
});

test.each([0.7, 0.9, 1, 1.15])(
  'a model whose answers take up to %d of the budget nine times in ten does not make the router swing',
  (share) => {
    const spread = 0.3;
    // Its 90th percentile.
    const middle = (BUDGET_MS * share) / Math.exp(1.2816 * spread);
    const all = many(3, (seed) => {
      const draw = noise(spread, seed + 1);
      return changes(run(250, () => draw(middle)));
    });
    expect(Math.max(...all)).toBeLessThanOrEqual(4);
  },
);

test('a slow drift through the budget and back is followed with few changes', () => {
  const draw = noise(0.25);
  const paths = run(800, (at) => draw(2_000 + 6_000 * Math.sin((Math.PI * at) / 800)));
  expect(paths.slice(0, 50)).not.toContain('deep');
  expect(paths.slice(350, 450)).not.toContain('fast');
  expect(paths.slice(-30)).not.toContain('deep');
  expect(changes(paths)).toBeLessThanOrEqual(6);
});
