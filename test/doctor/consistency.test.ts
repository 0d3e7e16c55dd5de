// `doctor --consistency` on a task that really ran: all agrees; and whatever is taken away, or changed, is named.

import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporalSettings } from '../../settings/temporal-settings.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { fileStore } from '../../store/file-store.ts';
import { storeFolder } from '../../store/home.ts';
import { lookAtTasks, type Difference } from '../../worker/doctor/consistency/look-at-tasks.ts';
import { openServer, type Server } from '../../worker/doctor/server.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { startReceiver, type Receiver } from '../rig/receiver.ts';
import { doctor } from './support.ts';

let it_: TestDeployment;
let receiver: Receiver;
let server: Server;
let taskId: string;
let result: TaskResult;
let folder: string;

beforeAll(async () => {
  it_ = await testDeployment();
  receiver = await startReceiver();
  await it_.startWorker();
  const task = await it_.client.start({
    goal: 'What does the lighthouse do when nobody takes an alarm?',
    sources: [it_.docs],
    tenant: 'acme',
    notify: [{ kind: 'webhook', to: receiver.url }],
  });
  taskId = task.taskId;
  result = await task.result();
  await until('its background is over', async () => (await it_.store.getResult(`${taskId}/background`)) !== undefined);
  server = await openServer(temporalSettings({ TEMPORAL_ADDRESS: serverAddress() }));
  folder = storeFolder(it_.home);
});
afterAll(async () => {
  await server.connection.close();
  await receiver.close();
  await it_.stop();
});

/** By a store that remembers nothing of before. */
async function differences(): Promise<string[]> {
  const found: Difference[] = [];
  const store = fileStore(folder);
  const { looked } = await lookAtTasks({ server, store }, 10, (one) => void found.push(one), 0);
  await store.close();
  expect(looked).toBe(1);
  expect(new Set(found.map(({ task }) => task))).toEqual(found.length === 0 ? new Set() : new Set([taskId]));
  return found.map(({ what, words }) => `${what}: ${words}`).sort();
}

/** Changes a file of the store for as long as `then` takes. */
async function changed(path: string, change: (text: string) => string, then: () => Promise<void>): Promise<void> {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  await then().finally(() => writeFileSync(path, before));
}

const ofTask = (file: string, id = taskId): string => join(folder, 'tasks', sha256(id), file);
const blob = (hash: string): string => join(folder, 'blobs', hash.slice(0, 2), hash);
const withoutLine = (at: (line: string) => boolean) => (text: string) => {
  const lines = text.split('\n');
  return lines.toSpliced(lines.findIndex(at), 1).join('\n');
};

test('of a task that ran and told its receiver all agrees, by the command, too', async () => {
  expect(await differences()).toEqual([]);
  const env = { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: it_.home };
  expect(await doctor(env, '--consistency', '--last', '5')).toMatchObject({
    code: 0,
    found: [],
    talk: 'muster doctor: 1 closed task was looked at, nothing differs\n',
  });
  await changed(
    ofTask('events.ndjson'),
    withoutLine((line) => line.includes('"n":3,')),
    async () => {
      const broken = await doctor(env, '--consistency');
      expect(broken).toMatchObject({
        code: 1,
        found: [{ task: taskId, what: 'events', words: 'number 3 is missing' }],
      });
    },
  );
});

test('a result that was changed, or is gone, is named', async () => {
  const other = (text: string): string =>
    JSON.stringify({ ...JSON.parse(text), outcome: 'failed', corpusRef: undefined });
  await changed(ofTask('result.json'), other, async () =>
    expect(await differences()).toEqual([
      'result: corpusRef in the store is not what the Workflow returned',
      'result: its digest in the memo is of another one',
      'result: outcome in the store is not what the Workflow returned',
      'result: the store says failed, and Temporal completed',
    ]),
  );
  const path = ofTask('result.json');
  renameSync(path, `${path}.away`);
  expect(await differences()).toEqual(['result: the store has none, and the task is completed']);
  renameSync(`${path}.away`, path);
});

test('a text that is gone, or is another, is named by what it is', async () => {
  const { planRef = '', answerRef = '', answer } = result;
  const [cited] = answer?.citations ?? [];
  const source = cited?.sha256 ?? '';
  renameSync(blob(planRef), `${blob(planRef)}.away`);
  expect(await differences()).toEqual([`texts: the plan (${planRef.slice(0, 12)}…) is missing`]);
  renameSync(`${blob(planRef)}.away`, blob(planRef));
  await changed(
    blob(answerRef),
    (text) => `${text} `,
    async () =>
      expect(await differences()).toEqual([`texts: the answer (${answerRef.slice(0, 12)}…) is not what was stored`]),
  );
  await changed(
    blob(source),
    (text) => text.replace(cited?.quote ?? '', 'something else'),
    async () =>
      expect((await differences()).map((one) => one.replace(/\d+ of the quotes/, 'n of the quotes'))).toEqual([
        `texts: n of the quotes of ${cited?.source} do not stand in its text`,
        `texts: the text of ${cited?.source} (${source.slice(0, 12)}…) is not what was stored`,
      ]),
  );
});

test('events that are missing at either end, and ones that count otherwise, are named', async () => {
  const events = ofTask('events.ndjson');
  await changed(
    events,
    withoutLine((line) => line.includes('"task.closed"')),
    async () => expect(await differences()).toEqual(['events: the last one, task.closed, is missing']),
  );
  await changed(
    events,
    (text) => text.replace(/("type":"answer.ready","citations":)\d+/, '$199'),
    async () =>
      expect((await differences())[0]).toMatch(/^events: answer\.ready has 99 citations, and the result \d+$/),
  );
  await changed(
    ofTask('events.ndjson', `${taskId}/background`),
    withoutLine((line) => line.includes('background.settled')),
    async () => expect(await differences()).toEqual(['background: its last event, background.settled, is missing']),
  );
  const behind = ofTask('result.json', `${taskId}/background`);
  renameSync(behind, `${behind}.away`);
  expect(await differences()).toEqual(['background: it is completed, and the store has no result of it']);
  renameSync(`${behind}.away`, behind);
});

test('a line of a log that is missing is named with its subtask', async () => {
  const logs = join(folder, 'logs', result.run);
  const files = readdirSync(logs)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => join(logs, name));
  const [file] = files.filter((path) => existsSync(path) && readFileSync(path, 'utf8').includes('"t":"model"'));
  const isCall = (line: string): boolean => line.includes('"t":"model"') && /\bs1\b/.test(line.slice(0, 80));
  await changed(file ?? '', withoutLine(isCall), async () =>
    expect(await differences()).toEqual([
      expect.stringMatching(/^logs: all of them have \d+ model calls, and the result counts \d+$/),
      expect.stringMatching(/^logs: s1\/g1 has \d+ model calls in its log, and told of \d+$/),
    ]),
  );
});

test('search attributes that say another thing than the store are named', async () => {
  await changed(
    ofTask('task.json'),
    (text) => text.replace('"acme"', '"other"'),
    async () => expect(await differences()).toEqual(['search attributes: MusterTenant is acme, and should be other']),
  );
});
