// The trace of a task whose worker and gateway are killed, as a receiver gets it from real processes: one tree, whole, each span
// once. And what an export that can't get through costs: nothing but a line.

import type { ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { LogRecord } from '../../protocol/log-records.ts';
import { traceIdOf } from '../../telemetry/trace-context.ts';
import {
  killed,
  serverAddress,
  spawnReady,
  testDeployment,
  TEST_WEBHOOK_KEY,
  until,
  type TestDeployment,
} from '../rig/deployment.ts';
import { heldModel, type HeldModel } from '../rig/held-model.ts';
import { startOtlpReceiver, type OtlpReceiver } from '../rig/otlp-receiver.ts';
import { startReceiver, type Receiver } from '../rig/receiver.ts';
import { expectWhole, tookOf } from '../telemetry/recorded-task.ts';
import { writeFileSync } from 'node:fs';

const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';
const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

describe('the trace of a task', () => {
  let it_: TestDeployment;
  let model: HeldModel;
  let otlp: OtlpReceiver;
  let told: Receiver;
  let config: string;
  const gateways: ChildProcess[] = [];

  beforeEach(async () => {
    // Research after the first turn is held, so that three calls are open when a process is killed.
    model = heldModel((asked, name) => name === 'muster_findings' && asked.includes('"role":"tool"'));
    it_ = await testDeployment({ brain: model.brain });
    otlp = await startOtlpReceiver();
    told = await startReceiver();
    config = join(it_.home, 'config.json');
    const keys = { main: { keyFrom: 'TEST_KEY' } };
    writeFileSync(config, JSON.stringify({ webhooks: { keys, allow: ['127.0.0.1'] } }));
  });
  afterEach(async () => {
    model.release();
    for (const one of gateways.splice(0)) await killed(one, 'SIGTERM');
    await it_.stop();
    await otlp.close();
    await told.close();
  });

  const env = (): Record<string, string> => ({
    ...otlp.env,
    MUSTER_CONFIG: config,
    TEST_KEY: TEST_WEBHOOK_KEY,
    MUSTER_HOME: it_.home,
    TEMPORAL_ADDRESS: serverAddress(),
  });

  async function startGateway(): Promise<{ process: ChildProcess; url: string }> {
    let url = '';
    const gateway = await spawnReady(
      resolve(__dirname, '../../dist/gateway/main.js'),
      ['--port', '0'],
      env(),
      (line) => {
        url = /url=(\S+)/.exec(line)?.[1] ?? '';
      },
    );
    gateways.push(gateway);
    return { process: gateway, url };
  }

  const ask = async (url: string, body: object, headers = {}): Promise<string> => {
    const response = await fetch(`${url}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ goal: COMPARE, sources: [{ kind: 'path', path: it_.docs }], ...body }),
    });
    const text = await response.text();
    if (response.status !== 202) throw new Error(text);
    return (JSON.parse(text) as { task_id: string }).task_id;
  };

  test('killed with its worker and its gateway is one tree from three processes, under its caller, and no span comes twice', async () => {
    const gateway = await startGateway();
    const first = await it_.spawnWorker(env());
    const taskId = await ask(
      gateway.url,
      {
        session_id: 'my-session',
        webhook: { url: told.url },
        background: [{ goal: 'What is the harbour ledger called?' }],
      },
      { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01` },
    );
    await until('its calls are open', () => model.waiting() >= 3);
    await until('the gateway has told of the start', () =>
      otlp.spans.some(({ service }) => service === 'muster-gateway'),
    );
    await killed(gateway.process, 'SIGKILL');
    await killed(first, 'SIGKILL');
    model.release();
    await it_.spawnWorker(env());
    const handle = await it_.client.get(taskId);
    await handle.result();
    await until('all has come', () => {
      const names = otlp.spans.map(({ name }) => name);
      return names.includes('invoke_workflow muster') && names.includes('background');
    });

    const spans = otlp.spans.filter(({ traceId }) => traceId === CALLER.traceId);
    expect(spans).toHaveLength(otlp.spans.length);
    expectWhole(spans, CALLER.spanId);
    expect(new Set(spans.map(({ attributes }) => attributes.agent_session_id))).toEqual(new Set(['my-session']));
    expect(spans.filter(({ name }) => name === 'POST /tasks')).toHaveLength(1);
    expect(spans.filter(({ name }) => name === 'deliver task.completed')).toHaveLength(1);
    const run = (await it_.store.getTask(taskId))?.run ?? '';
    for (const subtask of ['s1', 's2', 's3']) {
      const log = await it_.store.readLog<LogRecord>({ run, subtask, generation: 1 });
      const life = spans.find(
        ({ attributes }) => attributes['muster.subtask'] === subtask && attributes['muster.attempts'] === 2,
      );
      expect(life?.events.map(({ name }) => name)).toEqual(expect.arrayContaining(['interrupted', 'resumed']));
      const took = tookOf(log);
      expect(Math.abs((life?.end ?? 0) - (life?.start ?? 0) - took)).toBeLessThan(took * 0.1);
      const calls = log.filter((record) => record.t === 'model');
      expect(spans.filter(({ parentId, name }) => parentId === life?.spanId && name.startsWith('chat'))).toHaveLength(
        calls.length,
      );
    }
    // What the model's server was told while it worked is what came afterwards.
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const said = it_.model.requests.flatMap(({ traceparent }) => traceparent ?? []);
    expect(said.length).toBeGreaterThan(3);
    for (const one of said) {
      expect(one).toMatch(new RegExp(`^00-${CALLER.traceId}-[0-9a-f]{16}-01$`));
      expect(ids).toContain(one.split('-')[2]);
    }
  });

  test('is exported by another worker where its own could not, and its receiver delays no answer', async () => {
    model.release();
    otlp.answer('hang');
    const first = await it_.spawnWorker(env());
    const handle = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
    expect((await handle.result()).outcome).toBe('completed');
    const { searchAttributes } = await it_.client.temporal.workflow.getHandle(handle.taskId).describe();
    expect(searchAttributes.MusterSession).toEqual([handle.taskId]);
    await until('the export hangs', () => otlp.requests() > 0);
    await until('it has closed all the same', async () => !(await handle.isOpen()));
    await killed(first, 'SIGKILL');
    expect(otlp.spans).toEqual([]);
    otlp.answer(200);
    const due = await it_.store.listRecords('trace-due');
    expect(due).toHaveLength(1);
    // The dead worker's claim ends in a minute; here it has.
    for (const { key, value, version } of due)
      await it_.store.setRecord('trace-due', key, JSON.stringify({ ...JSON.parse(value), claimedUntil: 0 }), {
        version,
      });
    await it_.spawnWorker(env());
    await until('it has come', () => otlp.spans.some(({ name }) => name === 'invoke_workflow muster'));
    expect(new Set(otlp.spans.map(({ traceId }) => traceId))).toEqual(new Set([traceIdOf(handle.taskId)]));
    expectWhole(otlp.spans);
    await until('nothing is due any more', async () => (await it_.store.listRecords('trace-due')).length === 0);
  });
});
