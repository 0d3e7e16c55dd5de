// worker-alone.test.ts: `muster worker` by itself: with no model named anywhere, and beside a stack that was asked to read more.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLogLine, type LogLine } from '../../protocol/log-line.ts';
import { traceIdOf } from '../../telemetry/trace-context.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { emptyFolder, muster, type Running } from './support.ts';

let it_: TestDeployment;
const workers: Running[] = [];
beforeAll(async () => {
  it_ = await testDeployment();
});
afterAll(async () => {
  for (const { child, ended } of workers) {
    child.kill('SIGTERM');
    await ended;
  }
  await it_.stop();
});

test('a worker with no model named anywhere answers with the built-in one, and reads what the stack of its folder may', async () => {
  const outside = emptyFolder();
  writeFileSync(join(outside, 'notes.md'), '# Notes\n\nThe pump is oiled every 40 days.\n');
  const stack = {
    v: 1,
    supervisor: 1,
    temporal: { address: serverAddress(), uiUrl: '', started: false },
    // Of a model that is gone.
    model: { url: 'http://127.0.0.1:1/v1' },
    roots: [outside],
    startedWith: { roots: [outside], latencyMs: 0, salt: '', shown: {}, secret: {}, files: {} },
  };
  mkdirSync(it_.home, { recursive: true });
  writeFileSync(join(it_.home, 'stack.json'), JSON.stringify(stack));
  const worker = muster(['worker'], { env: { MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() } });
  workers.push(worker);
  await until('the worker is ready', () => worker.sofar.out.includes('ready pid='));
  expect(worker.sofar.talk).toMatch(/no model configured: the offline model answers at 127\.0\.0\.1:\d+/);
  const question = { goal: 'How often is the pump oiled?', sources: [outside], sessionId: 'pumps' };
  const handle = await it_.client.start(question);
  const result = await handle.result();
  expect(result.model).toEqual({ name: 'muster-offline', offline: true });
  expect(JSON.stringify(result.answer)).toContain('every 40 days');
  // On a pipe it logs JSON, each line with the ids of what it is about.
  const lines = (): LogLine[] => worker.sofar.talk.split('\n').flatMap((line) => readLogLine(line) ?? []);
  await until('the sub-agent is in the log', () => lines().some(({ subtask }) => subtask !== undefined));
  expect(lines().find(({ subtask }) => subtask !== undefined)).toMatchObject({
    message: 'a sub-agent’s visit ended as done',
    room: 'worker',
    level: 'info',
    task: handle.taskId,
    subtask: 's1',
    generation: 1,
    activity: 'runSubAgents',
    trace_id: traceIdOf(handle.taskId),
    agent_session_id: 'pumps',
  });
});
