// Records a history for each shape that has none yet: MUSTER_RECORD=1 npx jest record-histories. Never writes over one:
// a kept history stands for tasks that are under way somewhere.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import { defineSubAgent, defineTool, later, researcher } from '../../activities/index.ts';
import type { TaskHandle, TaskInput } from '../../client/index.ts';
import type { Brain } from '../../simulator/server.ts';
import { call, scripted } from '../agents/scripted.ts';
import { killed, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

const FOLDER = join(__dirname, 'histories');
const GOAL = 'Compare harbour, tidebook and lighthouse with respect to their limits';

const SCENARIOS: Record<string, (it: TestDeployment, start: () => Promise<TaskHandle>) => Promise<TaskHandle>> = {
  async plain(_it, start) {
    return await start();
  },
  async retry(it, start) {
    it.model.inject({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '1' },
      match: { step: 'muster_findings', nth: 2 },
    });
    return await start();
  },
  async cancel(it, start) {
    it.model.inject({ kind: 'stall', times: 9, match: { step: 'muster_findings', nth: 4 } });
    const handle = await start();
    await until('a call hangs', async () => it.model.inFlight > 0 && it.model.requests.length >= 4);
    await handle.cancel('recorded');
    return handle;
  },
  async 'late-report'(it, start) {
    it.model.inject({ kind: 'delay', ms: 3_000, match: { step: 'muster_findings', nth: 6 } });
    const handle = await start();
    await until('one subtask is done', async () => ((await handle.status()).progress?.coverage.done ?? 0) >= 1);
    const { progress } = await handle.status();
    const done = progress!.subtasks.find((one) => one.state === 'done')!;
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    const run = (await workflow.describe()).runId;
    await workflow.signal('report', {
      v: 1,
      run,
      subtask: done.id,
      generation: 1,
      seq: 99,
      kind: 'finding',
      finding: { id: `${done.id}/g1/99`, claim: 'late', at: 'x:1' },
    });
    return handle;
  },
  async failure(it, start) {
    it.model.inject({ kind: 'status', status: 401, times: 99, match: { step: 'muster_findings' } });
    return await start();
  },
};

const orderer = defineSubAgent({
  name: 'orderer',
  description: 'Orders, and may delegate.',
  tools: [
    defineTool({
      name: 'order',
      description: 'Answered later.',
      input: z.object({}),
      sideEffects: 'idempotent',
      execute: async () => later(60),
    }),
  ],
  prompt: 'orderer/1',
  delegates: { depth: 1, max: 3 },
  open: (assignment) => researcher.open(assignment),
});

const parts = ['left', 'right'].map((goal) => ({ title: goal, kind: 'researcher', goal }));

/** A first call for the one sub-agent of the plan, and then findings. */
const firstCalls = (name: string, args: unknown): Brain =>
  scripted({
    plan: [{ title: 'Orders', goal: 'order', kind: 'orderer' }],
    turn: (goal, results) => (goal === 'order' && results.length === 0 ? [call(name, args)] : undefined),
    other: (step) =>
      step === 'muster_data' ? { n: 1 } : { verdicts: [{ claim: 1, verdict: 'unsupported', reason: 'no' }] },
  });

/** What a scenario needs beside the offline model and the usual class. */
const SETTINGS: Record<string, { brain?: Brain; input?: Partial<TaskInput>; latencyMs?: number; ownWorkers?: true }> = {
  resumed: { latencyMs: 500, ownWorkers: true },
  waiting: { brain: firstCalls('order', {}) },
  delegated: { brain: firstCalls('delegate', { subtasks: parts }) },
  finished: {
    brain: firstCalls('search_documents', { query: 'poll' }),
    input: {
      class: 'thorough',
      outputSchema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    },
  },
};

Object.assign(SCENARIOS, {
  async waiting(_it, start) {
    const handle = await start();
    for await (const event of handle.events()) {
      if (event.type !== 'subtask.waiting') continue;
      await handle.answer(event.handles[0]?.handle ?? '', 'it came');
      break;
    }
    return handle;
  },
  delegated: (_it, start) => start(),
  'plan-while-indexing': (_it, start) => start(),
  finished: (_it, start) => start(),
  async resumed(it, start) {
    const first = await it.spawnWorker();
    const handle = await start();
    await until('three sub-agents ask', () => it.model.inFlight === 3);
    await killed(first, 'SIGKILL');
    await it.spawnWorker();
    return handle;
  },
} satisfies typeof SCENARIOS);

// The same once more since subtasks have lives: scopes, Signals and events are others.
for (const name of ['plain', 'retry', 'cancel', 'delegated', 'waiting', 'resumed']) {
  SCENARIOS[`lives-${name}`] = SCENARIOS[name]!;
  if (SETTINGS[name]) SETTINGS[`lives-${name}`] = SETTINGS[name];
}

const record = process.env.MUSTER_RECORD ? test : test.skip;

record.each(Object.keys(SCENARIOS).filter((name) => !existsSync(join(FOLDER, `${name}.json`))))(
  'records %s',
  async (name) => {
    const { brain, input, latencyMs = 50, ownWorkers } = SETTINGS[name] ?? {};
    const it = await testDeployment({ latencyMs, ...(brain ? { brain } : {}) });
    try {
      if (!ownWorkers) await it.startWorker({ subAgents: [orderer] });
      const handle = await SCENARIOS[name]!(it, () => it.client.start({ goal: GOAL, sources: [it.docs], ...input }));
      await handle.result().catch(() => undefined);
      const history = await it.client.temporal.workflow.getHandle(handle.taskId).fetchHistory();
      // Who worked, and where its files lie, is nobody's business and of no use to a replay.
      const hidden: Record<string, string> = { identity: 'worker', stackTrace: '' };
      const plain = JSON.parse(historyToJSON(history), (key, value: unknown) => hidden[key] ?? value) as unknown;
      writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(plain, null, 1)}\n`);
    } finally {
      await it.stop();
    }
  },
);
