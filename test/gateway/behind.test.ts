// What goes on behind an answer, over HTTP and by command line: read after the task's events, shown, sent once more.

import { once } from 'node:events';
import { WebSocket } from 'ws';
import { HttpClient } from '../../client/http/index.ts';
import { backgroundId } from '../../protocol/names.ts';
import { muster, musterHere } from '../cli/support.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway, type TestGateway } from '../rig/gateway.ts';
import { startReceiver, type Receiver } from '../rig/receiver.ts';

let it_: TestDeployment;
let api: TestGateway;
let receiver: Receiver;
beforeAll(async () => {
  it_ = await testDeployment();
  receiver = await startReceiver();
  await it_.startWorker();
  api = await testGateway(it_, {
    authenticate: (request) => ({
      tenant: request.headers.get('x-tenant') ?? 'acme',
      name: 'n',
      scopes: ['tasks:read', 'tasks:write'],
      paths: true,
    }),
  });
});
afterAll(async () => {
  await api.close();
  await receiver.close();
  await it_.stop();
});

const cli = (...args: string[]) =>
  musterHere(args, { env: { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: it_.home } });

/** The events that a subscription gets, without the live phases between them. */
async function overSocket(asked: object): Promise<string[]> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/stream`);
  const seen: string[] = [];
  socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', ...asked })));
  socket.on('message', (message) => {
    const { event } = JSON.parse((message as Buffer).toString('utf8')) as { event: string };
    if ((event !== 'live' && !event.startsWith('answer.')) || event === 'answer.ready') seen.push(event);
    if (event === 'done' || event === 'error') socket.close();
  });
  await once(socket, 'close');
  return seen;
}

test('a stream that asks for it goes on behind the answer, and what was given up is sent once more by HTTP and command line', async () => {
  receiver.answer({ status: 410 });
  const client = new HttpClient({ url: api.url });
  const task = await client.start({
    goal: 'How often does lighthouse poll?',
    sources: [it_.docs],
    class: 'quick',
    notify: [{ kind: 'webhook', to: receiver.url }],
    background: [{ goal: 'What limits does tidebook have?' }],
  });
  const seen: { type: string; run: string; n: number }[] = [];
  for await (const event of task.events({ background: true })) seen.push(event);
  const types = seen.map(({ type }) => type);
  expect(types.slice(types.indexOf('task.closed') + 1)[0]).toBe('background.started');
  expect(types).toContain('delivery.failed');
  expect(types.at(-1)).toBe('background.settled');
  // Its own run, whose cursor goes on in it; the task's stream ends with the task.
  const behind = seen.filter(({ run }) => run === seen.at(-1)?.run);
  expect(behind[0]).toMatchObject({ type: 'background.started', n: 1 });
  const again: string[] = [];
  for await (const { type } of task.events({ background: true, after: behind[0]! })) again.push(type);
  expect(again).toEqual(behind.slice(1).map(({ type }) => type));
  // The same over a WebSocket, which is told whose log a cursor is of by the cursor alone.
  const { run, n } = behind[0]!;
  const split = types.indexOf('background.started');
  expect(await overSocket({ task_id: task.taskId, background: true })).toEqual([
    ...types.slice(0, split),
    'background',
    ...types.slice(split),
    'done',
  ]);
  // A cursor of neither log, as before a Reset, is one of the task's: nothing behind it is left out.
  const foreign = { run: '0'.repeat(8), n: 1 };
  const anew: string[] = [];
  for await (const { type } of task.events({ background: true, after: foreign })) anew.push(type);
  expect(anew).toEqual(types.slice(split));
  // Another tenant is told of no such task, and nothing is sent for it.
  for (const asked of ['redeliver', 'cancel-background'])
    expect((await api.post(`/tasks/${task.taskId}/${asked}`, {}, { 'x-tenant': 'other' })).json.code).toBe(
      'task_not_found',
    );
  expect(receiver.told).toHaveLength(1);
  expect(await overSocket({ task_id: task.taskId, background: true, after: `${run}:${n}` })).toEqual([
    ...again,
    'done',
  ]);
  expect((await overSocket({ task_id: task.taskId })).slice(-2)).toEqual(['task.closed', 'done']);
  const alone: string[] = [];
  for await (const { type } of task.events()) alone.push(type);
  expect(alone.at(-1)).toBe('task.closed');

  const status = async () => (await task.status()).background?.deliveries.map(({ state }) => state);
  // A view may be a second old.
  await until('it is shown as disabled', async () => (await status())?.join() === 'disabled');
  const said = await cli('status', task.taskId);
  expect(said.out).toMatch(/disabled: task\.completed to webhook http:\S+, at try 1/);
  expect(said.out).toMatch(/done: b1 What limits does tidebook have\?/);
  // Who names what is not there, or what was done, is told so, and nothing is sent.
  const told = (await task.status()).background?.deliveries[0]?.id ?? '';
  expect(await cli('redeliver', task.taskId, told, 'b7')).toMatchObject({
    code: 2,
    talk: expect.stringContaining(`b7 is nothing that goes on behind this answer; there is ${told}, b1`) as string,
  });
  await expect(task.redeliver(['b1'])).rejects.toThrow('nothing of it was given up: b1 is done');
  expect((await api.post(`/tasks/${task.taskId}/redeliver`, { ids: ['b1'] })).json.code).toBe('command_refused');
  expect(receiver.told).toHaveLength(1);
  await task.redeliver();
  const givenUp = async (): Promise<number> =>
    (await it_.store.readEvents(backgroundId(task.taskId))).filter(({ type }) => type === 'delivery.failed').length;
  await until('it is given up once more', async () => (await givenUp()) === 2);
  receiver.answer({ status: 204 });
  expect((await cli('redeliver', task.taskId)).code).toBe(0);
  await until('it is delivered', async () => (await status())?.[0] === 'delivered');
  expect(new Set(receiver.told.map(({ id }) => id)).size).toBe(1);
  const watched = await cli('watch', task.taskId, '--background');
  expect(watched.talk).toMatch(/told to webhook http:[^]*behind the answer all is over: 1 told, 0 not told/);
  expect((await cli('redeliver', task.taskId)).code).not.toBe(0);
  expect((await api.post(`/tasks/${task.taskId}/redeliver`, {})).json).toMatchObject({ code: 'task_closed' });
});

test('who watches what goes on behind an answer leaves when the time is over, or by Ctrl-C, and it goes on', async () => {
  receiver.answer({ status: 503 });
  const { taskId } = await it_.client.start({
    goal: 'How often does lighthouse poll?',
    sources: [it_.docs],
    class: 'quick',
    notify: [{ kind: 'webhook', to: receiver.url }],
  });
  await (await it_.client.get(taskId)).result();
  const env = { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: it_.home };
  const late = await muster(['watch', taskId, '--background', '--timeout', '8'], { env }).ended;
  expect(late.talk).toMatch(/could not be told to webhook http:[^]*has not ended yet/);
  expect(late.code).toBe(6);
  // Nothing is left of what Ctrl-C means while the task itself is followed: it leaves at once.
  const { child, sofar, ended } = muster(['watch', taskId, '--background'], { env });
  await until('it shows what is behind', () => /could not be told to webhook http:/.test(sofar.talk));
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  const task = await it_.client.get(taskId);
  const { background } = await task.status();
  expect(background?.state).toBe('running');
  // It is tried again by itself; who does not want to wait for that names it.
  expect((await cli('status', taskId)).out).toMatch(/^retrying: .*it answered 503; try \d is in \d+/m);
  await expect(task.redeliver()).rejects.toThrow('nothing was given up yet');
  const tries = receiver.told.length;
  expect((await cli('redeliver', taskId, background?.deliveries[0]?.id ?? '')).code).toBe(0);
  await until('it is tried at once', () => receiver.told.length > tries);
  await task.cancelBackground();
});

test('what goes on behind an answer is ended by command line, and the task is left as it was', async () => {
  receiver.answer({ status: 410 });
  const { taskId } = await it_.client.start({
    goal: 'How often does lighthouse poll?',
    sources: [it_.docs],
    class: 'quick',
    notify: [{ kind: 'webhook', to: receiver.url }],
  });
  const child = it_.client.temporal.workflow.getHandle(backgroundId(taskId));
  await (await it_.client.get(taskId)).result();
  const ended = await cli('cancel-background', taskId, '--json');
  expect([ended.code, JSON.parse(ended.out)]).toEqual([0, { taskId, recorded: true }]);
  await expect(child.result()).rejects.toThrow();
  expect((await child.describe()).status.name).toBe('CANCELLED');
  expect((await (await it_.client.get(taskId)).status()).state).toBe('completed');
  expect(await cli('cancel-background', taskId)).toMatchObject({
    code: 1,
    talk: expect.stringContaining('nothing goes on'),
  });
});
