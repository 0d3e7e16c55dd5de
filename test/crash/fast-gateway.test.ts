// A gateway that answers at once by itself and is killed: whatever was shown has its task, another worker ends it, the same key
// gets the whole answer, and no call whose reply was kept is made again. The same of its server.

import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { taskIdOfKey } from '../../client/muster-client.ts';
import type { LogRecord } from '../../protocol/log-records.ts';
import { STEP_LOGS } from '../../protocol/names.ts';
import { cuttingProxy } from '../gateway/cutting-proxy.ts';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { cases, LONG } from '../rig/long.ts';
import { ownServer, type OwnServer } from '../rig/own-server.ts';

const GATEWAY = resolve(__dirname, '../../dist/gateway/main.js');
const KILLS = LONG ? 100 : 2;
/** A start, a kill and an answer each take seconds. */
const LONGEST_MS = 300_000 + KILLS * 10_000;

let it_: TestDeployment;
let own: OwnServer | undefined;
const children = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of children) await killed(child, 'SIGTERM');
  children.clear();
  await it_.stop();
  own?.stop();
  own = undefined;
});

interface Gateway {
  child: ChildProcess;
  url: string;
}

/** One whose worker is up, too. @param address of its Temporal server. */
async function spawnGateway(address = serverAddress()): Promise<Gateway> {
  let url = '';
  let said = '';
  const child = await spawnReady(
    GATEWAY,
    ['--port', '0'],
    { MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: address, MUSTER_OFFLINE_URL: it_.model.url },
    (line) => (url = /url=(\S+)/.exec(line)![1]!),
    (text) => (said += text),
  );
  children.add(child);
  await until('its worker is up', () => said.includes('answers at once are made here'));
  return { child, url };
}

async function* framesOf(url: string, key: string): AsyncGenerator<{ event: string; data: any }> {
  const { body, status } = await fetch(`${url}/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'idempotency-key': key },
    body: JSON.stringify({
      goal: 'How often does the lighthouse poll?',
      sources: [{ kind: 'path', path: it_.docs }],
      path: 'fast',
    }),
  });
  if (status !== 200) throw new Error(`POST /tasks was answered ${status}`);
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(piece, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = /^event: (.+)$/m.exec(block)?.[1];
      if (event !== undefined) yield { event, data: JSON.parse(/^data: (.+)$/m.exec(block)![1]!) };
    }
  }
}

/** Reads until a frame of this kind; whoever was killed meanwhile sends none. */
async function untilFrame(url: string, key: string, wanted: string): Promise<void> {
  for await (const { event } of framesOf(url, key)) if (event === wanted) return;
  throw new Error(`no ${wanted} came`);
}

async function indexed(): Promise<void> {
  await (await it_.client.start({ goal: 'What is in the harbour?', sources: [it_.docs] })).result();
  it_.model.requests.splice(0);
}

const directCalls = (): number => it_.model.requests.filter(({ step }) => step === 'muster_direct').length;

test(
  `a gateway that is killed right after the first word that it showed leaves a task that is started, ${KILLS} times`,
  async () => {
    it_ = await testDeployment({ tokenMs: 30 });
    await it_.spawnWorker();
    await indexed();
    const keys = Array.from({ length: KILLS }, (_one, n) => `killed-${n}`);
    for (const key of keys) {
      const { child, url } = await spawnGateway();
      await untilFrame(url, key, 'answer.delta');
      await killed(child, 'SIGKILL');
      // Not one word without its task.
      await it_.client.get(taskIdOfKey('default', key));
    }
    // One that starts on this host takes over what was left.
    const last = await spawnGateway();
    for (const key of keys) {
      const task = await it_.client.get(taskIdOfKey('default', key));
      const result = await task.result();
      expect(result.outcome).toBe('completed');
      const events: string[] = [];
      let answered: any;
      for await (const { event, data } of framesOf(last.url, key)) {
        events.push(event);
        if (event === 'done') answered = data;
      }
      expect(events).toEqual(expect.arrayContaining(['task.accepted', 'answer.ready', 'done']));
      expect(answered).toMatchObject({ task_id: task.taskId, status: 'completed' });
    }
    // Each was asked at most once more than it was killed.
    expect(directCalls()).toBeLessThanOrEqual(2 * KILLS);
  },
  LONGEST_MS,
);

test('a gateway that is killed once its answer is kept pays nothing again: the next worker has the reply from the log', async () => {
  it_ = await testDeployment({ tokenMs: 30 });
  await it_.spawnWorker();
  await indexed();
  const proxy = await cuttingProxy(`http://${serverAddress()}`, 0);
  const { child, url } = await spawnGateway(new URL(proxy.url).host);
  const key = 'kept';
  const task = taskIdOfKey('default', key);
  await untilFrame(url, key, 'answer.delta');
  // Its server does not hear of the answer, so that the task is open when it is killed.
  proxy.aim('http://127.0.0.1:1');
  proxy.cut();
  const { run } = (await it_.store.getTask(task))!;
  const records = () => it_.store.readLog<LogRecord>({ run, subtask: STEP_LOGS.direct, generation: 1 });
  const count = async (t: LogRecord['t']): Promise<number> => (await records()).filter((one) => one.t === t).length;
  await until('its reply is kept', async () => (await count('model')) === 1);
  await killed(child, 'SIGKILL');
  await proxy.close();
  await until('it is closed', async () => !(await (await it_.client.get(task)).isOpen()));
  expect(await (await it_.client.get(task)).result()).toMatchObject({
    outcome: 'completed',
    usage: { modelCalls: 1 },
  });
  expect([await count('attempt'), await count('model')]).toEqual([2, 1]);
  expect(directCalls()).toBe(1);
});

test.each(cases(['before its first word', 'once its answer is told'], (when) => when === 'before its first word'))(
  'a gateway that is killed %s leaves a task that another one ends, and the same key gets the whole answer',
  async (when) => {
    it_ = await testDeployment({ tokenMs: 10 });
    await it_.spawnWorker();
    await indexed();
    const { child, url } = await spawnGateway();
    const key = when.replaceAll(' ', '-');
    const task = taskIdOfKey('default', key);
    if (when === 'before its first word') {
      it_.model.inject({ kind: 'stall', afterChunks: 0, ms: 60_000, match: { step: 'muster_direct' } });
      void untilFrame(url, key, 'done').catch(() => undefined);
      const isThere = async (): Promise<boolean> => (await it_.client.get(task).catch(() => undefined)) !== undefined;
      await until('the task is there, and its model is asked', async () => (await isThere()) && it_.model.inFlight > 0);
    } else await untilFrame(url, key, 'answer.ready');
    await killed(child, 'SIGKILL');
    const other = await spawnGateway();
    const events: string[] = [];
    for await (const { event } of framesOf(other.url, key)) events.push(event);
    expect(events).toEqual(expect.arrayContaining(['task.accepted', 'answer.ready', 'done']));
    expect((await it_.store.getResult(task))?.outcome).toBe('completed');
    // What was kept is not paid again. Where nothing was, the other gateway may begin a call for a task that proves to be there: it is
    // given up.
    if (when === 'once its answer is told') expect(directCalls()).toBe(1);
    else expect([2, 3]).toContain(directCalls());
  },
);

test.each(
  cases(['before its first word', 'while it writes', 'once its answer is there'], (when) => when === 'while it writes'),
)('a server that is killed %s and comes back costs no answer, and no call that was finished', async (when) => {
  own = await ownServer();
  it_ = await testDeployment({ tokenMs: 10 });
  await it_.spawnWorker();
  await indexed();
  const { url } = await spawnGateway();
  const key = 'server';
  const stall = { kind: 'stall', match: { step: 'muster_direct' }, ms: 3_000 } as const;
  if (when === 'before its first word') it_.model.inject({ ...stall, afterChunks: 0 });
  if (when === 'while it writes') it_.model.inject({ ...stall, afterChunks: 12 });
  const reading = untilFrame(url, key, 'done').catch(() => undefined);
  const task = taskIdOfKey('default', key);
  await until('the task is there', async () => (await it_.store.getTask(task)) !== undefined);
  if (when === 'once its answer is there')
    await until('its answer is kept', async () => (await it_.store.getResult(task)) !== undefined);
  await own.kill();
  own.comeBack();
  await until('it is answered', async () => (await it_.store.getResult(task)) !== undefined);
  await until(
    'it is closed',
    async () => !(await (await it_.client.get(task).catch(() => undefined))?.isOpen().catch(() => true)),
  );
  await reading;
  expect((await it_.store.getResult(task))?.outcome).toBe('completed');
  expect(it_.model.requests.filter(({ step, finished }) => step === 'muster_direct' && finished)).toHaveLength(1);
});
