// How much longer a task takes, as a status tells it: from the rows of its class that the store has, by the task's own clock.

import { timeAtStart, timeInAll, timeLeft } from '../../client/time-left.ts';
import type { TaskStatus } from '../../client/status.ts';
import { newView, applyStatus } from '../../client/cli/render/task-view.ts';
import { treeLines } from '../../client/cli/render/tree-lines.ts';
import type { TaskRow } from '../../protocol/class-history.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { watchClasses } from '../../telemetry/metrics/class-gauges.ts';
import { metrics } from '../../telemetry/metrics/registry.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { NO_USAGE } from '../../protocol/usage.ts';

const NOW = 1_000_000;
/** All took 10 s to research and 5 s to write. */
const ROWS = Array.from({ length: 30 }, (_, n): TaskRow => {
  const stagesMs = { accepted: 0, researching: 10_000, synthesizing: 5_000 };
  return {
    run: `r${n}`,
    class: 'standard',
    path: 'deep',
    endedAt: n,
    ending: 'completed',
    totalMs: 15_000,
    stagesMs,
    retries: 0,
    subtasks: 2,
    tokens: 0,
  };
});

function storeOf(rows: TaskRow[] | Error) {
  let asked = 0;
  return {
    outcomes: (async () => {
      asked += 1;
      if (rows instanceof Error) throw rows;
      return rows;
    }) as never,
    asked: () => asked,
  };
}

const status = (over: Partial<TaskStatus> = {}, waitedMs = 0): TaskStatus => ({
  taskId: 't',
  state: 'running',
  goal: 'g',
  class: 'standard',
  startedAt: new Date(NOW - 4_000 - waitedMs),
  progress: {
    taskId: 't',
    state: 'running',
    stage: 'researching',
    stageSince: NOW - 4_000 - waitedMs,
    ...(waitedMs > 0 ? { waitedMs } : {}),
    goal: 'g',
    headings: [],
    subtasks: [],
    draft: '',
    coverage: NO_COVERAGE,
    usage: NO_USAGE,
    lastEvent: 1,
  },
  live: [],
  ...over,
});

test('it is told from the rows of its class, which are read once however many ask', async () => {
  const store = storeOf(ROWS);
  const left = await timeLeft(store, status(), NOW);
  expect(left).toEqual({ p10Ms: 11_000, p50Ms: 11_000, p90Ms: 11_000, basis: 'history', rows: 30 });
  await Promise.all(Array.from({ length: 10 }, () => timeLeft(store, status(), NOW)));
  expect(store.asked()).toBe(1);
});

test('a question that is to be answered at once is told by what such questions took', async () => {
  const asked: unknown[] = [];
  const store = { outcomes: (async (of: unknown) => (asked.push(of), [])) as never };
  const { progress } = status();
  await timeLeft(store, status({ progress: { ...progress!, path: 'fast', stage: 'answering' } }), NOW);
  await timeLeft(store, status(), NOW);
  await timeAtStart(store, BUILT_IN_CLASSES.quick, 'fast');
  expect(asked).toEqual([
    { class: 'standard', path: 'fast' },
    { class: 'standard', path: 'deep' },
    { class: 'quick', path: 'fast' },
  ]);
});

test('of an answer at once that is late, or planned, nobody is told its budget as the time that it takes', async () => {
  const { progress } = status();
  const answering = (of: object, atMs: number) =>
    timeInAll(
      storeOf([]),
      status({ progress: { ...progress!, path: 'fast', stage: 'answering', ...of } }),
      BUILT_IN_CLASSES.standard,
      NOW - 4_000 + atMs,
    );
  expect(await answering({}, 1_000)).toMatchObject({ p90Ms: 6_000, basis: 'class' });
  expect(await answering({}, 7_000)).toMatchObject({ p90Ms: 300_000, basis: 'class' });
  expect(await answering({ stage: 'planning' }, 1_000)).toMatchObject({ p90Ms: 300_000, basis: 'class' });
});

test('a pause is none of its time, and one that stands still or has ended is told nothing', async () => {
  expect(await timeLeft(storeOf(ROWS), status({}, 600_000), NOW)).toMatchObject({ p50Ms: 11_000 });
  for (const over of [
    { state: 'paused' },
    { state: 'waiting' },
    { state: 'completed', closedAt: new Date(NOW) },
  ] as const)
    expect(await timeLeft(storeOf(ROWS), status(over), NOW)).toBeUndefined();
});

test('what is left until the deadline goes by the deadline as it was moved, and by the task’s own time', async () => {
  const { progress } = status({}, 600_000);
  const of = (seconds: number) => ({
    ...progress!,
    promise: { ...BUILT_IN_CLASSES.standard, deadlineAt: NOW - 604_000 + seconds * 1_000 },
  });
  const told = async (seconds: number) =>
    await timeLeft(storeOf(ROWS), status({ progress: of(seconds) }, 600_000), NOW);
  expect(await told(9)).toMatchObject({ p50Ms: 5_000, p90Ms: 5_000, basis: 'history' });
  expect(await told(12)).toMatchObject({ p90Ms: 8_000 });
  expect(await told(900)).toMatchObject({ p90Ms: 11_000 });
});

test('without rows, or with a store that is away, the class says it; one that nobody knows says nothing', async () => {
  expect(await timeLeft(storeOf([]), status(), NOW)).toMatchObject({ basis: 'class', p90Ms: 296_000 });
  expect(await timeLeft(storeOf(new Error('away')), status(), NOW)).toMatchObject({ basis: 'class' });
  expect(await timeLeft(undefined, status({ class: 'their-own' }), NOW)).toBeUndefined();
});

test('a class of one’s own, and a built-in one that was changed, is told by what its task was started with', async () => {
  const { progress } = status();
  const promise = { slo: { p95Seconds: 20, owner: 'desk' }, fastBudgetMs: 2_000 };
  const told = (name: string) =>
    timeLeft(storeOf([]), status({ class: name, progress: { ...progress!, promise } }), NOW);
  expect(await told('their-own')).toMatchObject({ basis: 'class', p90Ms: 16_000 });
  expect(await told('standard')).toMatchObject({ basis: 'class', p90Ms: 16_000 });
});

test('the live tree says it, and no longer once the task has closed', async () => {
  const view = newView('t', NOW - 4_000);
  const left = await timeLeft(storeOf(ROWS), status(), NOW);
  applyStatus(view, { ...status(), left: left! });
  const plain = new Proxy({}, { get: () => (text: string) => text }) as never;
  const head = (): string => treeLines(view, { columns: 100, rows: 20 }, NOW, plain).join('\n');
  expect(head()).toContain('researching · 4 s · about 11 s left, 9 of 10 within 11 s');
  applyStatus(view, status());
  expect(head()).not.toContain('left');
});

test('who asks a worker for metrics is told how often the time told was kept, of what has closed', async () => {
  const rows = Array.from({ length: 60 }, (_, n) => ({
    ...ROWS[0]!,
    endedAt: 1e6 - n * 20_000,
    totalMs: n === 0 ? 99_000 : 15_000,
  }));
  const store = { outcomes: (async ({ path }: { path: string }) => (path === 'deep' ? rows : [])) as never };
  const end = watchClasses(metrics, store, [BUILT_IN_CLASSES.standard]);
  const families = await metrics.collect(['worker']);
  end();
  const series = (name: string) =>
    families.find((one) => one.name === name)?.series.map(({ labels, value }) => ({ ...labels, value }));
  expect(series('muster_eta_coverage_tasks')).toEqual([{ class: 'standard', path: 'deep', value: 60 }]);
  // All but the one that took far longer than those before it.
  expect(series('muster_eta_coverage_ratio')).toEqual([{ class: 'standard', path: 'deep', value: 59 / 60 }]);
});
