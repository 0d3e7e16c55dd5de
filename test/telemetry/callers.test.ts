// Whoever asks for a task has it in their own trace: a program with an SDK of OpenTelemetry, and who types `muster` in a terminal,
// beside Temporal and through a gateway. Real processes, and what they really sent.

import { context, ROOT_CONTEXT, trace, type Context, type ContextManager } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { spanIdOf, traceIdOf } from '../../telemetry/trace-context.ts';
import { muster } from '../cli/support.ts';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../rig/otlp-receiver.ts';
import { expectWhole } from './recorded-task.ts';

const GOAL = 'How often does Lighthouse poll?';
const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;

let it_: TestDeployment;
let otlp: OtlpReceiver;
let gateway: ChildProcess;
let url = '';
beforeAll(async () => {
  it_ = await testDeployment();
  otlp = await startOtlpReceiver();
  const env = { ...otlp.env, MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() };
  await it_.spawnWorker(env);
  gateway = await spawnReady(resolve(__dirname, '../../dist/gateway/main.js'), ['--port', '0'], env, (line) => {
    url = /url=(\S+)/.exec(line)?.[1] ?? '';
  });
});
afterEach(() => void otlp.spans.splice(0));
afterAll(async () => {
  await killed(gateway, 'SIGTERM');
  await it_.stop();
  await otlp.close();
});

const named = (name: string): ReceivedSpan | undefined => otlp.spans.find((span) => span.name === name);
const hasCome = (...names: string[]): Promise<void> =>
  until('all has come', () => names.every((name) => named(name) !== undefined));

describe('muster in a terminal', () => {
  const type = async (args: string[], more: Record<string, string> = {}) => {
    const env = { ...otlp.env, TRACEPARENT, MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() };
    const { code, out, talk } = await muster(args, { env: { ...env, ...more } }).ended;
    expect([code, code === 0 ? '' : talk]).toEqual([0, '']);
    return out;
  };

  test('that starts a task is a span of it, in the trace that TRACEPARENT names; of others it is linked to the task', async () => {
    const taskId = (await type(['start', GOAL, '--docs', it_.docs, '--session', 'mine'])).trim();
    await type(['result', taskId, '--wait']);
    await hasCome('invoke_workflow muster', 'muster start', 'muster result');
    const root = expectWhole(
      otlp.spans.filter(({ name }) => name !== 'muster result'),
      CALLER.spanId,
    );
    expect(named('muster start')).toMatchObject({ service: 'muster-cli', parentId: root.spanId, kind: 'client' });
    const task = { traceId: CALLER.traceId, spanId: root.spanId };
    expect(named('muster result')).toMatchObject({ ...CALLER, spanId: expect.any(String), parentId: CALLER.spanId });
    expect(named('muster result')?.links).toEqual([task]);
    expect(new Set(otlp.spans.map(({ attributes }) => attributes.agent_session_id))).toEqual(new Set(['mine']));
  });

  test('through a gateway is one tree with it, from who typed it to the last call of a model', async () => {
    const far = { MUSTER_URL: url, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const taskId = (await type(['start', GOAL, '--docs', it_.docs], far)).trim();
    await (await it_.client.get(taskId)).result();
    await hasCome('invoke_workflow muster', 'POST /tasks', 'muster start');
    const ofTask = otlp.spans.filter(({ name }) => name === 'muster start' || !name.startsWith('GET '));
    const root = expectWhole(ofTask, CALLER.spanId);
    expect(new Set(ofTask.map(({ service }) => service))).toEqual(
      new Set(['muster-cli', 'muster-gateway', 'muster-worker']),
    );
    expect(ofTask.filter(({ name }) => name.startsWith('chat ')).length).toBeGreaterThan(2);
    expect([named('muster start')?.parentId, named('POST /tasks')?.parentId]).toEqual([root.spanId, root.spanId]);
    // What another command asks of the gateway is that command's.
    await type(['status', taskId], far);
    await hasCome('muster status', 'GET /tasks/{id}');
    const status = named('muster status');
    const asked = otlp.spans.filter(({ parentId }) => parentId === status?.spanId);
    expect(asked.map(({ name }) => name)).toContain('GET /tasks/{id}');
    expect(new Set(asked.flatMap(({ links }) => links?.map(({ spanId }) => spanId)))).toEqual(new Set([root.spanId]));
  });

  test('waits for no receiver, and says nothing of one that is away', async () => {
    const away = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1/v1/traces' };
    expect(await type(['list', '--json'], away)).toContain('task');
    // Of what ran before, a gateway may still send some.
    expect(named('muster list')).toBeUndefined();
  });
});

describe('a program with an SDK of its own', () => {
  const exporter = new InMemorySpanExporter();
  const active = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => active.getStore() ?? ROOT_CONTEXT,
    with: (it, work, self, ...args) => active.run(it, () => work.call(self as never, ...args)),
    bind: (_it, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  beforeAll(() => {
    context.setGlobalContextManager(manager);
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  });
  afterAll(() => {
    trace.disable();
    context.disable();
  });

  test('has the task under its active span, and starts and commands as spans of its SDK', async () => {
    const caller = await trace.getTracer('shop').startActiveSpan('a click', async (span) => {
      const task = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
      await task.command({ kind: 'note', text: 'in short' }).catch(() => undefined);
      await task.result();
      span.end();
      return { ...span.spanContext(), taskId: task.taskId };
    });
    await hasCome('invoke_workflow muster');
    const own = new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
    const start = own.get('start task');
    const root = expectWhole(otlp.spans, caller.spanId);
    expect(root).toMatchObject({ traceId: caller.traceId, spanId: spanIdOf(caller.taskId) });
    expect([start?.spanContext().traceId, start?.parentSpanContext?.spanId]).toEqual([root.traceId, root.spanId]);
    const command = own.get('command note');
    expect(command?.parentSpanContext?.spanId).toBe(caller.spanId);
    expect(command?.links.map(({ context: of }) => [of.traceId, of.spanId])).toEqual([[root.traceId, root.spanId]]);
  });

  test('without an active span leaves the task a trace of its own, with the start in it', async () => {
    exporter.reset();
    const { taskId } = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
    const [start] = exporter.getFinishedSpans();
    expect([start?.spanContext().traceId, start?.parentSpanContext?.spanId]).toEqual([
      traceIdOf(taskId),
      spanIdOf(taskId),
    ]);
  });
});
