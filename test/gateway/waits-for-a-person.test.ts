// What GET /tasks/{id} shows of a task that waits for a person, or whose documents disagree, and that the client without gRPC reads
// all of it.

import { statusOf } from '../../client/http/wire-task.ts';
import type { TaskStatus } from '../../client/status.ts';
import { task } from '../../gateway/wire/schemas.ts';
import { taskView } from '../../gateway/wire/task-view.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { etaOf } from '../../protocol/eta.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { NO_USAGE } from '../../protocol/usage.ts';

const UNTIL = Date.UTC(2026, 0, 2);
const PROGRESS: NonNullable<TaskStatus['progress']> = {
  taskId: 't',
  state: 'waiting',
  waitingFor: 'person',
  waitedMs: 600_000,
  questions: [{ subtask: 's1', generation: 1, handle: 'h', until: UNTIL, question: 'Which?', choices: ['A', 'B'] }],
  proposal: { hash: 'ab', until: UNTIL, estimate: { subtasks: 1, tokens: 2, seconds: 3, costUsd: 0.5 } },
  stage: 'researching',
  goal: 'g',
  headings: [],
  subtasks: [],
  draft: '',
  coverage: NO_COVERAGE,
  usage: NO_USAGE,
  lastEvent: 3,
};
const STATUS: TaskStatus = {
  taskId: 't',
  state: 'waiting',
  waitingFor: 'person',
  goal: 'g',
  startedAt: new Date(0),
  progress: PROGRESS,
  live: [],
};
const viewOf = (status: TaskStatus, now: number) =>
  taskView(
    {
      status,
      expected: etaOf([], { stage: 'accepted', inStageMs: 0, elapsedMs: 0 }, BUILT_IN_CLASSES.standard),
      findings: [],
      percent: 0,
    },
    undefined,
    { self: '', events: '', result: '' },
    now,
  );

test('a task that waits for a person says so, with its questions and its plan, on the wire and back', () => {
  const view = viewOf(STATUS, 700_000);
  expect(task.parse(view)).toMatchObject({
    status: 'waiting',
    waiting_for: 'person',
    questions: [{ handle: 'h', until: '2026-01-02T00:00:00.000Z', choices: ['A', 'B'] }],
    proposal: { hash: 'ab', until: '2026-01-02T00:00:00.000Z', estimate: { cost_usd: 0.5 } },
  });
  const { waitedMs: _waited, ...read } = PROGRESS;
  expect(statusOf(view)).toMatchObject({ state: 'waiting', waitingFor: 'person', progress: read });
});

test('what its documents say differently stands in a task on the wire, and is read back', () => {
  const conflicts = [
    {
      about: 'seats',
      sides: [
        { source: 'a.md', value: '30 minutes' },
        { source: 'b.md', value: '1 h' },
      ],
      asks: 's3',
      holds: 1,
    },
  ];
  const view = viewOf({ ...STATUS, state: 'running', progress: { ...PROGRESS, conflicts } }, 700_000);
  expect(task.parse(view)).toMatchObject({ conflicts });
  expect(statusOf(view).progress).toMatchObject({ conflicts });
});

test('the time that it waited for a person is in no estimate', () => {
  // 700 s after its start, of which it waited 600: like one that runs for 100.
  const plain: TaskStatus = { ...STATUS, state: 'running', progress: { ...PROGRESS, waitedMs: 0 } };
  expect(viewOf(STATUS, 700_000).estimated_time_left).toBe(viewOf(plain, 100_000).estimated_time_left);
  expect(viewOf(plain, 700_000).estimated_time_left).not.toBe(viewOf(plain, 100_000).estimated_time_left);
});
