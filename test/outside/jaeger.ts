// jaeger.ts: a task's trace in a real Jaeger, as its API gives it back: sent as protobuf by `muster`, a gateway and two workers, of
// which one was killed. `npm run test:outside`; needs `jaeger` on the PATH or in MUSTER_JAEGER. Go builds it, in an empty folder:
//
//   go mod init jaeger && go get -tool github.com/jaegertracing/jaeger/cmd/jaeger@v1.76.0
//   go build -o jaeger github.com/jaegertracing/jaeger/cmd/jaeger

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Span } from '../../protocol/trace.ts';
import { traceIdOf } from '../../telemetry/trace-context.ts';
import { muster } from '../cli/support.ts';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { heldModel } from '../rig/held-model.ts';
import { freePort } from '../rig/free-port.ts';
import { expectWhole } from '../telemetry/recorded-task.ts';

const PROGRAM = process.env.MUSTER_JAEGER ?? 'jaeger';
const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';

function isThere(): boolean {
  try {
    execFileSync(PROGRAM, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const withJaeger = isThere() ? test : test.skip;
if (withJaeger === test.skip)
  process.stderr.write(`not run: jaeger is missing (MUSTER_JAEGER names it; ${__filename} says how Go builds it)\n`);

interface JaegerSpan {
  spanID: string;
  traceID: string;
  operationName: string;
  references: { refType: string; spanID: string }[];
  /** Microseconds. */
  startTime: number;
  duration: number;
  processID: string;
}
interface JaegerTrace {
  spans: JaegerSpan[];
  processes: Record<string, { serviceName: string }>;
}

let ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

/** With all of its ports on loopback, and nothing kept. */
async function startJaeger(): Promise<{ otlp: string; api: string }> {
  const [taking, asked, grpc] = [await freePort(), await freePort(), await freePort()];
  const config = {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
    },
    extensions: {
      jaeger_storage: { backends: { here: { memory: { max_traces: 1_000 } } } },
      jaeger_query: {
        storage: { traces: 'here' },
        http: { endpoint: `127.0.0.1:${asked}` },
        grpc: { endpoint: `127.0.0.1:${grpc}` },
      },
    },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${taking}` } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'here' } },
  };
  const file = join(mkdtempSync(join(tmpdir(), 'muster-jaeger-')), 'config.yaml');
  writeFileSync(file, JSON.stringify(config));
  const jaeger = spawn(PROGRAM, ['--config', file], { stdio: process.env.MUSTER_TEST_TALK ? 'inherit' : 'ignore' });
  ends.push(() => killed(jaeger, 'SIGTERM'));
  const api = `http://127.0.0.1:${asked}`;
  await until('it answers', async () => (await fetch(`${api}/api/services`).catch(() => undefined))?.ok === true);
  return { otlp: `http://127.0.0.1:${taking}`, api };
}

async function read(api: string, traceId: string): Promise<(Span & { service: string })[]> {
  const answer = await fetch(`${api}/api/traces/${traceId}`);
  if (!answer.ok) return [];
  const { data } = (await answer.json()) as { data: JaegerTrace[] };
  return data.flatMap(({ spans, processes }) =>
    spans.map((one) => {
      const parentId = one.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID;
      return {
        traceId: one.traceID,
        spanId: one.spanID,
        ...(parentId === undefined ? {} : { parentId }),
        name: one.operationName,
        kind: 'internal' as const,
        start: one.startTime / 1e3,
        end: (one.startTime + one.duration) / 1e3,
        attributes: {},
        events: [],
        service: processes[one.processID]?.serviceName ?? '',
      };
    }),
  );
}

withJaeger('a task whose worker was killed is one tree in Jaeger: one root, no orphan, no span twice', async () => {
  const jaeger = await startJaeger();
  const model = heldModel((asked, name) => name === 'muster_findings' && asked.includes('"role":"tool"'));
  const it_: TestDeployment = await testDeployment({ brain: model.brain });
  ends.push(
    () => it_.stop(),
    () => model.release(),
  );
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.otlp, MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() };
  const first = await it_.spawnWorker(env);
  let url = '';
  const gateway: ChildProcess = await spawnReady(
    resolve(__dirname, '../../dist/gateway/main.js'),
    ['--port', '0'],
    env,
    (line) => void (url = /url=(\S+)/.exec(line)?.[1] ?? ''),
  );
  ends.push(() => killed(gateway, 'SIGTERM'));
  const asked = await muster(['start', COMPARE, '--docs', it_.docs], { env: { ...env, MUSTER_URL: url } }).ended;
  expect([asked.code, asked.talk]).toEqual([0, expect.any(String)]);
  const taskId = asked.out.trim();
  await until('its calls are open', () => model.waiting() >= 3);
  await killed(first, 'SIGKILL');
  model.release();
  await it_.spawnWorker(env);
  const handle = await it_.client.get(taskId);
  await handle.result();
  const services = ['muster-cli', 'muster-gateway', 'muster-worker'];
  await until('Jaeger has it', async () => {
    const spans = await read(jaeger.api, traceIdOf(taskId));
    return services.every((name) => spans.some(({ service }) => service === name));
  });
  const spans = await read(jaeger.api, traceIdOf(taskId));
  const root = expectWhole(spans);
  const own = (await handle.trace()).spans;
  const kept = spans.filter(({ service }) => service === 'muster-worker');
  expect(kept.map(({ spanId }) => spanId).sort()).toEqual(own.map(({ spanId }) => spanId).sort());
  const recorded = own.find(({ spanId }) => spanId === root.spanId);
  expect([root.start, root.end]).toEqual([recorded?.start, recorded?.end]);
});
