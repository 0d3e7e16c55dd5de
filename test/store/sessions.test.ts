// Places in a session: taken one after the other by compare-and-set, by whoever comes; nobody waits, and a dead process holds nothing.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeOf } from '../../activities/join-session.ts';
import { earlierOf } from '../../activities/evidence/earlier.ts';
import type { Answer } from '../../protocol/answer.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import { fileStore } from '../../store/file-store.ts';
import { getSession, leaveSession, listSessions } from '../../store/sessions.ts';
import type { Store } from '../../store/store.ts';

const newStore = (): Store => fileStore(mkdtempSync(join(tmpdir(), 'muster-sessions-')));
const NAME = { tenant: 'acme', id: 'pump' };

const asked = (goal: string, more: Partial<TaskRequest> = {}): TaskRequest => ({
  v: 1,
  goal,
  sources: [],
  class: BUILT_IN_CLASSES.quick,
  tenant: 'acme',
  sessionId: 'pump',
  ...more,
});

const answerOf = (texts: readonly string[]): Answer => ({
  sections: [{ heading: 'Answer', claims: texts.map((text) => ({ text, citations: [1] })) }],
  citations: [{ source: 'pump.md', sha256: 'a'.repeat(64), quote: 'Oil the pump every 40 hours.', place: { line: 3 } }],
  gaps: [],
  notes: [],
});

/** Takes its place, as its first Activity does. */
async function join_(store: Store, taskId: string, request: TaskRequest) {
  await store.putTask({
    taskId,
    run: taskId,
    goal: request.goal,
    className: request.class.name,
    tenant: request.tenant,
    acceptedAt: Date.now(),
    retentionDays: request.class.retentionDays,
    sessionId: 'pump',
  });
  return await placeOf(store, taskId, request);
}

const end = (store: Store, taskId: string, goal: string, more: Partial<TaskResult> = {}): Promise<void> =>
  store.putResult(taskId, {
    v: 1,
    taskId,
    run: taskId,
    outcome: 'completed',
    goal,
    coverage: { subtasks: [], done: 0, failed: 0, skipped: 0, gaps: [] },
    usage: {},
    timings: { acceptedAt: 1, closedAt: 2 },
    ...more,
  } as unknown as TaskResult);

test('questions of a session see those before them: what had ended with its answer, what is at work by its question', async () => {
  const store = newStore();
  expect(await join_(store, 't1', asked('How often is the pump oiled?'))).toEqual({
    id: 'pump',
    n: 1,
    sees: [],
    chars: 4_000,
  });
  await end(store, 't1', 'How often is the pump oiled?', { answer: answerOf(['Every 40 hours.']) });
  expect(await join_(store, 't2', asked('Where is the spare key kept?'))).toMatchObject({ n: 2, sees: ['t1'] });
  const third = await join_(store, 't3', asked('And the compressor?', { goal: 'Who oils it?' }));
  expect(third).toMatchObject({ n: 3, sees: ['t1'], open: ['t2'], resolved: 'Who oils the spare key?' });
  expect(await earlierOf(store, third)).toEqual([
    {
      question: 'How often is the pump oiled?',
      state: 'completed',
      answer: '- Every 40 hours.',
      findings: [{ source: 'pump.md', quote: 'Oil the pump every 40 hours.' }],
    },
    { question: 'Where is the spare key kept?', state: 'still at work', answer: '', findings: [] },
  ]);
});

test('two questions at once take places one after the other, and one that is asked for again keeps its place', async () => {
  const store = newStore();
  const ids = Array.from({ length: 6 }, (_, at) => `t${at}`);
  const places = await Promise.all(ids.map((id) => join_(store, id, asked('How often is the pump oiled?'))));
  expect(places.map(({ n }) => n).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const [at, { n, sees, open = [] }] of places.entries()) {
    expect([sees, open.length]).toEqual([[], Math.min(n - 1, 4)]);
    await end(store, ids[at]!, 'How often is the pump oiled?');
  }
  // A retry of its Activity, after all have ended: it saw what it saw.
  expect(await Promise.all(ids.map((id) => placeOf(store, id, asked('How often is the pump oiled?'))))).toEqual(places);
});

test('a class says how many questions and characters are seen, and the newest have the room', async () => {
  const store = newStore();
  const row = { ...BUILT_IN_CLASSES.quick, session: { turns: 2, chars: 60 } };
  for (const n of [1, 2, 3]) {
    await join_(store, `t${n}`, asked(`Question ${n}?`, { class: row }));
    await end(store, `t${n}`, `Question ${n}?`, { answer: answerOf(['x'.repeat(30)]) });
  }
  const last = await join_(store, 't4', asked('Question 4?', { class: row }));
  expect(last.sees).toEqual(['t2', 't3']);
  const seen = await earlierOf(store, last);
  expect(seen.map(({ question, answer }) => [question, answer.length])).toEqual([
    ['Question 2?', 6],
    ['Question 3?', 32],
  ]);
  const none = { ...row, session: { turns: 0, chars: 0 } };
  expect(await join_(store, 't5', asked('Who oils it?', { class: none }))).toEqual({
    id: 'pump',
    n: 5,
    sees: [],
    chars: 0,
  });
});

test('a session is a tenant’s own, is there after a restart, and nothing of a removed task is seen', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-sessions-'));
  const store = fileStore(folder);
  await join_(store, 't1', asked('How often is the pump oiled?'));
  await end(store, 't1', 'How often is the pump oiled?', { answer: answerOf(['Every 40 hours.']) });
  expect(await join_(store, 'o1', asked('Who oils it?', { tenant: 'other' }))).toEqual({
    id: 'pump',
    n: 1,
    sees: [],
    chars: 4_000,
  });
  await store.close();
  const later = fileStore(folder);
  const second = await join_(later, 't2', asked('Who oils it?'));
  expect(second).toMatchObject({ n: 2, sees: ['t1'], resolved: 'Who oils the pump?' });
  expect((await listSessions(later, 'acme')).map(({ id, entries }) => [id, entries.length])).toEqual([['pump', 2]]);
  expect(await listSessions(later, undefined)).toHaveLength(2);
  await later.forget('t1');
  expect(await earlierOf(later, second)).toEqual([]);
  expect(await join_(later, 't3', asked('Who oils it?'))).toMatchObject({ n: 3, sees: [], open: ['t2'] });
});

test('a session goes with its last task, and when its days are over', async () => {
  const store = newStore();
  await join_(store, 't1', asked('One?'));
  await join_(store, 't2', asked('Two?'));
  const { until } = (await getSession(store, NAME))!;
  expect(Math.round((until - Date.now()) / 86_400_000)).toBe(BUILT_IN_CLASSES.quick.retentionDays);
  await leaveSession(store, NAME, 't1');
  await leaveSession(store, NAME, 't1');
  expect((await getSession(store, NAME))?.entries.map(({ taskId, n }) => [taskId, n])).toEqual([['t2', 2]]);
  await leaveSession(store, NAME, 't2');
  expect(await getSession(store, NAME)).toBeUndefined();
  await join_(store, 't3', asked('Three?'));
  jest.useFakeTimers({ now: Date.now() + 8 * 86_400_000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
  try {
    expect(await getSession(store, NAME)).toBeUndefined();
  } finally {
    jest.useRealTimers();
  }
});
