// The client without gRPC, against a real gateway: it shows what the library shows, comes back after every cut, and says in
// the library's errors what is refused. The commands of `muster` go through it where a gateway is named.

import { createServer, type AddressInfo } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { GatewayRefusedError, HttpClient, StillRunningError } from '../../client/http/index.ts';
import { RequestRefusedError, TaskCancelledError, TaskNotFoundError, UnreachableError } from '../../client/errors.ts';
import { traceLines } from '../../client/cli/render/trace-lines.ts';
import type { AnyTask } from '../../client/kept-task.ts';
import type { WireTask } from '../../client/http/wire-task.ts';
import type { WireTrace } from '../../client/http/wire-trace.ts';
import { keyDoor } from '../../gateway/index.ts';
import { createKey } from '../../gateway/doors/keys.ts';
import type { TaskView } from '../../gateway/wire/schemas.ts';
import type { traceView } from '../../gateway/wire/trace.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import type { Span } from '../../protocol/trace.ts';
import { muster, musterHere } from '../cli/support.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway, type TestGateway } from '../rig/gateway.ts';
import { heldModel } from '../rig/held-model.ts';
import { cuttingProxy } from './cutting-proxy.ts';

const GOAL = 'How often does Lighthouse poll?';
/** What a gateway sends is what the client reads: held by the type check. */
const isReadable: TaskView extends WireTask ? true : never = true;
const isTraceReadable: ReturnType<typeof traceView> extends WireTrace ? true : never = true;

const MODEL = heldModel((asked, step) => step === 'muster_findings' && asked.includes('held-back'));
let it_: TestDeployment;
let api: TestGateway;
let client: HttpClient;
beforeAll(async () => {
  it_ = await testDeployment({ brain: MODEL.brain });
  api = await testGateway(it_, { sources: { handbook: { path: it_.docs } } });
  client = new HttpClient({ url: api.url });
  await it_.startWorker();
});
afterAll(async () => {
  MODEL.release();
  await api.close();
  await it_.stop();
});
afterEach(() => expect(api.errors).toEqual([]));

const ask = (more: object = {}) => ({
  goal: GOAL,
  sources: [{ kind: 'named' as const, name: 'handbook' }],
  ...more,
});
async function all(events: AsyncIterable<TaskEvent>): Promise<TaskEvent[]> {
  const seen: TaskEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

test('the client without gRPC is told the same estimate as the library', async () => {
  const limits = { tokens: 9_000 };
  const far = await client.estimate(ask({ class: 'quick', limits }));
  const near = await it_.client.estimate({ goal: GOAL, sources: [it_.docs], class: 'quick', limits });
  expect(far).toEqual(near);
  expect(far).toMatchObject({ basis: 'class', most: { seconds: 60, subtasks: 3, tokens: 9_000 } });
});

test('the client without gRPC shows a task as the library does: its status, its events, its result, its place in the list', async () => {
  const task: AnyTask = await client.start(ask({ class: 'quick', sessionId: 's-http', limits: { maxSubtasks: 2 } }));
  const own = await it_.client.get(task.taskId);
  expect(await all(task.events())).toEqual(await all(own.events()));
  expect(await task.result()).toEqual(await own.result());
  const [far, near] = [await task.status(), await own.status()];
  expect(far).toMatchObject({ taskId: near.taskId, state: 'completed', goal: near.goal, live: [] });
  expect([far.startedAt, far.closedAt, far.class, far.sessionId]).toEqual([
    near.startedAt,
    near.closedAt,
    'quick',
    's-http',
  ]);
  expect([await task.isOpen(), isReadable, isTraceReadable]).toEqual([false, true, true]);
  await until('it is listed', async () => (await client.listPage({ sessionId: 's-http' })).tasks.length > 0);
  const [listed] = (await client.listPage({ sessionId: 's-http' })).tasks;
  expect(listed).toMatchObject({ taskId: task.taskId, goal: near.goal, class: 'quick', startedAt: near.startedAt });
  for await (const one of client.list({ limit: 1 })) expect(one.taskId).toEqual(expect.any(String));
});

test('a task’s trace is the same through the client without gRPC, but for the words of prompts and answers', async () => {
  const task: AnyTask = await client.start(ask({ class: 'quick', background: [{ goal: 'What is Lighthouse?' }] }));
  const own = await it_.client.get(task.taskId);
  await task.result();
  await until('what goes on behind it has ended', async () => {
    const { background } = await own.trace();
    return background.length > 0 && background.flat().every(({ isOpen }) => !isOpen) && !(await own.isOpen());
  });
  const near = await own.trace();
  const bare = ({ content, error, ...span }: Span): Span => ({
    ...span,
    ...(error ? { error: { type: error.type } } : {}),
    ...(content?.['muster.title'] === undefined ? {} : { content: { 'muster.title': content['muster.title'] } }),
    events: span.events.map((event) => ({ attributes: {}, ...event })),
  });
  const far = await task.trace();
  expect(far).toEqual({
    ...near,
    spans: near.spans.map(bare),
    background: near.background.map((stretch) => stretch.map(bare)),
  });
  expect(traceLines(far, 110)).toEqual(traceLines(near, 110));
  expect(near.spans.length).toBeGreaterThan(5);
});

test('a running task is read, given up waiting for, and cancelled through the client without gRPC', async () => {
  const task = await client.start(ask({ goal: 'How often does Lighthouse poll? held-back' }));
  await until('a model is asked', () => MODEL.waiting() > 0);
  const own = await it_.client.get(task.taskId);
  await until('its sub-agents are seen at work', async () => {
    const [far, near] = [await task.status(), await own.status()];
    return far.progress?.lastEvent === near.progress?.lastEvent && far.live.length > 0;
  });
  const [far, near] = [await task.status(), await own.status()];
  // What is left of the task is told over HTTP, not since when it is where it is.
  expect({ ...far.progress, draft: '' }).toEqual({
    ...near.progress,
    draft: '',
    stageSince: undefined,
    promise: undefined,
  });
  expect(far.live.map(({ id, generation }) => [id, generation])).toEqual(
    near.live.map(({ id, generation }) => [id, generation]),
  );
  await expect(task.result({ timeoutSeconds: 0 })).rejects.toBeInstanceOf(StillRunningError);
  const paused = await task.command({ kind: 'pause' }, { id: 'http-pause' });
  expect((await task.status()).state).toBe('paused');
  // Once more is the same, and by the library, too.
  expect(await task.command({ kind: 'pause' }, { id: 'http-pause' })).toEqual(paused);
  expect(await own.command({ kind: 'pause' }, { id: 'http-pause' })).toEqual(paused);
  await expect(task.command({ kind: 'stop', to: 's99' })).rejects.toThrow(/s99 is no subtask of this task/);
  expect(await task.command({ kind: 'resume' })).toMatchObject({ applied: true });
  await task.cancel('enough');
  MODEL.release();
  await expect(task.result()).rejects.toBeInstanceOf(TaskCancelledError);
  // Once more changes nothing.
  await task.cancel();
});

test('behind a proxy that cuts, the events of the client without gRPC are whole, each once and in order', async () => {
  const proxy = await cuttingProxy(api.url, 1_500);
  const far = new HttpClient({ url: proxy.url });
  const { taskId } = await client.start(ask());
  const events = await all(far.task(taskId).events());
  expect(events).toEqual(await it_.store.readEvents(taskId));
  expect(proxy.cuts()).toBeGreaterThan(1);
  const [, second] = events;
  expect(await all(far.task(taskId).events({ after: second as TaskEvent }))).toEqual(events.slice(2));
  const frames: string[] = [];
  for await (const { event } of far.task(taskId).stream()) frames.push(event);
  expect(frames.at(-1)).toBe('done');
  await proxy.close();
});

test('what a gateway refuses are the errors of the library, with the place of each mistake', async () => {
  await expect(client.get('task-none')).rejects.toBeInstanceOf(TaskNotFoundError);
  await expect(all(client.task('task-none').events())).rejects.toBeInstanceOf(TaskNotFoundError);
  const refused: unknown = await client.start(ask({ class: 'instant' })).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RequestRefusedError);
  expect(String(refused)).toContain('/class: there is no class "instant"');
  const first = await client.start(ask(), { idempotencyKey: 'http-1' });
  expect((await client.start(ask(), { idempotencyKey: 'http-1' })).taskId).toBe(first.taskId);
  const reused = client.start(ask({ goal: 'Another?' }), { idempotencyKey: 'http-1' });
  await expect(reused).rejects.toBeInstanceOf(RequestRefusedError);
  await first.result();
  expect(() => new HttpClient({ url: 'gateway.example' })).toThrow(/is not an http or https address/);
});

test('a gateway with keys is reached with one, and says so to who has none', async () => {
  const guarded = await testGateway(it_, { authenticate: keyDoor(it_.store, { isLoopback: false }) });
  const { key } = await createKey(it_.store, { name: 'k', tenant: 'acme', scopes: ['tasks:read', 'tasks:write'] });
  const none: unknown = await new HttpClient({ url: guarded.url }).listPage().catch((error: unknown) => error);
  expect(none).toBeInstanceOf(GatewayRefusedError);
  expect(none).toMatchObject({ status: 401, code: 'unauthorized' });
  const own = new HttpClient({ url: guarded.url, apiKey: key });
  const { taskId } = await own.start({ goal: 'g', sources: ['https://example.com/'] });
  expect(await own.task(taskId).isOpen()).toEqual(expect.any(Boolean));
  // Another tenant's is not there.
  await expect(client.get(taskId)).rejects.toBeInstanceOf(TaskNotFoundError);
  await guarded.close();
});

test('a gateway that is away or busy is asked again, and a task whose answer was lost is started once', async () => {
  const free = createServer();
  await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
  const { port } = free.address() as AddressInfo;
  await new Promise((done) => free.close(done));
  await expect(new HttpClient({ url: `http://127.0.0.1:${port}` }).task('t').status()).rejects.toBeInstanceOf(
    UnreachableError,
  );
  const keys: string[] = [];
  const busy = createHttpServer((request, response) => {
    keys.push(String(request.headers['idempotency-key']));
    if (keys.length === 1) return void request.socket.destroy();
    if (keys.length === 2) return void response.writeHead(503, { 'retry-after': '1' }).end('{"code":"overloaded"}');
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"task_id":"t-1"}');
  });
  await new Promise<void>((done) => busy.listen(0, '127.0.0.1', done));
  const far = new HttpClient({ url: `http://127.0.0.1:${(busy.address() as AddressInfo).port}` });
  expect((await far.start(ask())).taskId).toBe('t-1');
  // The key of one's own start, each time the same.
  expect(keys).toEqual(Array(3).fill(expect.stringMatching(/^client-[0-9a-f]{32}$/)));
  expect(new Set(keys).size).toBe(1);
  await new Promise((done) => busy.close(done));
});

describe('the commands, where a gateway is named', () => {
  /** As on a machine that reaches the gateway and nothing else. */
  const laptop = async (args: string[], url: string = api.url) => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', ...(url === '' ? {} : { MUSTER_URL: url }) };
    return await (args.includes('run') ? muster(args, { env }).ended : musterHere(args, { env }));
  };

  test('run, watch, status, result, trace, list and cancel need no Temporal where a gateway is named, and show the same', async () => {
    const ran = await laptop(['--url', api.url, 'run', GOAL, '--docs', 'handbook', '--session', 's-cli'], '');
    expect([ran.code, ran.out]).toEqual([0, expect.stringMatching(/every 15 seconds[^]*## Sources/)]);
    expect(ran.talk).toMatch(/^\d\d:\d\d:\d\d task completed$/m);
    await until('it is listed', async () => (await laptop(['list', '--session', 's-cli'])).out !== '');
    const id = /^task-[0-9a-f]{40}/.exec((await laptop(['list', '--session', 's-cli'])).out)?.[0] ?? '';
    // A part of the id is enough, as it is beside Temporal.
    const far = await laptop(['result', id.slice(-12)]);
    const beside = { env: { TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: it_.home } };
    const near = await musterHere(['result', id], beside);
    expect([far.out, far.talk]).toEqual([near.out, near.talk]);
    const there = await laptop(['status', id]);
    const here = await musterHere(['status', id], beside);
    expect([there.code, there.out]).toEqual([0, here.out]);
    const watched = await laptop(['watch', id, '--json']);
    const lines = watched.out.trimEnd().split('\n');
    expect(lines.slice(0, -1).map((line) => JSON.parse(line) as TaskEvent)).toEqual(await it_.store.readEvents(id));
    const tree = await laptop(['trace', id]);
    expect([tree.code, tree.out]).toEqual([0, (await musterHere(['trace', id], beside)).out]);
    expect(tree.out).toContain('invoke_workflow muster');
    expect((await laptop(['cancel', id])).talk).toContain('is completed already');
  });

  test('who names no gateway that there is, no source that it has, or a command of this machine is told so', async () => {
    const wrong = await laptop(['start', 'g', '--docs', 'nobody']);
    expect([wrong.code, wrong.talk]).toEqual([
      2,
      expect.stringContaining('muster: --docs: there is no source named "nobody"'),
    ]);
    const away = await laptop(['status', 'some-task'], 'http://127.0.0.1:1');
    expect([away.code, away.talk]).toEqual([5, expect.stringContaining('the gateway at http://127.0.0.1:1 does not')]);
    const here = await laptop(['--url', api.url, 'up'], '');
    expect([here.code, here.talk]).toEqual([2, expect.stringContaining('--url goes with run, start')]);
    expect((await laptop(['list', '--url=ftp://x'], '')).code).toBe(2);
    const none = await laptop(['result', 'task-none']);
    expect([none.code, none.talk]).toEqual([3, expect.stringContaining('at the gateway at')]);
  });
});
