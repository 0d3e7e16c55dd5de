// The tree that is made of what a task left: whole whatever died, with the times of its records.

import type { LogRecord } from '../../protocol/log-records.ts';
import { traceLines } from '../../client/cli/render/trace-lines.ts';
import { readTrace } from '../../telemetry/read-trace.ts';
import { modelSpanId, toolSpanId } from '../../telemetry/spans-of-log.ts';
import { spanIdOf } from '../../telemetry/trace-context.ts';
import {
  attempt,
  BEHIND,
  done,
  expectWhole,
  finished,
  model,
  numbered,
  planned,
  T0,
  traceStore,
  type Kept,
} from './recorded-task.ts';

const NOW = T0 + 100_000;
const read = async (kept: Kept, options = {}) => {
  const trace = await readTrace(traceStore(kept), 'task-1', { now: NOW, ...options });
  if (!trace) throw new Error('nothing was kept');
  return trace;
};

const search = { id: 'c1', name: 'search_documents', arguments: { query: 'a secret query' } };

/** As somebody’s router saw it. */
const ROUTE = { path: 'deep', by: 'question', why: 'it asks for a secret thing', numbers: {}, router: 'mine' } as const;

/** s1 dies under a tool call and goes on elsewhere; s2 is refused and goes to another model; s3 is delegated by s1. */
const TASK: Kept = {
  events: numbered([
    [0, { type: 'task.accepted', goal: 'a secret goal', class: 'standard', route: ROUTE }],
    [200, { type: 'sources.ready', documents: 3, passages: 9, skipped: 0 }],
    [300, { type: 'plan.ready', subtasks: [planned('s1'), planned('s2')], background: [planned('s9')] }],
    [310, { type: 'subtask.started', subtask: 's1', generation: 1 }],
    [310, { type: 'subtask.started', subtask: 's2', generation: 1 }],
    [5_000, { type: 'subtask.delegated', subtask: 's1', generation: 1, subtasks: [planned('s3')] }],
    [5_010, { type: 'subtask.started', subtask: 's3', generation: 1 }],
    finished('s3', 6_000),
    finished('s2', 6_500),
    finished('s1', 7_000),
    [
      7_100,
      { type: 'command.applied', id: 'x', kind: 'note', by: { name: 'ann', via: 'cli' } as never, effect: 'told' },
    ],
    [7_200, { type: 'conflict.found', about: 'a secret berth', sides: ['a.md says 2 m', 'b.md says 4 m'] }],
    [
      7_300,
      { type: 'conflict.settled', about: 'a secret berth', value: 'a secret 4 m', source: 'b.md', finding: 's1/g1/1' },
    ],
    [7_500, { type: 'answer.ready', citations: 2 }],
    [7_510, { type: 'task.closed', outcome: 'completed' }],
  ]),
  logs: {
    '_plan/1': [attempt(210), model('turn-1', 290, 70)],
    's1/1': [
      attempt(320),
      model('turn-1', 520, 200, 'first', { toolCalls: [search] }),
      { t: 'begins', step: 'turn-1', calls: [{ callId: 'c1', name: 'search_documents' }], at: T0 + 525 },
      attempt(4_000, 'host/2'),
      { t: 'begins', step: 'turn-1', calls: [{ callId: 'c1', name: 'search_documents' }], at: T0 + 4_010 },
      {
        t: 'tool',
        step: 'turn-1',
        callId: 'c1',
        name: 'search_documents',
        ok: true,
        content: 'x',
        ms: 40,
        at: T0 + 4_050,
      },
      model('turn-2', 4_900, 800),
      done('s1', 320, 6_990),
    ],
    's2/1': [
      attempt(330),
      {
        t: 'fault',
        step: 'turn-1',
        model: 'first',
        failure: { type: 'ModelRateLimited', message: 'too many of ann’s' },
        ms: 30,
        at: T0 + 400,
        until: T0 + 900,
      },
      {
        t: 'fault',
        step: 'turn-1',
        model: 'third',
        failure: { type: 'ModelUnavailable', message: 'down' },
        ms: 0,
        at: T0 + 410,
        unmade: true,
      },
      attempt(1_000),
      model('turn-1', 1_300, 250, 'second'),
      done('s2', 330, 1_310),
    ],
    's3/1': [
      attempt(5_020),
      model('turn-1', 5_900, 800),
      {
        t: 'tool',
        step: 'turn-1',
        callId: 'c2',
        name: 'open the secret door',
        ok: false,
        content: 'x',
        ms: 1,
        at: T0 + 5_910,
      },
      done('s3', 5_020, 5_990),
    ],
    '_synthesize/1': [attempt(7_110), model('turn-1', 7_400, 280)],
  },
};

test('an answer at once is a step of its task, and one that was planned instead ends where that was told', async () => {
  const accepted = [0, { type: 'task.accepted', goal: 'g', class: 'standard' }] as const;
  const closed = (at: number) => [at, { type: 'task.closed', outcome: 'completed' }] as const;
  const answered = await read({
    events: numbered([accepted, [400, { type: 'answer.ready', citations: 1 }], closed(410)]),
    logs: { '_direct/1': [attempt(20), model('turn-1', 300, 250)] },
  });
  const step = (spans: typeof answered.spans) => spans.find(({ name }) => name === 'answer at once');
  expect(expectWhole(answered.spans).events.map(({ name }) => name)).toEqual(['answer.ready']);
  expect(step(answered.spans)).toMatchObject({ parentId: spanIdOf('task-1'), start: T0 + 20, end: T0 + 300 });
  const instead = await read({
    events: numbered([accepted, [90, { type: 'task.demoted', reason: 'not enough', afterMs: 90 }], closed(5_000)]),
    logs: { '_direct/1': [attempt(20)] },
  });
  expect(expectWhole(instead.spans).events).toMatchObject([
    { name: 'task.demoted', attributes: { 'muster.reason': 'not enough' } },
  ]);
  expect(step(instead.spans)).toMatchObject({ start: T0 + 20, end: T0 + 90 });
});

test('a task in which workers died, models failed and work was delegated is one tree, with the times of its records', async () => {
  const { spans } = await read(TASK);
  const root = expectWhole(spans);
  expect([root.start, root.end]).toEqual([T0, T0 + 7_510]);
  const named = (id: string) => spans.find(({ spanId }) => spanId === id);
  const s1 = named(spanIdOf('task-1', 's1', 1));
  expect(s1).toMatchObject({
    name: 'invoke_agent researcher',
    start: T0 + 320,
    end: T0 + 6_990,
    parentId: root.spanId,
  });
  expect(named(spanIdOf('task-1', 's3', 1))?.parentId).toBe(s1?.spanId);
  expect(s1?.events.map(({ name, at }) => [name, at - T0])).toEqual([
    ['interrupted', 525],
    ['resumed', 4_000],
  ]);
  const life = { subtask: 's1', generation: 1 };
  expect(named(toolSpanId('task-1', life, 'turn-1', 'c1'))).toMatchObject({ start: T0 + 4_010, end: T0 + 4_050 });
  expect(named(modelSpanId('task-1', life, 'turn-2', 1))).toMatchObject({ start: T0 + 4_100, end: T0 + 4_900 });
  expect(root.events.map(({ name }) => name)).toEqual([
    'route deep',
    'command note',
    'conflict.found',
    'conflict.settled',
    'answer.ready',
  ]);
});

test('a failed call is a span of its own, and the next try another; who was not asked has none', async () => {
  const { spans } = await read(TASK);
  const life = { subtask: 's2', generation: 1 };
  const s2 = spans.find(({ spanId }) => spanId === spanIdOf('task-1', 's2', 1));
  const calls = spans.filter(({ parentId }) => parentId === s2?.spanId);
  expect(calls.map(({ name, error, spanId }) => [name, error?.type, spanId])).toEqual([
    ['chat first', 'ModelRateLimited', modelSpanId('task-1', life, 'turn-1', 1)],
    ['chat second', undefined, modelSpanId('task-1', life, 'turn-1', 3)],
  ]);
  expect(s2?.events.map(({ name }) => name)).toEqual(['retry', 'retry', 'failover']);
  expect(s2?.error).toBeUndefined();
});

test('no word of a model, a person or a document is among the attributes', async () => {
  const { spans } = await read(TASK);
  const open = JSON.stringify(
    spans.map(({ attributes, name, events }) => ({
      attributes,
      name,
      events: events.map(({ content: _words, ...event }) => event),
    })),
  );
  for (const word of ['secret', 'Title of', 'what the model said', 'ann’s']) expect(open).not.toContain(word);
  expect(JSON.stringify(spans.map(({ content }) => content))).toContain('secret query');
});

test('a sub-agent that is asked which side of a conflict holds is named as what it is', async () => {
  const about = 'a berth';
  const { spans } = await read({
    events: numbered([
      [0, { type: 'task.accepted', goal: 'g', class: 'standard' }],
      [90, { type: 'conflict.found', about, sides: ['a', 'b'], asks: 's4', title: 'Which holds', kind: 'researcher' }],
      [95, { type: 'conflict.found', about, sides: ['a', 'b'], asks: 's5' }],
      [100, { type: 'subtask.started', subtask: 's4', generation: 1 }],
      [100, { type: 'subtask.started', subtask: 's5', generation: 1 }],
      [900, { type: 'task.closed', outcome: 'completed' }],
    ]),
    logs: {},
  });
  expectWhole(spans);
  const lives = spans.filter(({ name }) => name.startsWith('invoke_agent'));
  expect(lives.map(({ name, content }) => [name, content?.['muster.title']])).toEqual([
    ['invoke_agent researcher', 'Which holds'],
    ['invoke_agent sub-agent', 's5'],
  ]);
});

test('the sub-agents of a further round say so, and the task when it began and what it brought', async () => {
  const again = [{ id: 's4', title: 'again', kind: 'verifier', needs: [] }];
  const { spans } = await read({
    events: numbered([
      [0, { type: 'task.accepted', goal: 'g', class: 'standard' }],
      [90, { type: 'round.started', round: 2, why: ['a secret was not found'], subtasks: again }],
      [100, { type: 'subtask.started', subtask: 's4', generation: 1 }],
      [800, { type: 'round.ended', round: 2, findings: 3, filled: ['s1'] }],
      [900, { type: 'task.closed', outcome: 'completed' }],
    ]),
    logs: { '_round/1': [attempt(50), model('turn-1', 80, 20)] },
  });
  expectWhole(spans);
  const life = spans.find(({ name }) => name.startsWith('invoke_agent'));
  expect([life?.name, life?.attributes['muster.round'], life?.content?.['muster.title']]).toEqual([
    'invoke_agent verifier',
    2,
    'again',
  ]);
  expect(spans.map(({ name }) => name)).toContain('plan round');
  const root = spans.find(({ name }) => name.startsWith('invoke_workflow'));
  expect(root?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['round.started', { 'muster.round': 2, 'muster.subtasks': 1 }],
    ['round.ended', { 'muster.round': 2, 'muster.findings': 3 }],
  ]);
  expect(JSON.stringify(spans.map(({ attributes, events }) => [attributes, events]))).not.toContain('secret');
});

test('every span says its session, which is the task where the caller named none', async () => {
  for (const [head, session] of [
    [{}, 'task-1'],
    [{ sessionId: 'mine' }, 'mine'],
  ] as const) {
    const { spans } = await read({ ...TASK, head });
    expect(new Set(spans.map(({ attributes }) => attributes.agent_session_id))).toEqual(new Set([session]));
  }
});

test('a caller’s trace has the task’s root under the caller’s span', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
  const trace = await read({ ...TASK, head: { traceparent } });
  const root = expectWhole(trace.spans, '00f067aa0ba902b7');
  expect(root.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  expect(trace.isSampled).toBe(false);
});

test('a hundred sub-agents are a hundred spans under one root, each with the time of its log', async () => {
  const ids = Array.from({ length: 100 }, (_one, n) => `s${n + 1}`);
  const { spans } = await read({
    events: numbered([
      [0, { type: 'task.accepted', goal: 'g', class: 'standard' }],
      [10, { type: 'plan.ready', subtasks: ids.map(planned) }],
      ...ids.map((subtask) => [20, { type: 'subtask.started', subtask, generation: 1 }] as const),
      ...ids.map((id, n) => finished(id, 1_000 + n)),
      [2_000, { type: 'task.closed', outcome: 'completed' }],
    ]),
    logs: Object.fromEntries(
      ids.map((id, n) => [`${id}/1`, [attempt(30), model('turn-1', 900, 850), done(id, 30, 990 + n)]] as const),
    ),
  });
  expectWhole(spans);
  const lives = spans.filter(({ name }) => name.startsWith('invoke_agent'));
  expect(lives.map(({ start, end }) => end - start)).toEqual(ids.map((_id, n) => 960 + n));
});

test('a task at work shows what is open, and a terminated one what its master kept to itself', async () => {
  const atWork: Kept = {
    events: TASK.events.slice(0, 6),
    logs: { 's1/1': TASK.logs['s1/1']?.slice(0, 3) as LogRecord[], 's2/1': TASK.logs['s2/1'] as LogRecord[] },
  };
  const open = await read(atWork);
  expectWhole(open.spans);
  expect(open.spans.filter(({ isOpen }) => isOpen).map(({ name }) => name)).toEqual([
    'invoke_workflow muster',
    'invoke_agent researcher',
  ]);
  const ended = await read({ events: [], logs: atWork.logs }, { terminatedAt: T0 + 9_000 });
  const root = expectWhole(ended.spans);
  expect(root).toMatchObject({ end: T0 + 9_000, error: { type: 'terminated' } });
  expect(ended.spans.filter(({ name }) => name.startsWith('invoke_agent'))).toHaveLength(2);
  expect(ended.spans.some(({ isOpen }) => isOpen)).toBe(false);
});

test('what goes on behind the answer hangs under the task, a stretch for each time that it begins again', async () => {
  const told = { delivery: 'd1', what: 'task.completed', kind: 'webhook', to: 'https://secret.example/x' } as const;
  const totals = { delivered: 0, undelivered: 1, done: 1, failed: 0 };
  const { spans, background } = await read({
    ...TASK,
    behind: numbered(
      [
        [8_000, { type: 'background.started', outcome: 'completed', receivers: 1, subtasks: 1 }],
        [8_010, { type: 'subtask.started', subtask: 's9', generation: 1 }],
        finished('s9', 8_600),
        [8_100, { type: 'delivery.retrying', ...told, tries: 1, retryAt: T0 + 9_000, reason: 'away' }],
        [9_100, { type: 'delivery.failed', ...told, tries: 2, state: 'dead', reason: 'away' }],
        [9_110, { type: 'background.settled', outcome: 'completed', ...totals }],
        [50_000, { type: 'background.again', ids: ['d1'] }],
        [50_400, { type: 'delivery.sent', ...told, tries: 3, code: 204 }],
        [50_410, { type: 'background.settled', outcome: 'completed', ...totals, delivered: 1, undelivered: 0 }],
      ],
      BEHIND,
    ),
    logs: { ...TASK.logs, 'behind/s9/1': [attempt(8_020), model('turn-1', 8_500, 400), done('s9', 8_020, 8_590)] },
  });
  const root = expectWhole([...spans, ...background.flat()]);
  expect(background.map((stretch) => stretch.map(({ name }) => name))).toEqual([
    ['background', 'deliver task.completed', 'invoke_agent researcher', 'chat first'],
    ['background', 'deliver task.completed'],
  ]);
  expect(background.map(([whole]) => whole?.parentId)).toEqual([root.spanId, root.spanId]);
  expect(background.flat().filter(({ error }) => error)).toHaveLength(1);
});

test('the tree is printed with its branches, its events, and what each took', async () => {
  const lines = traceLines(await read(TASK), 100);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(lines[2]).toMatch(/^invoke_workflow muster\s+\+0 ms\s+7\.51 s$/);
  expect(lines.find((line) => line.includes('Title of s1'))).toMatch(
    /^├─ invoke_agent researcher Title of s1\s+\+320 ms\s+6\.67 s\s+200→20\s+\$0\.0020$/,
  );
  expect(lines).toContain('│  · conflict.settled: a secret berth, a secret 4 m +7.30 s');
  expect(lines).toContain('│  │  · failover: first, second, ModelRateLimited +1.05 s');
  expect(lines.filter((line) => line.includes('✗ ModelRateLimited'))).toHaveLength(1);
});
