// What a task would take, from what others took.

import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { TaskRow } from '../../protocol/class-history.ts';
import { estimateTask } from '../../protocol/estimate.ts';
import { etaOf } from '../../protocol/eta.ts';
import { planned } from './route-rows.ts';

const { standard } = BUILT_IN_CLASSES;
/** A hundred tasks: the n-th took n thousand tokens and n cents, over n documents. */
const hundred = Array.from({ length: 100 }, (_, at): TaskRow => ({
  ...planned(at, { subtasks: 1 + (at % 5) }),
  tokens: (at + 1) * 1_000,
  costUsd: (at + 1) / 100,
  documents: at + 1,
})).reverse();
const noise: TaskRow[] = ['failed', 'cancelled'].map((ending) => ({
  ...planned(200),
  ending: ending as 'failed',
  tokens: 9e9,
}));

test('an estimate is made of the tasks of its class and path that completed, and says how many they are', () => {
  const { timeMs, ...rest } = estimateTask([...noise, ...hundred], standard, 'deep');
  expect(rest).toEqual({
    class: 'standard',
    path: 'deep',
    basis: 'history',
    tasks: 100,
    tokens: { p10: 10_000, p50: 50_000, p90: 90_000 },
    costUsd: { p10: 0.1, p50: 0.5, p90: 0.9 },
    subtasks: { p10: 1, p50: 3, p90: 5 },
    most: { seconds: 900, subtasks: 8, subtask: { tokens: 200_000 } },
  });
  // The same as a task is told that was just accepted.
  const { p10Ms, p50Ms, p90Ms } = etaOf(hundred, { stage: 'accepted', inStageMs: 0, elapsedMs: 0 }, standard);
  expect(timeMs).toEqual({ p10: p10Ms, p50: p50Ms, p90: p90Ms });
});

test('without a history an estimate has the class’s own numbers, and says so', () => {
  const estimate = estimateTask(hundred.slice(0, 19), standard, 'deep');
  expect(estimate).toEqual({
    class: 'standard',
    path: 'deep',
    basis: 'class',
    tasks: 19,
    timeMs: { p10: 30_000, p50: 150_000, p90: 300_000 },
    most: { seconds: 900, subtasks: 8, subtask: { tokens: 200_000 } },
  });
  // Rows of older versions have no dollars.
  const [first, ...others] = hundred.map(({ costUsd: _none, ...one }) => one);
  expect(estimateTask([{ ...first!, costUsd: 1 }, ...others], standard, 'deep').costUsd).toBeUndefined();
});

test('tasks over about as many documents count more', () => {
  const of = (documents: number) => estimateTask(hundred, standard, 'deep', { documents, passages: 1 });
  expect(of(5)).toMatchObject({ corpus: { documents: 5, passages: 1 }, tasks: 100 });
  expect(of(5).tokens!.p50).toBeLessThan(20_000);
  expect(of(90).tokens!.p50).toBeGreaterThan(55_000);
  // Where none is alike, all of them tell.
  expect(of(1e6).tokens).toEqual({ p10: 10_000, p50: 50_000, p90: 90_000 });
});

test('a budget bounds an estimate, and it is told how many tasks would have kept it', () => {
  const of = (budget: object) => estimateTask(hundred, { ...standard, budget }, 'deep');
  expect(of({ tokens: 60_000 })).toMatchObject({
    tokens: { p10: 10_000, p50: 50_000, p90: 60_000 },
    most: { tokens: 60_000 },
    within: 60,
  });
  expect(of({ tokens: 60_000, costUsd: 0.2 })).toMatchObject({ costUsd: { p50: 0.2 }, within: 20 });
});
