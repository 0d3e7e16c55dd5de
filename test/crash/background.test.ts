// What goes on behind an answer while processes die, for real: it goes on, and what was begun is sent again with its id.

import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TaskHandle } from '../../client/index.ts';
import { backgroundId } from '../../protocol/names.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import { scripted } from '../agents/scripted.ts';
import { killed, TEST_WEBHOOK_KEY, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { ownServer } from '../rig/own-server.ts';
import { startReceiver, type Receiver } from '../rig/receiver.ts';

let it_: TestDeployment;
let receiver: Receiver;
let env: Record<string, string>;
/** The worker that lives on behind a test. */
let worker: ChildProcess;
/** Its master is ended by an operator; what looks for that does so a minute later. */
let terminated: TaskHandle;
/** So is that of this one, when it has its plan, which alone puts something behind the answer. */
let planned: TaskHandle;

const PLANNED = 'How often does lighthouse poll? And then archive that.';
const withLater = scripted({
  plan: [
    { title: 'One', goal: 'one' },
    { title: 'Later', goal: 'later', background: true },
  ],
  turn: () => undefined,
});

beforeAll(async () => {
  it_ = await testDeployment({
    brain: (asked) => (JSON.stringify(asked.messages).includes(PLANNED) ? withLater : offlineBrain)(asked),
  });
  receiver = await startReceiver();
  const config = join(dirname(it_.home), 'told.json');
  const webhooks = { keys: { main: { keyFrom: 'TOLD_KEY' } }, allow: ['127.0.0.1'] };
  writeFileSync(config, JSON.stringify({ webhooks }));
  env = { MUSTER_CONFIG: config, TOLD_KEY: TEST_WEBHOOK_KEY };
  worker = await it_.spawnWorker(env);
  it_.model.inject({ kind: 'stall', times: 99, match: { step: 'muster_plan' } });
  terminated = await start('/terminated');
  await endedFromOutside(terminated);
  it_.model.clearFaults();
  it_.model.inject({ kind: 'stall', times: 99, match: { step: 'muster_findings' } });
  planned = await it_.client.start({ goal: PLANNED, sources: [it_.docs] });
  await endedFromOutside(planned);
  it_.model.clearFaults();
});
afterAll(async () => {
  await receiver.close();
  await it_.stop();
});
beforeEach(() => {
  receiver.answer({ status: 204 });
});

/** As soon as it has a child. */
async function endedFromOutside({ taskId }: TaskHandle): Promise<void> {
  await until('its child waits', async () => {
    const child = it_.client.temporal.workflow.getHandle(backgroundId(taskId));
    return await child.describe().then(
      () => true,
      () => false,
    );
  });
  await it_.client.temporal.workflow.getHandle(taskId).terminate('by the test');
}

const start = (path: string): Promise<TaskHandle> =>
  it_.client.start({
    goal: 'How often does lighthouse poll?',
    sources: [it_.docs],
    class: 'quick',
    notify: [{ kind: 'webhook', to: `${receiver.url}${path}` }],
  });
const afterwards = async ({ taskId }: TaskHandle): Promise<TaskResult> =>
  (await it_.client.temporal.workflow.getHandle(backgroundId(taskId)).result()) as TaskResult;
const toldOf = ({ taskId }: TaskHandle) => receiver.told.filter(({ body }) => body.data.task_id === taskId);

test('a worker killed in the middle of a delivery, or between two tries, loses none, and each try has the same id', async () => {
  receiver.answer('hang');
  const handle = await start('/killed');
  await until('it is being told', () => toldOf(handle).length === 1);
  await killed(worker, 'SIGKILL');
  receiver.answer({ status: 503 });
  const second = await it_.spawnWorker(env);
  await until('it was told again', () => toldOf(handle).length === 2);
  await until('it waits for its next try', async () => {
    const [one] = (await handle.status()).background?.deliveries ?? [];
    return one?.state === 'retrying';
  });
  await killed(second, 'SIGKILL');
  receiver.answer({ status: 204 });
  worker = await it_.spawnWorker(env);
  expect((await afterwards(handle)).deliveries).toMatchObject([{ state: 'delivered', event: 'task.completed' }]);
  const ids = toldOf(handle).map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(3);
  expect(new Set(ids).size).toBe(1);
});

test('a worker killed when the receiver has answered, and that is not on record, tells it again with the same id', async () => {
  receiver.answer('hang');
  const handle = await start('/answered');
  await until('it is being told', () => toldOf(handle).length === 1);
  // It hears nothing of the answer that reaches its machine.
  process.kill(worker.pid ?? 0, 'SIGSTOP');
  await receiver.answerWaiting(204);
  const gone = new Promise((done) => worker.once('exit', done));
  process.kill(worker.pid ?? 0, 'SIGKILL');
  await gone;
  receiver.answer({ status: 204 });
  worker = await it_.spawnWorker(env);
  expect((await afterwards(handle)).deliveries).toMatchObject([{ state: 'delivered', tries: 1 }]);
  const ids = toldOf(handle).map(({ id }) => id);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
});

test('a task whose master was terminated is told of as failed', async () => {
  const child = await afterwards(terminated);
  expect(child.deliveries).toMatchObject([{ state: 'delivered', event: 'task.failed' }]);
  expect(toldOf(terminated).map(({ type }) => type)).toEqual(['task.failed']);
});

test('a task that is terminated right after its plan leaves no child behind that waits for it, and none of its background work is begun', async () => {
  expect(await afterwards(planned)).toMatchObject({ outcome: 'completed', coverage: { subtasks: [] } });
  const events = await it_.store.readEvents(backgroundId(planned.taskId));
  expect(events).toMatchObject([
    { type: 'background.started', outcome: 'failed', receivers: 0, subtasks: 0 },
    { type: 'background.settled', done: 0, failed: 0 },
  ]);
});

test('a delivery that is under way when the server is killed is finished once it is back, with the same id', async () => {
  const server = await ownServer();
  const there = await testDeployment();
  try {
    await there.spawnWorker(env);
    receiver.answer('hang');
    const handle = await there.client.start({
      goal: 'How often does lighthouse poll?',
      sources: [there.docs],
      class: 'quick',
      notify: [{ kind: 'webhook', to: receiver.url }],
    });
    await until('it is being told', () => toldOf(handle).length === 1);
    await server.kill();
    server.comeBack();
    receiver.answer({ status: 204 });
    // Ends the call that it never answered.
    await receiver.close();
    await receiver.open();
    const child = there.client.temporal.workflow.getHandle(backgroundId(handle.taskId));
    // Whoever waited while it was away is told so.
    let ended: TaskResult | undefined;
    await until('it is over', async () => {
      ended = await (child.result() as Promise<TaskResult>).catch(() => undefined);
      return ended !== undefined;
    });
    expect(ended?.deliveries).toMatchObject([{ state: 'delivered', event: 'task.completed' }]);
    const ids = toldOf(handle).map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(2);
    expect(new Set(ids).size).toBe(1);
  } finally {
    await there.stop();
    server.stop();
  }
});
