// What is counted, where, and how it is shown: without a server, and mostly without a socket.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { SubtaskLog } from '../../activities/loop/subtask-log.ts';
import type { ClosedRows } from '../../protocol/class-history.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { fileStore } from '../../store/file-store.ts';
import { LogTakenOverError, StoreError, type Store } from '../../store/store.ts';
import { ColdStart } from '../../telemetry/metrics/cold-start.ts';
import { exposition } from '../../telemetry/metrics/exposition.ts';
import { METRICS, type Metric, type MetricName } from '../../telemetry/metrics/names.ts';
import { openMetrics } from '../../telemetry/metrics/open-metrics.ts';
import { watchQueues, type QueueServer } from '../../telemetry/metrics/queues.ts';
import { metrics, MOST_SERIES, MOST_VALUES, Registry } from '../../telemetry/metrics/registry.ts';
import { serveMetrics } from '../../telemetry/metrics/serve.ts';
import { otlpSettings } from '../../telemetry/metrics/settings.ts';
import { countedStore } from '../../worker/counted-store.ts';

const ROOT = resolve(__dirname, '../..');
const folder = (): string => mkdtempSync(join(tmpdir(), 'muster-metrics-'));
const table = Object.entries(METRICS) as [MetricName, Metric][];

beforeEach(() => metrics.reset());

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

describe('the page on metrics', () => {
  const rows = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| `(muster|process)_/.test(line));

  test('has a row of each metric, with its type, unit, labels and words, and of none that there is not', () => {
    const written = table.map(([name, { type, unit, labels, of, help }]) => {
      const named = Object.entries(labels).map(
        ([label, values]) => `\`${label}\`${values ? ` (${values.join(', ')})` : ''}`,
      );
      return `| \`${name}\` | ${type} | ${unit} | ${named.join(', ')} | ${of.join(', ')} | ${help} |`;
    });
    expect([...rows].sort()).toEqual(written.sort());
  });
});

describe('a registry', () => {
  test('has at most so many values of a label and so many combinations, whatever it is told', async () => {
    const own = new Registry();
    for (let n = 0; n < 3 * MOST_VALUES; n += 1)
      for (let m = 0; m < 3 * MOST_VALUES; m += 1)
        own.add('muster_model_faults_total', { model: `model ${n}`, reason: `reason ${m}` });
    for (let n = 0; n < 1_000; n += 1)
      own.add('muster_tasks_accepted_total', { class: `What is ${n}?`.repeat(30), path: 'deep' });
    const families = await own.collect(['worker', 'gateway']);
    for (const { series } of families) expect(series.length).toBeLessThanOrEqual(MOST_SERIES + 1);
    const of = (name: MetricName) => families.find((family) => family.name === name)?.series ?? [];
    expect(of('muster_tasks_accepted_total')).toHaveLength(MOST_VALUES + 1);
    const sum = of('muster_model_faults_total').reduce((all, { value }) => all + value, 0);
    // Nothing is lost: the rest is `other`.
    expect(sum).toBe(9 * MOST_VALUES * MOST_VALUES);
    expect(Math.max(...of('muster_tasks_accepted_total').map(({ labels }) => labels.class?.length ?? 0))).toBe(64);
  });

  test('knows no label that could hold an id or a word of a task', () => {
    const labels = new Set(table.flatMap(([, one]) => Object.keys(one.labels)));
    expect([...labels].sort()).toEqual([
      'class',
      'direction',
      'from',
      'kind',
      'model',
      'operation',
      'outcome',
      'part',
      'path',
      'quantile',
      'queue',
      'reason',
      'state',
      'to',
      'transport',
      'type',
    ]);
  });

  test('takes labels in any order, and a value that a closed label does not have for another', () => {
    const own = new Registry();
    own.add('muster_failovers_total', { from: 'a', to: 'b' });
    own.add('muster_failovers_total', { to: 'b', from: 'a' });
    expect(own.value('muster_failovers_total', { from: 'a', to: 'b' })).toBe(2);
    expect(own.value('muster_failovers_total', { from: 'b', to: 'a' })).toBe(0);
    own.add('muster_tasks_total', { class: 'quick', path: 'deep', outcome: 'exploded' as 'failed' });
    expect(own.value('muster_tasks_total', { class: 'quick', path: 'deep', outcome: 'other' as 'failed' })).toBe(1);
  });

  test('shows what a process has as Prometheus reads it, counters that never rose among it', async () => {
    const own = new Registry();
    own.observe('muster_checkpoint_seconds', {}, 0.0015);
    own.observe('muster_checkpoint_seconds', {}, 7);
    own.add('muster_tasks_refused_total', { reason: 'a "b"\\\n' });
    const text = exposition(await own.collect(['worker']));
    expect(text).toContain('# TYPE muster_dead_letters_total counter\nmuster_dead_letters_total 0\n');
    expect(text).toContain(
      'muster_checkpoint_seconds_bucket{le="0.001"} 0\nmuster_checkpoint_seconds_bucket{le="0.002"} 1\n',
    );
    expect(text).toContain('muster_checkpoint_seconds_bucket{le="+Inf"} 2\nmuster_checkpoint_seconds_sum 7.0015\n');
    expect(text).not.toContain('muster_tasks_refused_total');
    expect(exposition(await own.collect(['gateway']))).toContain('{reason="a \\"b\\"\\\\\\n"} 1\n');
  });
});

test('metrics are shown on loopback and at /metrics alone, at the next port where one is taken, and what fails is left out', async () => {
  const own = new Registry();
  own.onScrape(() => Promise.reject(new Error('away')));
  const first = await serveMetrics(own, ['worker'], { port: 0 }, async () => 'temporal_request 1\n');
  const { hostname, port } = new URL(first.url);
  expect(hostname).toBe('127.0.0.1');
  const second = await serveMetrics(own, ['gateway'], { port: Number(port) }, () => Promise.reject(new Error('away')));
  expect(Number(new URL(second.url).port)).toBeGreaterThan(Number(port));
  const response = await fetch(first.url);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await response.text()).toMatch(/muster_dead_letters_total 0[^]*temporal_request 1\n$/);
  expect(await (await fetch(second.url)).text()).toContain('muster_stream_readers{transport="sse"} 0');
  expect((await fetch(new URL('/', first.url))).status).toBe(404);
  expect((await fetch(first.url, { method: 'POST' })).status).toBe(405);
  await Promise.all([first.close(), second.close()]);
});

describe('what is kept', () => {
  const rows: ClosedRows = {
    task: {
      run: 'r',
      class: 'quick',
      path: 'deep',
      endedAt: 9_000,
      ending: 'completed',
      totalMs: 2_000,
      stagesMs: {},
      queueMs: 500,
      retries: 2,
      subtasks: 1,
      tokens: 7,
      firstFindingMs: 1_000,
      wasted: { outrun: 40 },
    },
    subtasks: [
      {
        run: 'r',
        subtask: 's1',
        class: 'quick',
        kind: 'researcher',
        endedAt: 9_000,
        ending: 'done',
        totalMs: 1,
        retries: 2,
        turns: 1,
        tokens: 3,
      },
    ],
  };
  const delivery = { delivery: 'd', kind: 'webhook', to: 'x', tries: 9, what: 'task.completed' } as const;
  const events: TaskEvent[] = [
    { v: 1, run: 'r', n: 1, at: 1, type: 'delivery.sent', ...delivery },
    { v: 1, run: 'r', n: 2, at: 2, type: 'delivery.failed', state: 'dead', reason: 'no', ...delivery },
    { v: 1, run: 'r', n: 3, at: 3, type: 'subtasks.merged', merged: [1, 2].map(() => ({ title: 'T', into: 's1' })) },
    { v: 1, run: 'r', n: 4, at: 4, type: 'conflict.found', about: 'x', sides: ['a', 'b'] },
    { v: 1, run: 'r', n: 5, at: 5, type: 'conflict.settled', about: 'x', value: 'v', source: 'a', finding: 's1/g1/1' },
    { v: 1, run: 'r', n: 6, at: 6, type: 'round.ended', round: 2, findings: 3, filled: [] },
    { v: 1, run: 'r', n: 7, at: 7, type: 'round.ended', round: 3, findings: 1, filled: ['s1'] },
  ];

  test('is counted once, by whom it was kept for the first time, however often and by whomever it is told', async () => {
    const place = folder();
    const [one, other] = [countedStore(fileStore(place)), countedStore(fileStore(place))];
    for (const store of [one, other, one]) {
      await store.noteOutcome(rows);
      await store.appendEvents('t', events.slice(0, 1));
      await store.appendEvents('t', events);
    }
    const of = { class: 'quick', path: 'deep' } as const;
    expect(metrics.value('muster_tasks_total', { ...of, outcome: 'completed' })).toBe(1);
    for (const name of ['muster_task_seconds', 'muster_task_queue_seconds'] as const)
      expect(metrics.value(name, of)).toBe(1);
    expect(metrics.value('muster_first_finding_seconds', { class: 'quick' })).toBe(1);
    expect(metrics.value('muster_subtasks_total', { kind: 'researcher', outcome: 'done' })).toBe(1);
    expect(metrics.value('muster_retries_total', { kind: 'researcher' })).toBe(2);
    expect(metrics.value('muster_wasted_tokens_total', { reason: 'outrun' })).toBe(40);
    expect(metrics.value('muster_deliveries_total', { kind: 'webhook', outcome: 'sent' })).toBe(1);
    expect(metrics.value('muster_dead_letters_total', {})).toBe(1);
    expect(metrics.value('muster_merged_subtasks_total', {})).toBe(2);
    const brought = (['nothing', 'more', 'filled'] as const).map((of) =>
      metrics.value('muster_rounds_total', { outcome: of }),
    );
    expect(brought.map((count) => count ?? 0)).toEqual([0, 1, 1]);
    for (const state of ['found', 'settled'] as const)
      expect(metrics.value('muster_conflicts_total', { state })).toBe(1);
    expect(countedStore(one)).toBe(one);
  });

  test('and what is not, since the store failed, is counted as that; being outrun is no failure', async () => {
    const broken = {
      getTask: () => Promise.reject(new StoreError('full')),
      noteOutcome: () => Promise.reject(new StoreError('full')),
      claimLog: async () => ({
        segment: 1,
        earlier: [],
        append: (record: unknown) =>
          Promise.reject(
            record === 'late'
              ? new LogTakenOverError({ run: 'r', subtask: 's1', generation: 1 }, 'attempt')
              : new StoreError('full'),
          ),
        close: async () => undefined,
      }),
    } as unknown as Store;
    const store = countedStore(broken);
    await expect(store.getTask('t')).rejects.toThrow('full');
    await expect(store.noteOutcome(rows)).rejects.toThrow('full');
    const segment = await store.claimLog({ run: 'r', subtask: 's1', generation: 1 });
    await expect(segment.append('late')).rejects.toThrow(LogTakenOverError);
    await expect(segment.append('one')).rejects.toThrow('full');
    for (const operation of ['getTask', 'noteOutcome', 'append'])
      expect(metrics.value('muster_store_errors_total', { operation })).toBe(1);
    expect(metrics.value('muster_tasks_total', { class: 'quick', path: 'deep', outcome: 'completed' })).toBe(0);
  });

  test('of calls is counted when it is on disk, and by no attempt that reads it later', async () => {
    const store = fileStore(folder());
    const key = { run: 'r', subtask: 's1', generation: 1 };
    const attempt = { worker: 'w', visit: 1 };
    const log = await SubtaskLog.open(store, key, { ...attempt, expected: 0 });
    const failure = { type: 'ModelUnavailable', message: 'away' } as const;
    const at = 1;
    await log.append({
      t: 'fault',
      step: 'turn-1',
      failure,
      ms: 5,
      at,
      model: 'first',
      spent: { inputTokens: 30, outputTokens: 3 },
    });
    await log.append({ t: 'fault', step: 'turn-1', failure, ms: 0, at, model: 'second', unmade: true });
    const reply = { text: 'x', toolCalls: [], inputTokens: 100, outputTokens: 20 };
    await log.append({ t: 'model', step: 'turn-1', reply, ms: 250, at, prompt: 'p', model: 'third', cost: 0.5 });
    await log.append({ t: 'refused', step: 'turn-1', problems: [], at });
    await log.close();
    const later = await SubtaskLog.open(store, key, { ...attempt, visit: 2, expected: 4 });
    expect(later.count).toBe(6);
    await later.close();
    await store.close();
    expect(metrics.value('muster_model_calls_total', { model: 'third' })).toBe(1);
    expect(metrics.value('muster_cost_usd_total', { model: 'third' })).toBe(0.5);
    expect(metrics.value('muster_tokens_total', { model: 'third', direction: 'input' })).toBe(100);
    expect(metrics.value('muster_tokens_total', { model: 'first', direction: 'output' })).toBe(3);
    expect(metrics.value('muster_model_faults_total', { model: 'first', reason: 'ModelUnavailable' })).toBe(1);
    expect(metrics.value('muster_model_faults_total', { model: 'second', reason: 'ModelUnavailable' })).toBe(0);
    expect(metrics.value('muster_failovers_total', { from: 'first', to: 'third' })).toBe(1);
    expect(metrics.value('muster_wasted_tokens_total', { reason: 'refused' })).toBe(120);
    expect(metrics.value('muster_wasted_tokens_total', { reason: 'failed_call' })).toBe(33);
    // Two attempts, two faults, a reply, a refusal.
    expect(metrics.value('muster_checkpoint_seconds', {})).toBe(6);
  });
});

describe('the server’s queues', () => {
  /** By name and type of the API. */
  const waiting: Record<string, number> = { 'd/2': 7, 'f/1': 4 };
  function server(): QueueServer & { asked: number; isAway: boolean } {
    const own = {
      asked: 0,
      isAway: false,
      withDeadline: <T>(_until: number, ask: () => Promise<T>): Promise<T> => ask(),
      workflowService: {
        describeTaskQueue: async ({
          taskQueue,
          taskQueueType,
        }: {
          taskQueue: { name: string };
          taskQueueType: number;
        }) => {
          own.asked += 1;
          if (own.isAway) throw new Error('away');
          const now = Date.now() / 1e3;
          const poller = (identity: string, ago: number) => ({
            identity,
            lastAccessTime: { seconds: now - ago, nanos: 0 },
          });
          return {
            pollers: [poller('a', 1), poller('a', 2), poller('b', 3), poller('killed', 80)],
            stats: {
              approximateBacklogCount: waiting[`${taskQueue.name}/${taskQueueType}`] ?? 0,
              approximateBacklogAge: { seconds: 3, nanos: 5e8 },
            },
          };
        },
      },
    };
    return own;
  }
  const watch = (own: Registry, of: QueueServer) =>
    watchQueues(own, { server: of, namespace: 'n', queues: { fast: 'f', deep: 'd', background: 'b' }, least: 3 });

  test('are asked for when somebody asks for metrics, once for several, and never else', async () => {
    const [own, of] = [new Registry(), server()];
    const end = watch(own, of);
    expect(of.asked).toBe(0);
    await Promise.all([own.collect(['gateway']), own.collect(['gateway'])]);
    await own.collect(['gateway']);
    // The Activities of each queue, and the Workflow Tasks of both that have some.
    expect(of.asked).toBe(5);
    expect(own.value('muster_queue_backlog', { queue: 'fast', type: 'workflow' })).toBe(4);
    expect(own.value('muster_queue_backlog', { queue: 'deep', type: 'activity' })).toBe(7);
    expect(own.value('muster_queue_oldest_seconds', { queue: 'deep', type: 'activity' })).toBe(3.5);
    expect(own.value('muster_warm_workers', {})).toBe(2);
    expect(own.value('muster_warm_workers_min', {})).toBe(3);
    end();
  });

  test('are left out while the server does not answer: an old number would look like a true one', async () => {
    const [own, of] = [new Registry(), server()];
    watch(own, of);
    await own.collect(['worker']);
    const wasNow = Date.now;
    try {
      Date.now = () => wasNow() + 60_000;
      of.isAway = true;
      const shown = (await own.collect(['worker'])).map(({ name }) => name);
      expect(shown).not.toContain('muster_queue_backlog');
      expect(shown).not.toContain('muster_warm_workers');
      expect(shown).toContain('muster_warm_workers_min');
    } finally {
      Date.now = wasNow;
    }
  });
});

test('a start is measured once in each of its parts, and the first task by what it had to wait and pay', async () => {
  const own = new Registry();
  const start = new ColdStart(own);
  const began = performance.timeOrigin;
  await start.timed('connection', new Promise((done) => setTimeout(done, 5)));
  expect(own.value('muster_cold_start_seconds', { part: 'connection' })).toBeGreaterThan(0.004);
  start.ready(began + 2_000);
  start.ready(began + 9_000);
  expect(own.value('muster_cold_start_seconds', { part: 'total' })).toBeCloseTo(2, 3);
  expect([start.wantsTask(), start.wantsTask()]).toEqual([true, false]);
  // Accepted an hour before anybody was started: that is not this start's.
  start.task(began - 3_600_000);
  expect(own.value('muster_first_task_paid_seconds', { part: 'waited' })).toBeCloseTo(2, 3);
  start.task(began + 1_500);
  expect(own.value('muster_first_task_paid_seconds', { part: 'waited' })).toBeCloseTo(0.5, 3);
  start.documents(0.7);
  start.documents(0.1);
  start.firstByte(3);
  start.firstByte(1);
  start.firstByte(9);
  expect(own.value('muster_first_task_paid_seconds', { part: 'documents' })).toBe(0.7);
  expect(own.value('muster_cold_start_seconds', { part: 'first_byte' })).toBe(3);
  expect(own.value('muster_first_task_paid_seconds', { part: 'first_byte' })).toBe(2);
});

describe('OTLP', () => {
  test('is asked for by its variables alone', () => {
    expect(otlpSettings({})).toBeUndefined();
    expect(otlpSettings({ OTEL_SERVICE_NAME: 'x' })).toBeUndefined();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' };
    expect(otlpSettings(env)).toEqual({ url: 'http://c:4318/v1/metrics', everyMs: 60_000 });
    expect(otlpSettings({ ...env, OTEL_METRICS_EXPORTER: 'none' })).toBeUndefined();
    expect(otlpSettings({ ...env, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
    expect(otlpSettings({ ...env, OTEL_METRIC_EXPORT_INTERVAL: '5000' })?.everyMs).toBe(5_000);
  });

  test('is loaded where it is asked for, and by nothing else', async () => {
    const of = join(ROOT, 'telemetry/metrics');
    const text = (name: string): string => readFileSync(join(of, name), 'utf8');
    expect(readdirSync(of).filter((name) => text(name).includes('@opentelemetry/'))).toEqual(['otlp.ts']);
    const importers = readdirSync(of).filter((name) => /from '\.\/otlp\.ts'/.test(text(name)));
    expect(importers).toEqual([]);
    const said: string[] = [];
    const idle = await openMetrics(['worker'], { say: (line) => said.push(line) });
    expect(said).toEqual([]);
    await idle.close();
  });

  test('sends the same numbers, with what OTEL_ variables say of the sender', async () => {
    const bodies: { path: string | undefined; type: string | undefined; body: Buffer }[] = [];
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push({ path: request.url, type: request.headers['content-type'], body: Buffer.concat(chunks) });
        response.writeHead(200).end();
      });
    });
    servers.push(receiver);
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    // A process of its own: Jest's sandbox has other arrays of bytes than Node's sockets take.
    const of = (file: string): string => JSON.stringify(pathToFileURL(join(ROOT, 'dist/telemetry/metrics', file)).href);
    const script = `
      const [{ openMetrics }, { metrics }, { otlpSettings }] = await Promise.all([
        import(${of('open-metrics.js')}), import(${of('registry.js')}), import(${of('settings.js')}) ]);
      const open = await openMetrics(['worker'], { otlp: otlpSettings(process.env), say: () => undefined });
      metrics.add('muster_model_calls_total', { model: 'named-here' }, 3);
      metrics.observe('muster_checkpoint_seconds', {}, 0.002);
      await open.close();`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_RESOURCE_ATTRIBUTES: 'team=harbour' },
    });
    const sent = bodies.at(-1);
    expect([sent?.path, sent?.type]).toEqual(['/v1/metrics', 'application/x-protobuf']);
    const words = sent?.body.toString('latin1') ?? '';
    for (const word of [
      'muster_model_calls_total',
      'named-here',
      'muster-worker',
      'harbour',
      'process_start_time_seconds',
    ])
      expect(words).toContain(word);
    // 3 as a double, little-endian, behind its tag.
    expect(words).toContain('\x21\x00\x00\x00\x00\x00\x00\x08\x40');
  });
});
