// A gateway with a Worker for answers at once inside: tasks begin with the reply to their start, the model's call beside it, and
// the words are relayed in the process. What it leaves others finish.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { taskIdOfKey } from '../../client/muster-client.ts';
import { TaskHandle } from '../../client/task-handle.ts';
import { fastQueue } from '../../protocol/names.ts';
import type { FastLane } from '../../worker/fast-lane.ts';
import { showMetrics } from '../../gateway/gateway-metrics.ts';
import { readTrace } from '../../telemetry/read-trace.ts';
import { traceIdOf } from '../../telemetry/trace-context.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway, type TestGateway } from '../rig/gateway.ts';

const QUESTION = 'How often does the lighthouse poll?';

let it_: TestDeployment;
let lane: FastLane;
let gateway: TestGateway;

beforeEach(async () => {
  it_ = await testDeployment({ tokenMs: 2 });
  // Of deep work alone: what it indexes the lane answers from.
  await it_.startWorker();
  await (await it_.client.start({ goal: 'What is in the harbour?', sources: [it_.docs] })).result();
  it_.model.requests.splice(0);
  lane = await it_.openLane();
  gateway = await testGateway(it_, { fastLane: lane });
});
afterEach(async () => {
  await gateway.close();
  await it_.stop();
});

const body = (goal = QUESTION): object => ({
  goal,
  sources: [{ kind: 'path', path: it_.docs }],
  path: 'fast',
});
const stream = async (url: string, headers: Record<string, string> = {}): Promise<string> =>
  await (
    await fetch(`${url}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify(body()),
    })
  ).text();

interface Frame {
  event: string;
  id?: string;
  data: any;
}
const framesOf = (text: string): Frame[] =>
  text
    .split('\n\n')
    .filter((one) => /^event: /m.test(one))
    .map((one) => {
      const id = /^id: (.+)$/m.exec(one)?.[1];
      return {
        event: /^event: (.+)$/m.exec(one)![1]!,
        ...(id === undefined ? {} : { id }),
        data: JSON.parse(/^data: (.+)$/m.exec(one)![1]!),
      };
    });
/** What of a stream does not depend on the moment: its events with their numbers, and all its words. */
const shapeOf = (frames: readonly Frame[]) => ({
  events: frames.filter(({ id }) => id !== undefined).map(({ event, id }) => `${id!.split(':')[1]} ${event}`),
  words: frames
    .filter(({ event }) => event === 'answer.delta')
    .map(({ data }) => data.text)
    .join(''),
});

test('a gateway with a worker of its own answers at once there: its words come once and in order, the stream is as any other', async () => {
  const heard: number[] = [];
  lane.hear((_task, { text }) => void heard.push(text.length));
  const frames = framesOf(await stream(gateway.url));
  expect(frames[0]).toMatchObject({ event: 'task.accepted' });
  let end = 0;
  for (const { data } of frames.filter(({ event }) => event === 'answer.delta')) {
    expect(data.offset).toBe(end);
    end += data.text.length;
  }
  expect(end).toBeGreaterThan(0);
  expect(heard.at(-1)).toBe(end);
  const taskId = frames.at(-1)!.data.task_id as string;
  const { taskQueue } = await it_.client.temporal.workflow.getHandle(taskId).describe();
  expect(taskQueue).toBe(fastQueue(it_.client.deployment));
  // The same of a gateway without one, by the store's words.
  const plain = await testGateway(it_);
  const other = framesOf(await stream(plain.url));
  await plain.close();
  expect(shapeOf(other)).toEqual(shapeOf(frames));
  expect(it_.model.requests.map(({ step }) => step)).toEqual(['muster_direct', 'muster_direct']);
});

test('the model is asked while the task is being started, once, and a start that is refused ends its call unseen', async () => {
  const { client } = it_;
  const start = client.start.bind(client);
  let letGo = (): void => undefined;
  const held = new Promise<void>((done) => (letGo = done));
  let fails = false;
  client.start = async (...asked) => {
    await held;
    if (fails) throw new Error('the start is refused');
    return await start(...asked);
  };
  const asked = stream(gateway.url);
  await until('its model is asked', async () => it_.model.inFlight > 0 || it_.model.requests.length > 0);
  letGo();
  const frames = framesOf(await asked);
  expect(frames.map(({ event }) => event)).toEqual(expect.arrayContaining(['answer.delta', 'answer.ready', 'done']));
  expect(it_.model.requests).toHaveLength(1);
  const result = await (await client.get(frames.at(-1)!.data.task_id)).result();
  expect(result.usage.modelCalls).toBe(1);

  it_.model.requests.splice(0);
  it_.model.inject({ kind: 'stall', afterChunks: 2, ms: 60_000, match: { step: 'muster_direct' } });
  fails = true;
  const refused = await stream(gateway.url, { 'idempotency-key': 'refused' });
  expect(refused).toMatch(/internal/);
  await until('its call has ended', async () => it_.model.inFlight === 0);
  expect(await it_.store.getTask(taskIdOfKey('default', 'refused'))).toBeUndefined();
  client.start = start;
});

test('a call that left ahead tells the model’s server the span that it becomes, of the trace of whoever asked', async () => {
  const traces = {
    isSampled: () => true,
    closed: async () => undefined,
    start: () => undefined,
    stop: async () => undefined,
  };
  const tracing = await it_.openLane({ traces });
  const other = await testGateway(it_, { fastLane: tracing });
  const { client } = it_;
  const start = client.start.bind(client);
  // The start waits for the model to be asked: what it is told is told before there is a task.
  client.start = async (...asked) => {
    await until('its model is asked', async () => it_.model.inFlight > 0 || it_.model.requests.length > 0);
    return await start(...asked);
  };
  const caller = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  for (const [headers, traceId] of [
    [{ traceparent: caller }, 'a'.repeat(32)],
    [{}, undefined],
  ] as const) {
    it_.model.requests.splice(0);
    const taskId = framesOf(await stream(other.url, headers)).at(-1)!.data.task_id as string;
    const trace = await readTrace(it_.store, taskId, { now: Date.now() });
    const call = trace?.spans.find(({ name }) => name.startsWith('chat'));
    expect(trace?.traceId).toBe(traceId ?? traceIdOf(taskId));
    expect(it_.model.requests.map(({ traceparent }) => traceparent)).toEqual([
      `00-${trace?.traceId}-${call?.spanId}-01`,
    ]);
  }
  client.start = start;
  await other.close();
});

test('two that ask the same with one key at once share one call, and who asks later is told what there is', async () => {
  const key = { 'idempotency-key': 'same' };
  const both = await Promise.all([stream(gateway.url, key), stream(gateway.url, key)]);
  const later = await stream(gateway.url, key);
  const ids = [...both, later].map((text) => framesOf(text).at(-1)!.data.task_id as string);
  expect(new Set(ids).size).toBe(1);
  expect(it_.model.requests.map(({ step }) => step)).toEqual(['muster_direct']);
});

test('at its budget whoever waits is told by the gateway, whatever Temporal has to do, and by the log once that has it', async () => {
  const configPath = join(it_.home, 'classes.json');
  writeFileSync(configPath, JSON.stringify({ classes: { hasty: { fastBudgetMs: 1_000 } } }));
  const other = await testGateway(it_, { fastLane: lane, configPath });
  it_.model.inject({ kind: 'stall', afterChunks: 3, ms: 5_000, times: 2, match: { step: 'muster_direct' } });
  const ask = async (): Promise<Frame[]> => {
    const { text, headers } = await other.post(
      '/tasks',
      { ...body(), class: 'hasty' },
      { accept: 'text/event-stream' },
    );
    expect(headers.get('muster-path')).toBe('fast');
    return framesOf(text);
  };
  const saidIn = (frames: readonly Frame[]) =>
    frames.flatMap(({ event, id, data }) =>
      event === 'task.demoted' ? [{ isNumbered: id !== undefined, reason: data.reason as string }] : [],
    );
  const demote = jest.spyOn(TaskHandle.prototype, 'demote').mockResolvedValue();
  const unheard = await ask();
  demote.mockRestore();
  expect(saidIn(unheard)).toEqual([{ isNumbered: false, reason: 'budget' }]);
  const named = unheard.find(({ event }) => event === 'task.demoted')!.data.task_id as string;
  expect(named).toBe(unheard.at(-1)!.data.task_id);
  const heard = await ask();
  expect(saidIn(heard)).toEqual([
    { isNumbered: false, reason: 'budget' },
    { isNumbered: true, reason: 'budget' },
  ]);
  for (const frames of [unheard, heard])
    expect(frames.map(({ event }) => event)).toEqual(expect.arrayContaining(['answer.ready', 'done']));
  expect(it_.model.requests.map(({ step }) => step)).toEqual(['muster_direct', 'muster_direct']);
  await other.close();
});

test('who waits for one answer has the id at the budget, with the time that such tasks take, and the call goes on', async () => {
  const configPath = join(it_.home, 'classes.json');
  const hasty = { fastBudgetMs: 1_000, slo: { seconds: 40, owner: 'desk' } };
  writeFileSync(configPath, JSON.stringify({ classes: { hasty } }));
  const other = await testGateway(it_, { fastLane: lane, configPath });
  // It writes until the test has seen that nobody waits for it any more.
  it_.model.inject({ kind: 'stall', afterChunks: 3, ms: 4_000, match: { step: 'muster_direct' } });
  const asked = await other.post('/tasks', { ...body(), class: 'hasty' }, { prefer: 'wait=60' });
  expect([asked.status, asked.headers.get('muster-path')]).toEqual([202, 'fast']);
  expect(asked.json).toMatchObject({ estimated_time_basis: 'class', estimated_time_range: { to: 40 } });
  const task = await it_.client.get(asked.json.task_id);
  const { left } = await task.status();
  expect(left).toMatchObject({ basis: 'class' });
  expect(left!.p90Ms).toBeLessThan(40_000);
  expect(await task.result()).toMatchObject({ outcome: 'completed', usage: { modelCalls: 1 } });
  expect(it_.model.requests).toHaveLength(1);
  await other.close();
});

test('a gateway that ends lets its answer end, and its streams go first', async () => {
  it_.model.inject({ kind: 'stall', afterChunks: 3, ms: 3_000, match: { step: 'muster_direct' } });
  const asked = stream(gateway.url, { 'idempotency-key': 'ends' });
  await until('its model writes', async () => it_.model.inFlight > 0);
  const task = taskIdOfKey('default', 'ends');
  await until('the task is there', async () => (await it_.store.getTask(task)) !== undefined);
  await gateway.close();
  expect(framesOf(await asked).at(-1)).toMatchObject({ event: 'closing' });
  await lane.close();
  // Nobody else takes tasks of a gateway yet.
  await it_.startWorker({ takesFastTasks: true });
  const result = await (await it_.client.get(task)).result();
  expect(result.outcome).toBe('completed');
  expect(it_.model.requests.map(({ step }) => step)).toEqual(['muster_direct']);
});

test('a lane without a free place has a question planned at once, and says why; small talk needs no documents', async () => {
  const narrow = await it_.openLane({ fastSlots: 1 });
  const other = await testGateway(it_, { fastLane: narrow });
  it_.model.inject({ kind: 'stall', afterChunks: 1, ms: 60_000, times: 9, match: { step: 'muster_direct' } });
  const first = taskIdOfKey('default', 'first');
  void stream(other.url, { 'idempotency-key': 'first' }).catch(() => undefined);
  await until('its model writes', async () => it_.model.inFlight > 0);
  const frames = framesOf(await stream(other.url));
  expect(frames[0]).toMatchObject({
    event: 'task.accepted',
    data: { route: { path: 'deep', by: 'workers', why: '1 answers are under way or wait, and there are 1 places' } },
  });
  expect(frames.map(({ event }) => event)).toEqual(expect.arrayContaining(['plan.ready', 'answer.ready']));
  expect(frames.map(({ event }) => event)).not.toContain('task.demoted');
  await (await it_.client.get(first)).cancel('enough');
  await until('its place is free', async () => narrow.load()?.underWay === 0);
  it_.model.clearFaults();
  const said = await other.post('/tasks', { ...body('Thanks!'), path: 'auto' });
  const task = await it_.client.get(said.json.task_id);
  const { answer } = await task.result();
  expect(answer?.notes).toContain('It is small talk, so nothing here has a source.');
  expect((await task.status()).route).toMatchObject({ path: 'fast' });
  await other.close();
});

test('a gateway with a worker of its own shows what that counts, and one without shows nothing of a worker', async () => {
  await stream(gateway.url);
  const shownBy = async (fast: boolean): Promise<string> => {
    let url = '';
    const config = { metrics: { port: 0, host: undefined }, otlp: undefined, minWarmWorkers: 1, fast };
    const shown = await showMetrics(config, it_.client, it_.store, (line) => (url = /\S+$/.exec(line)![0]));
    const text = await (await fetch(url)).text();
    await shown.close();
    return text;
  };
  const all = await shownBy(true);
  expect(all).toMatch(/^muster_model_calls_total\{model="muster-offline"[^}]*\} [1-9]/m);
  expect(all).toMatch(/^muster_activity_slots\{queue="fast"\} 64/m);
  expect(all).toMatch(/^muster_tasks_accepted_total\{/m);
  const own = await shownBy(false);
  expect(own).toMatch(/^muster_tasks_accepted_total\{/m);
  expect(own).not.toContain('muster_model_calls_total');
});

test('the gateway as a library loads no worker', async () => {
  const script = `import('${resolve(__dirname, '../../dist/gateway/index.js')}').then(() =>
    console.log(Object.keys(require('node:module')._cache).filter((path) => /@temporalio.(worker|core-bridge)/.test(path))))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
  expect(stdout.trim()).toBe('[]');
});
