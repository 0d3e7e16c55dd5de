// What closed tasks took, and whether a promise is kept: of the rows of the class history alone.

import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { TaskRow } from '../../protocol/class-history.ts';
import { attainment, measured } from '../../protocol/measure.ts';
import { answered, planned, rowsOf } from './route-rows.ts';

const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_none, at) => make(at));

test('P50, P95 and P99 are of those that completed, the other numbers of all', () => {
  const rows: TaskRow[] = [
    ...many(100, (at) => answered(at, (at + 1) * 10)),
    { ...answered(200, 99_000), ending: 'failed', retries: 2 },
    { ...answered(201, 99_000), ending: 'cancelled' },
  ];
  expect(measured(rows)).toMatchObject({
    class: 'standard',
    path: 'fast',
    tasks: 102,
    failed: 1,
    cancelled: 1,
    p50Ms: 500,
    p95Ms: 950,
    p99Ms: 990,
    retried: 0.01,
  });
  expect(measured([])).toBeUndefined();
});

test('where no task completed nothing is said of how long they take', () => {
  const failed = measured(many(12, (at) => ({ ...answered(at, 100), ending: 'failed' as const })));
  expect(failed).toMatchObject({ tasks: 12, failed: 12 });
  expect(Object.keys(failed!)).not.toEqual(expect.arrayContaining(['p50Ms']));
});

test('arrivals are counted by when tasks were accepted, the busiest second among them', () => {
  const at = (ms: number): TaskRow => ({ ...answered(0, 1_000), endedAt: ms + 1_000 });
  const rows = [...many(20, (n) => at(n * 40)), ...many(10, (n) => at(10_000 + n * 1_000))];
  expect(measured(rows)?.perSecond).toEqual({ mean: 1.579, peak: 20 });
});

const quick = { ...BUILT_IN_CLASSES.quick, slo: { p95Seconds: 5, percentile: 90, owner: 'search team' } };

test('a promise counts those that took longer and those that failed, and says what is left of the error budget', () => {
  const fast = [...many(96, (at) => answered(at, 2_000)), ...many(2, (at) => answered(100 + at, 5_001))];
  const failed = many(2, (at): TaskRow => ({ ...planned(110 + at), ending: 'failed', totalMs: 100 }));
  const stopped: TaskRow = { ...planned(120), ending: 'cancelled', totalMs: 90_000 };
  const kept = attainment(quick, rowsOf({ fast, deep: [...failed, stopped] }), 0);
  expect(kept).toMatchObject({
    owner: 'search team',
    percentile: 90,
    seconds: 5,
    tasks: 100,
    missed: 4,
    attained: 96,
    budgetLeft: 0.6,
  });
  expect(kept.worst.map(({ ending, totalMs }) => [ending, totalMs])).toEqual([
    ['failed', 100],
    ['failed', 100],
    ['completed', 5_001],
    ['completed', 5_001],
  ]);
});

test('only the window counts, and where more rows may have been in it than are kept, that is said', () => {
  const old = many(10, (at) => answered(at, 9_000));
  const fresh = many(10, (at) => answered(100 + at, 1_000));
  const since = fresh[0]!.endedAt;
  expect(attainment(quick, rowsOf({ fast: [...old, ...fresh] }), since)).toMatchObject({
    tasks: 10,
    missed: 0,
    budgetLeft: 1,
  });
  expect(attainment(quick, rowsOf({ fast: old }), since)).not.toHaveProperty('attained');
  const full = many(1_000, (at) => answered(at, 1_000));
  expect(attainment(quick, rowsOf({ fast: full }), 0).fromAt).toBe(full[0]!.endedAt);
});
