// usual.ts: tasks that run, wait, delegate, fail, are cancelled, refused or forgotten, as they were recorded over time.

import { forgetId } from '../../../protocol/names.ts';
import type { Brain } from '../../../simulator/server.ts';
import { call, scripted } from '../../agents/scripted.ts';
import { killed, until } from '../../rig/deployment.ts';
import { parts, under, type Theme } from './scenario.ts';

/** A first call for the one sub-agent of the plan, and then findings. */
const firstCalls = (name: string, args: unknown): Brain =>
  scripted({
    plan: [{ title: 'Orders', goal: 'order', kind: 'orderer' }],
    turn: (goal, results) => (goal === 'order' && results.length === 0 ? [call(name, args)] : undefined),
    other: (step) =>
      step === 'muster_data' ? { n: 1 } : { verdicts: [{ claim: 1, verdict: 'unsupported', reason: 'no' }] },
  });

const scenarios: Theme['scenarios'] = {
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
  async 'refused-alone'(it, start) {
    const plain = await start();
    await plain.result();
    const workflow = it.client.temporal.workflow.getHandle(plain.taskId);
    const started = (await workflow.fetchHistory()).events?.[0]?.workflowExecutionStartedEventAttributes;
    const { request } = JSON.parse(String(Buffer.from(started?.input?.payloads?.[0]?.data ?? []))) as {
      request: object;
    };
    const id = `${plain.taskId}-refused`;
    await it.client.temporal.workflow.start('masterAgent', {
      workflowId: id,
      taskQueue: (await workflow.describe()).taskQueue,
      args: [{ request: { ...request, goal: ' ', notify: [{ kind: 'webhook', to: 'nowhere' }] } }],
    });
    return under(it, id);
  },
  async forget(it, start) {
    const handle = await start();
    await handle.result();
    await until('it has closed', async () => !(await handle.isOpen()));
    await it.client.forget(handle.taskId);
    return under(it, forgetId(handle.taskId));
  },
};

const settings: Theme['settings'] = {
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

// The same once more since subtasks have lives: scopes, Signals and events are others.
for (const name of ['plain', 'retry', 'cancel', 'delegated', 'waiting', 'resumed']) {
  scenarios[`lives-${name}`] = scenarios[name]!;
  if (settings[name]) settings[`lives-${name}`] = settings[name];
}

// The same once more since the answer is told of last, and the close comes behind it.
for (const name of ['plain', 'failure', 'finished']) {
  scenarios[`answer-last-${name}`] = scenarios[name]!;
  if (settings[name]) settings[`answer-last-${name}`] = settings[name];
}

export const USUAL: Theme = { scenarios, settings };
