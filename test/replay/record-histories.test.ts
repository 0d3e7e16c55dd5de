// Records a history for each shape that has none yet: MUSTER_RECORD=1 npx jest record-histories. Never writes over one:
// a kept history stands for tasks that are under way somewhere.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import { defineSubAgent, defineTool, later, researcher } from '../../activities/index.ts';
import type { PlanEdit, TaskHandle, TaskInput } from '../../client/index.ts';
import type { CommandBody } from '../../protocol/task-commands.ts';
import { BACKGROUND_SIGNALS, backgroundId, forgetId } from '../../protocol/names.ts';
import type { Brain } from '../../simulator/server.ts';
import { call, scripted } from '../agents/scripted.ts';
import { startReceiver } from '../rig/receiver.ts';
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

/** No user and host of whoever records. */
const ANNA = { name: 'anna', how: 'claimed' } as const;

SETTINGS['approved-edited'] = { input: { approve: true } };
SETTINGS.asked = {
  brain: scripted({
    plan: [{ title: 'One', goal: 'one' }],
    turn: (_goal, results) =>
      results.length === 0
        ? [call('ask_person', { question: 'Which?', choices: ['Harbour', 'Lighthouse'] })]
        : undefined,
  }),
  input: { askPerson: true },
};

Object.assign(SCENARIOS, {
  async 'approved-edited'(_it, start) {
    const handle = await start();
    await until('the plan waits', async () => (await handle.status()).progress?.proposal !== undefined);
    const { hash } = (await handle.plan())!;
    const approve = (edit: PlanEdit) =>
      handle.command({ kind: 'approve', plan: hash, approved: true, edit }, { by: ANNA });
    await approve({ add: [{ goal: 'nobody does it', kind: 'nobody' }] });
    await until('the edit is refused', () =>
      handle.command({ kind: 'approve', plan: '00000000', approved: true }).then(
        () => false,
        (error: Error) => !error.message.includes('being checked'),
      ),
    );
    await approve({
      drop: ['s1'],
      change: { s2: { title: 'Tidebook' } },
      add: [{ goal: 'How often does lighthouse poll?' }],
    });
    return handle;
  },
  async asked(it, start) {
    const handle = await start();
    await until('it asks', async () => (await handle.status()).waitingFor === 'person');
    const [question] = (await handle.status()).progress!.questions!;
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    await workflow.signal('answer', { handle: question!.handle, ok: true, content: 'neither' });
    await handle.reply(undefined, 'lighthouse', { by: ANNA });
    return handle;
  },
} satisfies typeof SCENARIOS);

/** Sub-agents that search until they are told that it is enough. */
const untilEnough = scripted({
  plan: ['left', 'right'].map((goal) => ({ title: goal, goal })),
  turn: (_goal, { length }, heard) =>
    heard.some((one) => one.includes('enough')) ? undefined : [call('search_documents', { query: `poll ${length}` })],
});
const by = { name: 'somebody', how: 'claimed' as const };
const tell = (handle: TaskHandle, body: CommandBody) => handle.command(body, { by });
const stateOf = async (handle: TaskHandle, id: string): Promise<string | undefined> =>
  (await handle.status()).progress?.subtasks.find((one) => one.id === id)?.state;
const untilIs = (handle: TaskHandle, id: string, state: string): Promise<void> =>
  until(`${id} is ${state}`, async () => (await stateOf(handle, id)) === state);

for (const name of ['commands-paused', 'commands-added', 'commands-one-id', 'commands-stopped'])
  SETTINGS[name] = { brain: untilEnough, latencyMs: 300 };

Object.assign(SCENARIOS, {
  async 'commands-paused'(_it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'pause', to: 's1' });
    await untilIs(handle, 's1', 'waiting');
    await tell(handle, { kind: 'resume', to: 's1' });
    await tell(handle, { kind: 'pause' });
    await untilIs(handle, 's1', 'waiting');
    await untilIs(handle, 's2', 'waiting');
    await tell(handle, { kind: 'extend', seconds: 60 });
    await tell(handle, { kind: 'resume' });
    await tell(handle, { kind: 'extend', turns: 2, to: 's2' });
    await tell(handle, { kind: 'note', text: 'enough' });
    return handle;
  },
  async 'commands-added'(it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'add', goal: 'middle', title: 'The middle' });
    await tell(handle, { kind: 'add', goal: 'nobody can', agent: 'nobody' });
    await untilIs(handle, 's3', 'running');
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    const sent = { v: 1, at: Date.now(), by };
    await workflow.signal('command', { ...sent, id: 'late', kind: 'swapModel', models: ['muster-offline'] });
    await workflow.signal('command', { ...sent, id: 'odd', kind: 'note', text: 'x', to: 's9' });
    await tell(handle, { kind: 'finish' });
    return handle;
  },
  async 'commands-one-id'(it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    const again = (text: string) => handle.command({ kind: 'note', text, to: 's1' }, { by, id: 'twice' });
    await again('mind the tide');
    await again('mind the wind').catch(() => undefined);
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    const sent = { v: 1, id: 'twice', at: Date.now(), by, kind: 'note' };
    await workflow.signal('command', { ...sent, text: 'mind the tide', to: 's1' });
    await workflow.signal('command', { ...sent, text: 'mind the wind', to: 's1' });
    await tell(handle, { kind: 'note', text: 'enough' });
    return handle;
  },
  async 'commands-stopped'(_it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'stop', to: 's1' });
    await untilIs(handle, 's1', 'stopped');
    await tell(handle, { kind: 'retry', to: 's1' });
    await tell(handle, { kind: 'note', text: 'enough', to: 's2' });
    await untilIs(handle, 's2', 'done');
    await tell(handle, { kind: 'retry', to: 's2' });
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'answerNow' });
    return handle;
  },
} satisfies typeof SCENARIOS);

// The same once more since the answer is told of last, and the close comes behind it.
for (const name of ['plain', 'failure', 'finished']) {
  SCENARIOS[`answer-last-${name}`] = SCENARIOS[name]!;
  if (SETTINGS[name]) SETTINGS[`answer-last-${name}`] = SETTINGS[name];
}

/** What goes on behind a task's answer has a history of its own. */
const behind = (it: TestDeployment, { taskId }: TaskHandle): TaskHandle => under(it, backgroundId(taskId));

const startTold = (it: TestDeployment, input: Partial<TaskInput>): Promise<TaskHandle> =>
  it.client.start({ goal: GOAL, sources: [it.docs], ...input });

Object.assign(SCENARIOS, {
  async 'with-background'(it) {
    return await startTold(it, { background: [{ goal: 'How often does lighthouse poll?' }] });
  },
  async 'background-notify'(it) {
    const [shy, gone] = [await startReceiver(), await startReceiver()];
    shy.answer({ status: 503 });
    gone.answer({ status: 410 });
    const handle = await startTold(it, {
      notify: [
        { kind: 'webhook', to: shy.url },
        { kind: 'webhook', to: gone.url },
      ],
    });
    await until('both were asked', () => shy.told.length > 0 && gone.told.length > 0);
    for (const one of [shy, gone]) one.answer({ status: 204 });
    const status = async () => (await handle.status()).background?.deliveries.map(({ state }) => state).join();
    await until('one is told, the other one disabled', async () => (await status()) === 'delivered,disabled');
    await handle.redeliver();
    await until('both are told', async () => (await status()) === 'delivered,delivered');
    await Promise.all([shy.close(), gone.close()]);
    return behind(it, handle);
  },
  async 'background-subtask'(it) {
    it.model.inject({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '1' },
      match: { step: 'muster_findings', nth: 7 },
    });
    const handle = await startTold(it, {
      background: [{ goal: 'How often does lighthouse poll?' }, { goal: 'nobody does it', kind: 'nobody' }],
    });
    const failed = async () => (await handle.status()).background;
    await until('one is done, the other one failed', async () => (await failed())?.state === 'over');
    await handle.redeliver(['b2']);
    await until(
      'it is done once more',
      async () =>
        (await it.store.readEvents(backgroundId(handle.taskId))).filter(({ type }) => type === 'background.settled')
          .length === 2,
    );
    await handle.cancelBackground();
    return behind(it, handle);
  },
} satisfies typeof SCENARIOS);

const QUESTION = 'How often does lighthouse poll?';
const atOnce = (it: TestDeployment): Promise<TaskHandle> =>
  it.client.start({ goal: QUESTION, sources: [it.docs], path: 'fast' });

Object.assign(SCENARIOS, {
  /** Not indexed: planned. */
  'fast-planned': (it) => atOnce(it),
  /** The router chose the path: its verdict is in the request, and in the first event. */
  async routed(it, start) {
    await (await start()).result();
    return await it.client.start({ goal: QUESTION, sources: [it.docs], path: 'auto' });
  },
  async 'fast-demoted'(it, start) {
    await (await start()).result();
    it.model.inject({ kind: 'delay', ms: 2_000, match: { step: 'muster_direct' } });
    const handle = await atOnce(it);
    await until('its model is asked', async () => it.model.inFlight > 0);
    await handle.demote();
    return handle;
  },
} satisfies typeof SCENARIOS);

/** As a gateway starts it that answers by itself: on the fast queue, begun with the reply to its start. */
const inGateway = async (it: TestDeployment): Promise<TaskHandle> => {
  const { connection: eager } = (await it.openLane()).take()!;
  return await it.client.start({ goal: QUESTION, sources: [it.docs], path: 'fast' }, { eager });
};

Object.assign(SCENARIOS, {
  async 'fast-eager'(it, start) {
    await (await start()).result();
    return await inGateway(it);
  },
  async 'fast-busy'(it, start) {
    await (await start()).result();
    it.model.inject({ kind: 'status', status: 429, headers: { 'retry-after': '1' }, match: { step: 'muster_direct' } });
    return await inGateway(it);
  },
} satisfies typeof SCENARIOS);

/** Of any Workflow that runs under this id. */
function under(it: TestDeployment, id: string): TaskHandle {
  const workflow = it.client.temporal.workflow.getHandle(id);
  return {
    taskId: id,
    result: () => workflow.result(),
    isOpen: async () => (await workflow.describe()).status.name === 'RUNNING',
  } as unknown as TaskHandle;
}

SETTINGS['visit-again'] = { brain: untilEnough, latencyMs: 300 };
let isRefused = true;
const planned = scripted({
  plan: [
    { title: 'One', goal: 'one' },
    { title: 'Kept', goal: 'kept', background: true },
    { title: 'Late', goal: 'late', needs: [1, 2], background: true },
    { title: 'Parts', goal: 'order', kind: 'orderer', background: true },
  ],
  turn(goal, results) {
    if (results.length > 0) return undefined;
    return [goal === 'order' ? call('delegate', { subtasks: parts }) : call('search_documents', { query: goal })];
  },
});
SETTINGS['background-planned'] = {
  brain: (asked) =>
    isRefused && JSON.stringify(asked.messages).includes('<subtask>\\nlate')
      ? { content: 'no', toolCalls: [] }
      : planned(asked),
};

Object.assign(SCENARIOS, {
  async 'visit-again'(it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'extend', seconds: 60, to: 's1' });
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    const visits = async (): Promise<number> =>
      ((await workflow.fetchHistory()).events ?? []).filter(
        ({ activityTaskScheduledEventAttributes: asked }) => asked?.activityType?.name === 'runSubAgents',
      ).length;
    await until('it is visited once more', async () => (await visits()) === 3);
    await tell(handle, { kind: 'note', text: 'enough' });
    return handle;
  },
  async 'background-planned'(it) {
    const handle = await startTold(it, {});
    const settled = async (): Promise<number> =>
      (await it.store.readEvents(backgroundId(handle.taskId))).filter(({ type }) => type === 'background.settled')
        .length;
    await until('one has failed', async () => (await settled()) === 1);
    isRefused = false;
    await handle.redeliver();
    return behind(it, handle);
  },
  async 'plan-background'(it) {
    return await startTold(it, {});
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
} satisfies typeof SCENARIOS);
SETTINGS['plan-background'] = { brain: planned };

/** Of three subtasks the second hangs. */
const oneHangs: Brain = scripted({
  plan: ['one', 'hang', 'two'].map((goal) => ({ title: goal, goal })),
  turn: () => undefined,
});
const hangs = async (it: TestDeployment, start: () => Promise<TaskHandle>): Promise<TaskHandle> => {
  it.model.inject({ kind: 'stall', match: { contains: '\nhang' }, times: 1 });
  return await start();
};
Object.assign(SCENARIOS, {
  'join-quorum': hangs,
  'join-first': hangs,
  async 'join-all'(it, start) {
    it.model.inject({ kind: 'status', status: 401, times: 99, match: { contains: '\ntwo' } });
    return await hangs(it, start);
  },
  'join-deadline': hangs,
  hedge: hangs,
} satisfies typeof SCENARIOS);
SETTINGS['join-quorum'] = { brain: oneHangs, input: { join: { kind: 'quorum', k: 2 } } };
SETTINGS['join-first'] = { brain: oneHangs, input: { join: { kind: 'first' } } };
SETTINGS['join-all'] = { brain: oneHangs, input: { join: { kind: 'all' } } };
SETTINGS['join-deadline'] = { brain: oneHangs, input: { join: { kind: 'bestEffort', min: 2, deadlineSeconds: 3 } } };
SETTINGS.hedge = { brain: oneHangs, input: { hedge: { afterMs: 500 } } };
/** Six subtasks with a budget for fewer: some wait until others give something back, and the last are left out. */
SCENARIOS['budget-runs-out'] = (_it, start) => start();
SETTINGS['budget-runs-out'] = {
  brain: scripted({
    plan: ['one', 'two', 'three', 'four', 'five', 'six'].map((goal) => ({ title: goal, goal })),
    turn: (_goal, { length }) => (length < 2 ? [call('search_documents', { query: `poll ${length}` })] : undefined),
  }),
  input: { limits: { tokens: 12_000 } },
};
/** A background child that has become long: the run that hands over, and the one that takes up and is cancelled. */
const handedOver =
  (which: 'first' | 'second') =>
  async (it: TestDeployment): Promise<TaskHandle> => {
    const [shy, gone] = [await startReceiver(), await startReceiver()];
    shy.answer({ status: 503 });
    gone.answer({ status: 410 });
    const handle = await startTold(it, {
      notify: [shy, gone].map(({ url }) => ({ kind: 'webhook', to: url })),
      background: [{ goal: QUESTION }, { goal: 'nobody does it', kind: 'nobody' }],
    });
    const child = it.client.temporal.workflow.getHandle(backgroundId(handle.taskId));
    const known = async () => (await handle.status()).background;
    const stateOf = async (at: number) => (await known())?.deliveries[at]?.state;
    await until(
      'one is away, the other one gone',
      async () => `${await stateOf(0)},${await stateOf(1)}` === 'retrying,disabled',
    );
    await until('b1 is done', async () => (await known())?.subtasks.map(({ state }) => state).join() === 'done,failed');
    const { runId } = await child.describe();
    for (let n = 0; n < 4; n += 1) await child.signal(BACKGROUND_SIGNALS.redeliver, { ids: ['x'.repeat(1_600_000)] });
    await until('another run goes on', async () => (await child.describe()).runId !== runId);
    for (const one of [shy, gone]) one.answer({ status: 204 });
    await handle.redeliver();
    await until('both are told', async () => `${await stateOf(0)},${await stateOf(1)}` === 'delivered,delivered');
    await handle.cancelBackground();
    await Promise.all([shy.close(), gone.close()]);
    const last = behind(it, handle);
    return which === 'first' ? Object.assign(last, { runId }) : last;
  };
Object.assign(SCENARIOS, {
  'background-hands-over': handedOver('first'),
  'background-takes-up': handedOver('second'),
} satisfies typeof SCENARIOS);

/** The second question of a session. */
const followUp = async (it: TestDeployment, path: 'fast' | 'deep'): Promise<TaskHandle> => {
  const of = { sources: [it.docs], sessionId: 'harbour', path };
  await (await it.client.start({ ...of, goal: 'How often does the lighthouse poll?' })).result();
  return await it.client.start({ ...of, goal: 'And what about the tidebook?' });
};

Object.assign(SCENARIOS, {
  'session-deep': (it) => followUp(it, 'deep'),
  'session-fast': (it) => followUp(it, 'fast'),
} satisfies typeof SCENARIOS);

/** What asks for the same is done once: of a plan, of two sub-agents, of a plan and a person. */
const POLLS = ['How often does the lighthouse server poll?', 'Find out how often the lighthouse server polls.'];
SETTINGS['merged-planned'] = {
  brain: scripted({
    plan: [...POLLS.map((goal) => ({ title: goal, goal })), { title: 'both', goal: 'both', needs: [1, 2] }],
    turn: () => undefined,
  }),
};
SETTINGS['merged-delegated'] = {
  brain: scripted({
    plan: ['left', 'right'].map((goal) => ({ title: goal, goal, kind: 'orderer' })),
    turn: (goal, results) =>
      (goal === 'left' || goal === 'right') && results.length === 0
        ? [call('delegate', { subtasks: [{ title: goal, kind: 'researcher', goal: POLLS[0] }] })]
        : undefined,
  }),
};
SETTINGS['merged-added'] = { brain: untilEnough, latencyMs: 300 };
Object.assign(SCENARIOS, {
  'merged-planned': (_it, start) => start(),
  'merged-delegated': (_it, start) => start(),
  async 'merged-added'(_it, start) {
    const handle = await start();
    await untilIs(handle, 's2', 'running');
    await tell(handle, { kind: 'add', goal: 'left', title: 'The left once more' });
    await until('it is merged', async () => (await handle.status()).progress?.coverage.merged !== undefined);
    await tell(handle, { kind: 'note', text: 'enough' });
    return handle;
  },
} satisfies typeof SCENARIOS);
/** Somebody can't wait, while one sub-agent hangs. */
const asking =
  (what: (it: TestDeployment, handle: TaskHandle) => Promise<unknown>) =>
  async (it: TestDeployment, start: () => Promise<TaskHandle>): Promise<TaskHandle> => {
    const handle = await hangs(it, start);
    await until('two are done', async () => ((await handle.status()).progress?.coverage.done ?? 0) === 2);
    await what(it, handle);
    return handle;
  };
Object.assign(SCENARIOS, {
  'answer-now': asking(async (_it, handle) => {
    await Promise.all([handle.answerSoFar({ by }), handle.answerSoFar({ by })]);
    await tell(handle, { kind: 'pause' });
    await tell(handle, { kind: 'note', text: 'mind the tide' });
    await handle.answerSoFar({ by });
    await tell(handle, { kind: 'resume' });
    await handle.answerSoFar({ by });
    await tell(handle, { kind: 'stop', to: 's2' });
  }),
  'answer-now-stop': asking(async (_it, handle) => {
    await handle.answerSoFar({ by });
    await handle.answerSoFar({ by, stop: true, id: 'end' });
  }),
  'answer-now-cancelled': asking(async (it, handle) => {
    it.model.inject({ kind: 'stall', match: { step: 'muster_answer' } });
    const asked = handle.answerSoFar({ by }).catch(() => undefined);
    await until('it is being written', () => it.model.inFlight === 2);
    await handle.cancel('recorded');
    await asked;
  }),
} satisfies typeof SCENARIOS);
for (const name of ['answer-now', 'answer-now-stop', 'answer-now-cancelled']) SETTINGS[name] = { brain: oneHangs };
/** Two documents that contradict each other; the third says which holds, and is found by who is asked. */
const SEAT = {
  'office.md': 'A reserved seat is held for 30 minutes.',
  'machine.md': 'A reserved seat is held for 45 minutes.',
  'minutes.md': 'In March the time of a reserved seat was raised from 30 minutes to 45 minutes.',
};
const contradicted = (again: (keyof typeof SEAT)[]): Brain =>
  scripted({
    plan: ['office.md', 'machine.md'].map((name) => ({ title: name, goal: name })),
    turn: () => undefined,
    findings(goal) {
      const sources: (keyof typeof SEAT)[] = goal === 'office.md' || goal === 'machine.md' ? [goal] : again;
      const found = sources.map((source) => ({ claim: SEAT[source], citations: [{ source, quote: SEAT[source] }] }));
      return { findings: found, missing: [] };
    },
  });
for (const [name, again] of [
  ['conflict-settled', ['minutes.md']],
  ['conflict-open', ['office.md']],
] as const) {
  SETTINGS[name] = { brain: contradicted([...again]), input: { goal: 'How long is a reserved seat held?' } };
  SCENARIOS[name] = async (it, start) => {
    for (const [file, text] of Object.entries(SEAT)) writeFileSync(join(it.docs, file), `${text}\n`);
    return await start();
  };
}

const record = process.env.MUSTER_RECORD ? test : test.skip;

record.each(
  Object.keys(SCENARIOS).filter((name) => !['.json', '.json.gz'].some((end) => existsSync(join(FOLDER, name + end)))),
)('records %s', async (name) => {
  const { brain, input, latencyMs = 50, ownWorkers } = SETTINGS[name] ?? {};
  const it = await testDeployment({ latencyMs, ...(brain ? { brain } : {}) });
  try {
    if (!ownWorkers) await it.startWorker({ subAgents: [orderer] });
    const handle = await SCENARIOS[name]!(it, () => it.client.start({ goal: GOAL, sources: [it.docs], ...input }));
    await handle.result().catch(() => undefined);
    // The answer is there before the task has closed.
    await until('it has closed', async () => !(await handle.isOpen()));
    const { runId } = handle as { runId?: string };
    const history = await it.client.temporal.workflow.getHandle(handle.taskId, runId).fetchHistory();
    // Who worked, and where its files lie, is nobody's business and of no use to a replay.
    const hidden: Record<string, string> = { identity: 'worker', stackTrace: '' };
    const plain = JSON.parse(historyToJSON(history), (key, value: unknown) => hidden[key] ?? value) as unknown;
    const text = `${JSON.stringify(plain, null, 1)}\n`;
    const [end, bytes] = text.length > 1_000_000 ? ['.json.gz', gzipSync(text)] : ['.json', text];
    writeFileSync(join(FOLDER, name + end), bytes);
  } finally {
    await it.stop();
  }
});
