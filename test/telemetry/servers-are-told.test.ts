// What a real MCP server and a real receiver are told of the trace that they are asked in, and what of a secret goes out with spans
// that have words.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { call, scripted } from '../agents/scripted.ts';
import { TEST_WEBHOOK_KEY, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../rig/otlp-receiver.ts';
import { startReceiver, type Receiver } from '../rig/receiver.ts';

const MCP_SERVER = resolve(__dirname, '../fixtures/mcp/server.mjs');
/** Of the worker's environment; JSON writes it otherwise, and JSON within JSON otherwise again. */
const PLANTED = 'pl4nted"key\\9f3c';
const QUERY = `notes that ${PLANTED} opens`;

let it_: TestDeployment;
let otlp: OtlpReceiver;
let receiver: Receiver;
let taskId: string;
let told: { tool: string; traceparent: string; baggage: string }[];
const named = (name: string): ReceivedSpan | undefined => otlp.spans.find((span) => span.name === name);

beforeAll(async () => {
  it_ = await testDeployment({
    brain: scripted({
      turn: (_goal, results) => (results.length === 0 ? [call('notes_search_notes', { query: QUERY })] : undefined),
    }),
  });
  [otlp, receiver] = await Promise.all([startOtlpReceiver(), startReceiver()]);
  const config = join(it_.home, 'config.json');
  const server = { name: 'notes', command: process.execPath, args: [MCP_SERVER], env: { STATE: it_.home } };
  writeFileSync(
    config,
    JSON.stringify({
      mcp: [server],
      mcpTools: { researcher: { notes: ['search_notes'] } },
      webhooks: { keys: { main: { keyFrom: 'HOOK_KEY' } }, allow: ['127.0.0.1'] },
    }),
  );
  await it_.spawnWorker({
    ...otlp.env,
    MUSTER_CONFIG: config,
    HOOK_KEY: TEST_WEBHOOK_KEY,
    ACME_API_KEY: PLANTED,
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  });
  const notify = [{ kind: 'webhook' as const, to: receiver.url, key: 'main' }];
  const handle = await it_.client.start({ goal: 'Which notes are there?', sources: [it_.docs], notify });
  taskId = handle.taskId;
  await handle.result();
  await until('all has come', () => named('invoke_workflow muster') !== undefined && named('background') !== undefined);
  const lines = readFileSync(join(it_.home, 'meta.txt'), 'utf8').trim().split('\n');
  told = lines.map((line) => JSON.parse(line));
});
afterAll(async () => {
  await it_.stop();
  await Promise.all([otlp.close(), receiver.close()]);
});

/** As W3C has it, of the span of this name. */
const contextOf = (name: string): string => `00-${named(name)?.traceId}-${named(name)?.spanId}-01`;

test('an MCP server is told the span of its call, and the session, with the call', () => {
  expect(told).toEqual([
    {
      tool: 'search_notes',
      traceparent: contextOf('execute_tool notes_search_notes'),
      baggage: `agent_session_id=${taskId}`,
    },
  ]);
});

test('a receiver is told the span of its delivery, and the session, in headers', () => {
  expect(receiver.told.map(({ headers }) => [headers.traceparent, headers.baggage])).toEqual([
    [contextOf('deliver task.completed'), `agent_session_id=${taskId}`],
  ]);
});

test('prompts and answers that go out by request have no secret of the worker, however it is written', () => {
  const all = otlp.bodies.join('\n');
  expect(named('execute_tool notes_search_notes')?.attributes['gen_ai.tool.call.arguments']).toBe(
    JSON.stringify({ query: 'notes that … opens' }),
  );
  for (const name of ['gen_ai.output.messages', 'gen_ai.tool.call.result', 'output.value'])
    expect(all).toContain(`"${name}"`);
  expect(all.match(/notes that … opens/g)?.length).toBeGreaterThan(3);
  expect(/[^]{0,80}pl4nted[^]{0,80}/.exec(all)?.[0]).toBeUndefined();
});
