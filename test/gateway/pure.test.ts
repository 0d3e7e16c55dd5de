// What the gateway decides without asking anybody: names on the wire, which status may follow which, percent, and the frames
// that a reader gets from the log.

import fc from 'fast-check';
import { ALL_STAGES } from './stages.ts';
import { EventLog } from '../../gateway/live/event-log.ts';
import { accepted } from '../../gateway/wire/accept.ts';
import { etaOf } from '../../protocol/eta.ts';
import { estimateOf, timeLeft } from '../../gateway/wire/estimate.ts';
import { isEnded, nextStatus, TRANSITIONS } from '../../gateway/wire/transitions.ts';
import { fromWire, toWire, type Wire } from '../../protocol/wire.ts';
import { BUILT_IN_CLASSES, limitsProblem, withinLimits } from '../../protocol/classes.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { percentOf } from '../../protocol/percent.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { TaskState } from '../../protocol/task.ts';
import { NO_USAGE } from '../../protocol/usage.ts';

const RESULT: TaskResult = {
  v: 1,
  taskId: 't',
  run: 'r',
  outcome: 'completed',
  goal: 'g',
  data: { someKey: 1, at: 5, nested: { innerKey: 2 } },
  coverage: { done: 1, failed: 0, skipped: 0, subtasks: [], gaps: [] },
  usage: { ...NO_USAGE, byModel: { 'gpt-5 miniBig': { calls: 1, inputTokens: 2, outputTokens: 3 } } },
  timings: { acceptedAt: 1_700_000_000_000, closedAt: 1_700_000_001_000 },
};

test('a result goes over the wire in snake_case with ISO times, and a caller’s own JSON and names of models stay as they are', () => {
  const wire: Wire<TaskResult> = toWire(RESULT);
  expect(wire).toMatchObject({
    task_id: 't',
    data: { someKey: 1, at: 5, nested: { innerKey: 2 } },
    timings: { accepted_at: '2023-11-14T22:13:20.000Z', closed_at: '2023-11-14T22:13:21.000Z' },
  });
  expect(wire.usage.by_model).toEqual({ 'gpt-5 miniBig': { calls: 1, input_tokens: 2, output_tokens: 3 } });
  expect(fromWire<TaskResult>(wire)).toEqual(RESULT);
});

test('every event goes over the wire and back unchanged', () => {
  const events: TaskEvent[] = [
    { v: 1, run: 'r', n: 1, at: 1_700_000_000_000, type: 'task.accepted', goal: 'g', class: 'c' },
    {
      v: 1,
      run: 'r',
      n: 2,
      at: 2,
      type: 'subtask.finding',
      subtask: 's1',
      generation: 1,
      finding: { id: 's1/g1/1', claim: 'c', at: 'file.md:3' },
    },
    {
      v: 1,
      run: 'r',
      n: 3,
      at: 3,
      type: 'subtask.waiting',
      subtask: 's1',
      generation: 1,
      handles: [{ handle: 'h', until: 1_700_000_000_000 }],
    },
  ];
  for (const event of events) expect(fromWire<TaskEvent>(toWire(event))).toEqual(event);
  expect(toWire(events[2])).toMatchObject({ handles: [{ until: '2023-11-14T22:13:20.000Z' }] });
});

test('any JSON of the library comes back from the wire as it was', () => {
  const name = fc
    .stringMatching(/^[a-z]([A-Z][a-z]+|[a-z]){0,6}$/)
    .filter((one) => one !== 'data' && one !== '__proto__');
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer({ min: 0, max: 2e12 }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(fc.property(value, (one) => expect(fromWire(toWire(one) as never)).toEqual(one)));
});

test('a status never goes back: what has ended stays, and what has begun is not queued again', () => {
  const all = Object.keys(TRANSITIONS) as TaskState[];
  for (const before of all) {
    expect(nextStatus(undefined, before)).toBe(before);
    for (const seen of all) {
      const shown = nextStatus(before, seen);
      expect(shown === 'queued').toBe(before === 'queued' && seen === 'queued');
      if (isEnded(before)) expect(shown).toBe(before);
      else expect(shown).toBe(seen === 'queued' ? before : seen);
    }
  }
});

test('percent grows with the stages and with what has ended, from 0 to 100', () => {
  const steps = ALL_STAGES.flatMap((stage) =>
    stage === 'researching'
      ? [0, 1, 2, 3, 4].map((ended) => percentOf(stage, { ended, all: 4 }))
      : [percentOf(stage, { ended: 4, all: 4 })],
  );
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect([steps[0], steps.at(-1)]).toEqual([0, 100]);
  expect(new Set(steps).size).toBeGreaterThan(8);
});

test('the time left is never nothing while a task runs, and never more than its class says', () => {
  const atStart = { stage: 'accepted' as const, inStageMs: 0, elapsedMs: 0 };
  const estimate = estimateOf(etaOf([], atStart, BUILT_IN_CLASSES.standard));
  expect(estimate).toMatchObject({ estimated_time_basis: 'class', estimated_time_range: { to: 300 } });
  for (const elapsed of [0, 10, 149, 151, 299, 5_000]) {
    expect(timeLeft(estimate, elapsed)).toBeGreaterThanOrEqual(1);
    expect(timeLeft(estimate, elapsed)).toBeLessThanOrEqual(300);
  }
});

test('a caller may ask for less than the class allows, and for nothing else', () => {
  const row = { ...BUILT_IN_CLASSES.quick, budget: { tokens: 4_000 } };
  expect(limitsProblem(row, { deadlineSeconds: 30, maxSubtasks: 1, tokens: 1_000, costUsd: 0.5 })).toBeUndefined();
  expect(withinLimits(row, { deadlineSeconds: 30, costUsd: 0.5 })).toMatchObject({
    deadlineSeconds: 30,
    maxSubtasks: 3,
    budget: { tokens: 4_000, costUsd: 0.5 },
  });
  expect(limitsProblem(row, { deadlineSeconds: 61 })).toMatch(/deadlineSeconds is 61; class quick allows 60/);
  expect(limitsProblem(row, { tokens: 4_001 })).toMatch(/allows 4000/);
  // A task that can only fail is none.
  expect(limitsProblem(row, { tokens: 999 })).toMatch(/tokens is 999, which is too little for a plan/);
  for (const value of [0, -1, Number.NaN, Infinity, 1.5])
    expect(limitsProblem(row, { maxSubtasks: value })).toMatch(/above 0/);
});

test('the type that an Accept header wants most is chosen, by its weights', () => {
  const types = ['application/json', 'text/markdown'] as const;
  expect(accepted(undefined, types)).toBe('application/json');
  expect(accepted('*/*', types)).toBe('application/json');
  expect(accepted('text/*', types)).toBe('text/markdown');
  expect(accepted('application/json;q=0.5, text/markdown', types)).toBe('text/markdown');
  expect(accepted('text/html, application/json;q=0', types)).toBeUndefined();
  expect(accepted(';;,,;q=x', types)).toBeUndefined();
});

const event = (run: string, n: number): TaskEvent => ({
  v: 1,
  run,
  n,
  at: n,
  type: 'draft.updated',
  chars: n,
  findings: 0,
});

test('a reader goes on behind its cursor; where that is not kept, or of another run, it is told so', () => {
  const log = new EventLog(1_000_000);
  for (let n = 1; n <= 5; n += 1) log.append(event('a', n));
  log.append(event('a', 3));
  expect(log.last).toEqual({ run: 'a', n: 5 });
  const ids = (n: number | undefined) => {
    const place = log.placeAfter(n === undefined ? undefined : { run: 'a', n });
    return place && log.from(place, 1e6)?.map(({ id }) => id);
  };
  expect(ids(undefined)).toEqual(['a:1', 'a:2', 'a:3', 'a:4', 'a:5']);
  expect(ids(3)).toEqual(['a:4', 'a:5']);
  expect(ids(5)).toEqual([]);
  const place = log.placeAfter({ run: 'a', n: 3 });
  expect(log.placeAfter({ run: 'b', n: 3 })).toBeUndefined();
  log.append(event('b', 1));
  expect(place && log.from(place, 1e6)).toBeUndefined();
  expect(log.last).toEqual({ run: 'b', n: 1 });
});

test('a log keeps no more bytes than it may, and hands out no more at once than is asked for', () => {
  const log = new EventLog(2_000);
  for (let n = 1; n <= 200; n += 1) log.append(event('a', n));
  expect(log.placeAfter({ run: 'a', n: 10 })).toBeUndefined();
  const place = log.placeAfter({ run: 'a', n: 195 });
  expect(place && log.from(place, 1e6)).toHaveLength(5);
  expect(place && log.from(place, 1)).toHaveLength(1);
});
