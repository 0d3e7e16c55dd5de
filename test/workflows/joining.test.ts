// The joins on the real server: an answer is written as soon as it is enough, what is at work by then is cancelled and booked as
// waste, and a slow subtask is overtaken by its second life.

import { TaskFailedError, type TaskInput } from '../../client/index.ts';
import { modelLine, openaiProvider } from '../../activities/index.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import type { Brain } from '../../simulator/server.ts';
import { finding, scripted } from '../agents/scripted.ts';
import { testDeployment, TEST_KEY, until, type TestDeployment } from '../rig/deployment.ts';
import { LONG } from '../rig/long.ts';

let it_: TestDeployment;
let brain: Brain = offlineBrain;
beforeAll(async () => {
  it_ = await testDeployment({
    latencyMs: 20,
    models: ['next-model'],
    brain: (request) => brain(request),
  });
  const line = (model: string) =>
    modelLine(openaiProvider({ model, apiKey: TEST_KEY, baseURL: it_.model.url, offline: true }));
  await it_.startWorker({ models: [line('muster-offline'), line('next-model')] });
});
beforeEach(() => {
  it_.model.clearFaults();
  it_.model.requests.length = 0;
});
afterAll(() => it_.stop());

/** Subtasks of these names, each of which finds one thing; `hang`, `fail` and `nothing` do as they say. */
async function start(goals: string[], input: Partial<TaskInput>, needs: number[][] = []) {
  brain = scripted({
    plan: goals.map((goal, at) => ({ title: goal, goal, needs: needs[at] ?? [] })),
    turn: () => undefined,
    findings: (goal) => ({ findings: goal.startsWith('nothing') ? [] : [finding(`claim of ${goal}`)], missing: [] }),
  });
  it_.model.inject({ kind: 'stall', match: { contains: '\nhang' }, times: 1 });
  it_.model.inject({ kind: 'status', status: 400, match: { contains: '\nfail' }, times: 100 });
  const handle = await it_.client.start({ goal: 'g', sources: [it_.docs], ...input });
  const events = async (): Promise<TaskEvent[]> => {
    const all: TaskEvent[] = [];
    for await (const event of handle.events()) all.push(event);
    return all;
  };
  return { handle, events };
}
/** It is in the result that the close leaves: what was cancelled ends behind the answer. */
async function wasteOf(taskId: string): Promise<unknown> {
  const wasted = async () => (await it_.store.getResult(taskId))?.waste;
  await until('what was wasted is in the result', async () => (await wasted()) !== undefined);
  return await wasted();
}
const typesOf = (events: TaskEvent[], ...of: string[]): string[] =>
  events.map(({ type }) => type).filter((type) => of.includes(type));

test('a quorum is answered from those that brought something; who is at work is cancelled, left out and booked', async () => {
  const { handle, events } = await start(['one', 'hang', 'two'], { join: { kind: 'quorum', k: 2 } });
  const result = await handle.result();
  const told = await events();
  expect(result.answer?.sections[0]?.claims.map(({ text }) => text).sort()).toEqual([
    'claim of s1/g1/1',
    'claim of s3/g1/1',
  ]);
  expect(result.coverage).toMatchObject({ done: 2, failed: 0, skipped: 1 });
  expect(result.coverage.gaps.join(' ')).toMatch(/“hang” stopped: 2 of 3 subtasks brought something, and quorum of 2/);
  expect(typesOf(told, 'join.decided', 'answer.ready', 'task.closed')).toEqual([
    'join.decided',
    'answer.ready',
    'task.closed',
  ]);
  expect(await wasteOf(handle.taskId)).toMatchObject([{ subtask: 's2', generation: 1, reason: 'late' }]);
  await until('its call was let go', async () => it_.model.inFlight === 0);
  const decidedAt = told.find(({ type }) => type === 'join.decided')?.at ?? 0;
  const letGo = it_.model.requests.filter(({ aborted }) => aborted);
  expect(letGo).toHaveLength(1);
  // A machine with much else to do may be slower.
  if (LONG) expect(letGo[0]!.endedAt - decidedAt).toBeLessThan(2_000);
});

test('first is answered from the one that is first, and all fails with the first that can’t bring anything', async () => {
  const first = await start(['hang', 'nothing', 'one'], { join: { kind: 'first' } });
  const { answer, coverage } = await first.handle.result();
  expect(answer?.sections[0]?.claims.map(({ text }) => text)).toEqual(['claim of s3/g1/1']);
  expect(coverage.subtasks.find(({ subtask }) => subtask === 's1')).toMatchObject({ state: 'stopped' });
  const all = await start(['hang', 'fail', 'one'], { join: { kind: 'all' } });
  const error = await all.handle.result().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(TaskFailedError);
  expect(error).toMatchObject({ failure: { type: 'AllSubtasksFailed' } });
  // What was found is kept and shown all the same.
  const told = await all.events();
  const one = told.findIndex((event) => event.type === 'subtask.finding' && event.subtask === 's3');
  expect(told.length).toBeGreaterThan(0);
  expect((error as TaskFailedError).result?.draft ?? '').toMatch(one < 0 ? /.*/ : /claim of one/);
});

test('a slow subtask gets a second life that asks the next model first, and the first one is overtaken', async () => {
  // The other one begins when there is no second life left to be had: on a busy machine it may be slow, too.
  const { handle, events } = await start(['hang', 'after'], { hedge: { afterMs: 300 } }, [[], [1]]);
  const result = await handle.result();
  expect(result.coverage).toMatchObject({ done: 2, failed: 0 });
  const told = await events();
  expect(await wasteOf(handle.taskId)).toMatchObject([{ subtask: 's1', generation: 1, reason: 'outrun' }]);
  expect(told.filter(({ type }) => type === 'subtask.hedged')).toMatchObject([
    { subtask: 's1', generation: 2, afterMs: 300 },
  ]);
  const asked = it_.model.requests.filter(
    ({ step, body }) => step === 'muster_findings' && JSON.stringify(body).includes('\\nhang'),
  );
  expect(asked.map(({ body }) => (body as { model: string }).model)).toContain('next-model');
});
