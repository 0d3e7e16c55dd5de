// The answer is there when it is told of, whole, and nothing behind it is waited for: by library, HTTP and CLI. What is held here
// is the last write of events, without which no task closes.

import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskHandle, TaskInput } from '../../client/index.ts';
import type { EventPage } from '../../protocol/events.ts';
import { sha256 } from '../../protocol/schemas/hash.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import { storeFolder } from '../../store/home.ts';
import { muster } from '../cli/support.ts';
import { killed, serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway } from '../rig/gateway.ts';

const GOAL = 'Compare harbour, tidebook and lighthouse with respect to their limits';
const SCHEMA = { type: 'object', properties: { n: { type: ['integer', 'null'] } } };

let it_: TestDeployment;
/** What a test holds, and may have left so. */
const held: (() => void)[] = [];
afterEach(async () => {
  for (const release of held.splice(0)) release();
  await it_.stop();
});

const start = (more: Partial<TaskInput> = {}): Promise<TaskHandle> =>
  it_.client.start({ goal: GOAL, sources: [it_.docs], ...more });
const workflow = (handle: TaskHandle) => it_.client.temporal.workflow.getHandle(handle.taskId);
const isOpen = async (handle: TaskHandle): Promise<boolean> =>
  (await workflow(handle).describe()).status.name === 'RUNNING';
const activities = async (handle: TaskHandle): Promise<string[]> =>
  ((await workflow(handle).fetchHistory()).events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
  );

/** Holds what a store is asked to do, from now until it is released. */
function hold(method: 'appendEvents' | 'putResult'): { asked: () => boolean; release: () => void } {
  const { store } = it_;
  const inner = store[method].bind(store) as (...args: unknown[]) => Promise<unknown>;
  let asked = false;
  let release = (): void => undefined;
  const released = new Promise<void>((done) => (release = done));
  held.push(() => release());
  Object.assign(store, {
    [method]: async (...args: unknown[]) => {
      asked = true;
      await released;
      return await inner(...args);
    },
  });
  return { asked: () => asked, release };
}

test('an answer is told of when its whole result is in the store, and its caller does not wait for the close', async () => {
  it_ = await testDeployment();
  const saving = hold('putResult');
  const closing = hold('appendEvents');
  await it_.startWorker();
  const handle = await start();
  await until('the result is about to be saved', saving.asked);
  const told = await workflow(handle).query<EventPage>('events');
  expect(told.events.map(({ type }) => type)).not.toContain('answer.ready');
  expect((await handle.status()).state).toBe('running');
  saving.release();

  const result = await handle.result();
  expect(result).toMatchObject({ outcome: 'completed', coverage: { done: 3 } });
  expect(result.answer?.sections.length).toBeGreaterThan(0);
  expect(await it_.store.getResult(handle.taskId)).toEqual(result);
  const { state, closedAt } = await handle.status();
  expect([state, closedAt]).toEqual(['completed', undefined]);
  const gateway = await testGateway(it_);
  const view = await gateway.get(`/tasks/${handle.taskId}?wait=25`);
  expect(view.json).toMatchObject({ status: 'completed', closed_at: null, result: { outcome: 'completed' } });
  expect((await gateway.get(`/tasks/${handle.taskId}/result`)).status).toBe(200);
  const ask = { goal: GOAL, sources: [{ kind: 'path', path: it_.docs }] };
  const waited = await gateway.post('/tasks', ask, { prefer: 'wait=25' });
  expect([waited.status, waited.json.closed_at, waited.json.result.outcome]).toEqual([200, null, 'completed']);
  const env = { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: it_.home };
  const run = await muster(['run', GOAL, '--docs', it_.docs], { env }).ended;
  expect(run).toMatchObject({ code: 0, out: expect.stringMatching(/^## /) as string });
  expect(run.talk).toMatch(/answer ready/);
  expect((await muster(['result', handle.taskId], { env }).ended).code).toBe(0);
  expect(await isOpen(handle)).toBe(true);

  closing.release();
  expect(await workflow(handle).result()).toEqual(result);
  await until(
    'it is seen to have closed',
    async () => (await gateway.get(`/tasks/${handle.taskId}`)).json.closed_at !== null,
  );
  expect((await it_.store.readEvents(handle.taskId)).at(-1)?.type).toBe('task.closed');
  await gateway.close();
  expect((await activities(handle)).filter((name) => /save|record/i.test(name))).toEqual(['recordTask']);
});

describe('a result that a last step put into the store', () => {
  const resultOf = async (more: Partial<TaskInput>): Promise<[TaskResult | undefined, TaskResult, string[]]> => {
    const handle = await start(more);
    const kept = await handle.result().then(() => it_.store.getResult(handle.taskId));
    return [kept, (await workflow(handle).result()) as TaskResult, await activities(handle)];
  };

  test('is what its Workflow hands back, checked and shaped or not, and where the shaping fails', async () => {
    let isShaped = true;
    it_ = await testDeployment({
      brain: (request) =>
        request.response_format?.json_schema?.name === 'muster_data' && !isShaped
          ? { content: 'nothing', toolCalls: [] }
          : offlineBrain(request),
    });
    await it_.startWorker();
    for (const more of [{ class: 'thorough' }, { outputSchema: SCHEMA }, { class: 'thorough', outputSchema: SCHEMA }]) {
      const [kept, handedBack, steps] = await resultOf(more);
      expect(kept).toEqual(handedBack);
      expect(handedBack).toMatchObject({
        outcome: 'completed',
        ...('class' in more ? { answer: { verified: {} } } : {}),
      });
      expect(steps).not.toContain('saveResult');
    }
    isShaped = false;
    const [kept, handedBack, steps] = await resultOf({ outputSchema: SCHEMA });
    expect(kept).toEqual(handedBack);
    expect(handedBack.coverage.gaps.join()).toMatch(/could not be given in the schema/);
    expect(steps.filter((name) => name === 'saveResult')).toHaveLength(1);
  });
});

test('a worker killed behind the answer costs its caller nothing, and another closes the task by replay', async () => {
  it_ = await testDeployment();
  const handle = await start();
  // A folder where the events are to be written: no worker can, until it is gone.
  const inTheWay = join(storeFolder(it_.home), 'tasks', sha256(handle.taskId), 'events.ndjson');
  mkdirSync(inTheWay, { recursive: true });
  const first = await it_.spawnWorker();
  const result = await handle.result();
  expect(result.outcome).toBe('completed');
  expect(await isOpen(handle)).toBe(true);
  const calls = it_.model.requests.length;
  await killed(first, 'SIGKILL');
  expect(await handle.result()).toEqual(result);
  rmdirSync(inTheWay);
  await it_.spawnWorker();
  expect(await workflow(handle).result()).toEqual(result);
  expect(await it_.store.getResult(handle.taskId)).toEqual(result);
  const types = (await it_.store.readEvents(handle.taskId)).map(({ type }) => type);
  expect(types.filter((type) => type === 'answer.ready' || type === 'task.closed')).toEqual([
    'answer.ready',
    'task.closed',
  ]);
  expect(it_.model.requests).toHaveLength(calls);
});

test('a caller who can read no store has the result when the task closes', async () => {
  it_ = await testDeployment();
  const closing = hold('appendEvents');
  await it_.startWorker();
  const handle = await start();
  const { connect } = await import('../../client/index.ts');
  const elsewhere = await connect({ address: serverAddress(), deployment: await it_.store.deploymentId() });
  const waits = (await elsewhere.get(handle.taskId)).result();
  await handle.result();
  expect(await Promise.race([waits.then(() => 'has it'), Promise.resolve('waits')])).toBe('waits');
  closing.release();
  expect((await waits).outcome).toBe('completed');
  await elsewhere.close();
});
