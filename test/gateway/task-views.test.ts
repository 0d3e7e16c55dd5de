// What many are shown of one task: by looks that the test answers, so that it is seen who waits for which.

import { TaskViews, type ViewParts } from '../../gateway/live/task-views.ts';
import type { TaskStatus } from '../../client/status.ts';
import type { EventCursor } from '../../protocol/events.ts';
import { until } from '../rig/until.ts';

const status = (phase: string, findings = 0, lastEvent = 0): TaskStatus => ({
  taskId: 't',
  state: 'running',
  goal: phase,
  startedAt: new Date(0),
  live: [],
  progress: {
    taskId: 't',
    state: 'running',
    stage: 'researching',
    goal: phase,
    headings: [],
    subtasks: [{ id: 's1', generation: 1, findings } as never],
    draft: '',
    coverage: {} as never,
    usage: {} as never,
    lastEvent,
  },
});

/** A task of which each look waits until the test answers it. */
function looked() {
  const looks: ((seen: TaskStatus) => void)[] = [];
  let findingsAsked = 0;
  let last: EventCursor | undefined = { run: 'r', n: 1 };
  const parts: ViewParts = {
    task: {
      taskId: 't',
      async *events() {},
      isOpen: async () => true,
      status: () => new Promise((done) => looks.push(done)),
      findings: async () => {
        findingsAsked += 1;
        return [{ id: 's1/g1/1' } as never];
      },
    },
    expectedOf: async () => ({ p10Ms: 1, p50Ms: 2, p90Ms: 3, basis: 'class' as const, rows: 0 }),
    resultOf: async () => undefined,
    percentOf: async (seen = 0) => seen,
    urls: { self: '', events: '', result: '' },
  };
  const views = new TaskViews(parts, {
    last: () => last,
    isEnded: (): boolean => false,
    signal: new AbortController().signal,
    took: () => undefined,
  });
  return {
    views,
    looks,
    findingsAsked: () => findingsAsked,
    happens: (n: number): void => void (last = { run: 'r', n }),
    async answer(at: number, seen: TaskStatus): Promise<void> {
      await until(`look ${at + 1}`, () => looks.length > at);
      looks[at]?.(seen);
    },
  };
}

test('who asks after an event that no stream told of gets what is known at once, and those behind them the newer one', async () => {
  const task = looked();
  const first = task.views.get();
  await task.answer(0, status('before'));
  expect((await first).goal).toBe('before');
  task.happens(2);
  for (let one = 0; one < 200; one += 1) expect((await task.views.get()).goal).toBe('before');
  // One look for all of them, and nobody has waited for it.
  expect(task.looks).toHaveLength(2);
  await task.answer(1, status('behind'));
  await until('the newer one', async () => (await task.views.get()).goal === 'behind');
  expect(task.looks).toHaveLength(2);
});

test('who may have seen an event in a stream is shown no view from before it, not even one whose look had begun', async () => {
  const task = looked();
  const first = task.views.get();
  await task.answer(0, status('before'));
  await first;
  task.happens(2);
  await task.views.get();
  // This look, too, began before the event that is told.
  task.happens(3);
  task.views.told();
  const shown = task.views.get();
  await task.answer(1, status('too early'));
  await task.answer(2, status('with it'));
  expect((await shown).goal).toBe('with it');
});

test('a view that already has an event in it when that is told is not read again', async () => {
  const task = looked();
  const first = task.views.get();
  await task.answer(0, status('ahead', 0, 5));
  await first;
  task.happens(5);
  task.views.told();
  expect((await task.views.get()).goal).toBe('ahead');
  expect(task.looks).toHaveLength(1);
});

test('findings are asked for when there are others than before', async () => {
  const task = looked();
  for (const [at, findings] of [0, 1, 1, 2, 2].entries()) {
    task.happens(at + 1);
    task.views.told();
    const shown = task.views.get();
    await task.answer(at, status('any', findings));
    expect((await shown).findings).toHaveLength(Math.min(findings, 1));
  }
  expect(task.findingsAsked()).toBe(2);
});

test('a task that was told something is shown as it is behind that, also where a look was under way', async () => {
  const task = looked();
  const first = task.views.get();
  await task.answer(0, status('running'));
  expect((await first).goal).toBe('running');
  task.views.changed();
  const second = task.views.get();
  await until('it is looked at again', () => task.looks.length === 2);
  task.views.changed();
  await task.answer(1, status('still running'));
  const again = task.answer(2, status('paused')).then(() => second);
  expect((await Promise.race([second, again])).goal).toBe('paused');
  expect((await task.views.get()).goal).toBe('paused');
});
