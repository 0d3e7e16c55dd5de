// After real runs the numbers are what results and logs say; and what a killed worker began is not counted twice. Over a real
// server, with real processes where one is killed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openaiProvider } from '../../activities/index.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { backgroundId } from '../../protocol/names.ts';
import { metrics } from '../../telemetry/metrics/registry.ts';
import { killed, TEST_KEY, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { testGateway } from '../rig/gateway.ts';
import { heldModel } from '../rig/held-model.ts';
import { freePort } from '../rig/free-port.ts';
import { startReceiver } from '../rig/receiver.ts';

const ASK = 'How often does Lighthouse poll?';
const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';

let it_: TestDeployment;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await it_.stop();
});

const sum = (of: readonly TaskResult[], one: (result: TaskResult) => number): number =>
  of.reduce((all, result) => all + one(result), 0);

test('tasks, calls, tokens, cost, waste, failovers, tries again, deliveries, starts and readers are what the results, the rows and the events say', async () => {
  metrics.reset();
  it_ = await testDeployment();
  const { client, docs, model, store } = it_;
  const of = (name: string) =>
    openaiProvider({
      model: name,
      wireModel: 'muster-offline',
      apiKey: TEST_KEY,
      baseURL: model.url,
      offline: true,
      prices: { input: 2_000_000, output: 3_000_000 },
    });
  await it_.startWorker({ models: [of('first'), of('second')] });
  const api = await testGateway(it_);
  const [glad, gone] = await Promise.all([startReceiver(), startReceiver()]);
  gone.answer({ status: 410 });
  ends.push(
    () => api.close(),
    () => glad.close(),
    () => gone.close(),
  );

  // The first of two models fails: the other one does its call.
  model.inject({ kind: 'status', status: 503, times: 1, match: { step: 'muster_findings' } });
  const told = await client.start({
    goal: COMPARE,
    sources: [docs],
    notify: [glad, gone].map(({ url }) => ({ kind: 'webhook' as const, to: url, key: 'main' })),
  });
  const results = [await told.result()];
  // Both do: it is tried again later.
  model.inject({ kind: 'status', status: 503, times: 2, match: { step: 'muster_findings' } });
  results.push(await (await client.start({ goal: ASK, sources: [docs], class: 'quick' })).result());
  // An answer of a wrong shape: it was paid for, and is asked for again.
  model.inject({ kind: 'bad-output', output: 'wrong-schema', times: 1, match: { step: 'muster_findings' } });
  results.push(await (await client.start({ goal: ASK, sources: [docs], class: 'quick' })).result());
  model.inject({ kind: 'status', status: 401, times: 2, match: { step: 'muster_plan' } });
  const broken = await client.start({ goal: ASK, sources: [docs], class: 'quick' });
  await broken.result().catch(() => undefined);

  const body = { goal: ASK, sources: [docs], class: 'quick' };
  const asked = await api.post('/tasks', body, { 'idempotency-key': 'one' });
  expect([asked.status, (await api.post('/tasks', body, { 'idempotency-key': 'one' })).status]).toEqual([202, 202]);
  expect((await api.post('/tasks', { ...body, goal: '' })).status).toBe(422);
  const id = (asked.json as { task_id: string }).task_id;
  const stop = new AbortController();
  const stream = await fetch(`${api.url}/tasks/${id}/events`, { signal: stop.signal });
  await stream.body?.getReader().read();
  expect(metrics.value('muster_stream_readers', { transport: 'sse' })).toBe(1);
  stop.abort();
  await until('the reader is gone', () => metrics.value('muster_stream_readers', { transport: 'sse' }) === 0);
  results.push(await (await client.get(id)).result());

  for (const taskId of [told.taskId, broken.taskId, id])
    await client.temporal.workflow
      .getHandle(taskId)
      .result()
      .catch(() => undefined);
  // Its background child goes on to wait: what was given up may be asked for again.
  const behind = () => store.readEvents(backgroundId(told.taskId));
  await until('both receivers are told or given up', async () => {
    const types = (await behind()).map(({ type }) => type);
    return types.includes('delivery.sent') && types.includes('delivery.failed');
  });
  const failed = await store.getResult(broken.taskId);
  if (failed) results.push(failed);
  expect(results.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'completed', 'completed', 'failed']);

  const rows = [
    ...(await store.outcomes({ class: 'quick', path: 'deep' }, 10)),
    ...(await store.outcomes({ class: 'standard', path: 'deep' }, 10)),
  ];
  expect(rows).toHaveLength(5);
  const tasks = (name: string, outcome: 'completed' | 'failed') =>
    metrics.value('muster_tasks_total', { class: name, path: 'deep', outcome });
  expect([tasks('quick', 'completed'), tasks('quick', 'failed'), tasks('standard', 'completed')]).toEqual([3, 1, 1]);
  expect(metrics.value('muster_task_queue_seconds', { class: 'quick', path: 'deep' })).toBe(4);
  const withFinding = rows.filter((row) => row.class === 'quick' && row.firstFindingMs !== undefined);
  expect(withFinding).toHaveLength(3);
  expect(metrics.value('muster_first_finding_seconds', { class: 'quick' })).toBe(3);

  const both = (value: (name: string) => number): number => value('first') + value('second');
  expect(both((name) => metrics.value('muster_model_calls_total', { model: name }))).toBe(
    sum(results, ({ usage }) => usage.modelCalls),
  );
  expect(both((name) => metrics.value('muster_tokens_total', { model: name, direction: 'input' }))).toBe(
    sum(results, ({ usage }) => usage.inputTokens),
  );
  expect(both((name) => metrics.value('muster_tokens_total', { model: name, direction: 'output' }))).toBe(
    sum(results, ({ usage }) => usage.outputTokens),
  );
  expect(both((name) => metrics.value('muster_cost_usd_total', { model: name }))).toBeCloseTo(
    sum(results, ({ usage }) => usage.costUsd ?? 0),
  );
  const wasted = (['refused', 'failed_call', 'outrun', 'replaced'] as const).map((reason) =>
    metrics.value('muster_wasted_tokens_total', { reason }),
  );
  expect(wasted.reduce((all, one) => all + one)).toBe(sum(results, ({ usage }) => usage.wastedTokens));
  expect(wasted[0]).toBeGreaterThan(0);
  const failovers = sum(results, (one) => one.failovers?.length ?? 0);
  expect(failovers).toBeGreaterThan(0);
  const counted = both((from) =>
    metrics.value('muster_failovers_total', { from, to: from === 'first' ? 'second' : 'first' }),
  );
  expect(counted).toBe(failovers);
  const faults = both((name) =>
    metrics.value('muster_model_faults_total', { model: name, reason: 'ModelUnavailable' }),
  );
  expect(faults).toBe(3);
  const retries = rows.reduce((all, row) => all + row.retries, 0);
  expect(retries).toBeGreaterThan(0);
  expect(metrics.value('muster_retries_total', { kind: 'researcher' })).toBe(retries);

  expect(metrics.value('muster_deliveries_total', { kind: 'webhook', outcome: 'sent' })).toBe(1);
  expect(metrics.value('muster_deliveries_total', { kind: 'webhook', outcome: 'disabled' })).toBe(1);
  expect(metrics.value('muster_delivery_lag_seconds', { kind: 'webhook' })).toBe(1);
  expect(metrics.value('muster_tasks_accepted_total', { class: 'quick', path: 'deep' })).toBe(1);
  expect(metrics.value('muster_tasks_refused_total', { reason: 'request_invalid' })).toBe(1);
  for (const queue of ['deep', 'background'] as const)
    expect(metrics.value('muster_activities_running', { queue })).toBe(0);
  expect(metrics.value('muster_sub_agents', { state: 'running' })).toBe(0);
  expect(metrics.value('muster_sub_agents', { state: 'waiting' })).toBe(0);

  const atOnce = await api.post('/tasks', { ...body, path: 'fast' });
  expect(metrics.value('muster_tasks_accepted_total', { class: 'quick', path: 'fast' })).toBe(1);
  await (await client.get((atOnce.json as { task_id: string }).task_id)).result();
});

test('a task whose worker is killed is counted once, and each of its calls by the worker that put it on disk', async () => {
  const model = heldModel((asked, name) => name === 'muster_findings' && asked.includes('"role":"tool"'));
  it_ = await testDeployment({ brain: model.brain });
  ends.push(() => model.release());
  const port = await freePort();
  const config = join(it_.home, '../muster.json');
  writeFileSync(config, JSON.stringify({ metrics: { worker: port }, minWarmWorkers: 2 }));
  const url = `http://127.0.0.1:${port}/metrics`;
  const before = await it_.spawnWorker({ MUSTER_CONFIG: config });
  const task = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
  await until('its calls are open', () => model.waiting() === 3);
  const first = await numbersAt(url);
  expect(first.get('muster_sub_agents{state="running"}')).toBe(3);
  expect(first.get('muster_warm_workers')).toBe(1);
  expect(first.get('muster_warm_workers_min')).toBe(2);
  expect(first.get('muster_sdk_metrics_up')).toBe(1);
  expect([...first.keys()].some((name) => name.startsWith('temporal_worker_task_slots_used'))).toBe(true);
  for (const part of ['process', 'connection', 'bundle', 'total', 'documents', 'first_byte'])
    expect(first.get(`muster_cold_start_seconds{part="${part}"}`)).toBeGreaterThanOrEqual(0);
  await killed(before, 'SIGKILL');
  model.release();
  await it_.spawnWorker({ MUSTER_CONFIG: config });
  const { usage } = await task.result();
  await it_.client.temporal.workflow.getHandle(task.taskId).result();
  const second = await numbersAt(url);
  expect(first.get('muster_cold_starts_total')).toBe(1);
  expect(second.get('muster_cold_starts_total')).toBe(2);
  const ended = 'muster_tasks_total{class="standard",path="deep",outcome="completed"}';
  expect([first.get(ended), second.get(ended)]).toEqual([undefined, 1]);
  const calls = 'muster_model_calls_total{model="muster-offline"}';
  expect(first.get(calls)).toBeGreaterThan(0);
  expect(second.get(calls)).toBeGreaterThan(0);
  expect((first.get(calls) ?? 0) + (second.get(calls) ?? 0)).toBe(usage.modelCalls);
});

async function numbersAt(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line): [string, number] => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}
