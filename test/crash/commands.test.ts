// Commands and what dies around them: the worker at each point on a command's way, and while a task is paused; the server while
// it is paused. Each command is applied once, is heard once, and nothing is paid again.

import { join, resolve } from 'node:path';
import { defineClass, type TaskHandle } from '../../client/index.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import type { Brain } from '../../simulator/server.ts';
import { call, finding, scripted } from '../agents/scripted.ts';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { postgresStore } from '../../store/postgres-store.ts';
import { cases, LONG } from '../rig/long.ts';
import { startPostgres, type TestPostgres } from '../rig/postgres.ts';
import { ownServer, type OwnServer } from '../rig/own-server.ts';

const WORKER = resolve(__dirname, '../fixtures/dying-worker.mjs');

/** Calls of sub-agents wait at it while it is closed, so that no test races them. */
let held = 0;
let gate: { open(): void; opened: Promise<void> } | undefined;
function closeGate(): void {
  let open = (): void => undefined;
  const opened = new Promise<void>((done) => (open = done));
  held = 0;
  gate = { open, opened };
}
function openGate(): void {
  gate?.open();
  gate = undefined;
}

const script = scripted({
  plan: ['left', 'right'].map((goal) => ({ title: goal, goal })),
  turn: (_goal, { length }, heard) =>
    heard.includes('enough') ? undefined : [call('search_documents', { query: `poll ${length}` })],
  findings: (goal, _results, heard) => ({ findings: [finding(`${goal} heard ${heard.join('; ')}`)], missing: [] }),
});

const brain: Brain = async (request) => {
  if (request.response_format?.json_schema?.name === 'muster_findings' && gate) {
    held += 1;
    await gate.opened;
  }
  return await script(request);
};

let it_: TestDeployment;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  openGate();
  for (const stop of stops.splice(0)) await stop();
  await it_.stop();
});

const spawnOne = async (point?: { log: string; record: string; when: 'before' | 'after' }) => {
  const child = await spawnReady(WORKER, [], {
    MUSTER_HOME: it_.home,
    TEMPORAL_ADDRESS: serverAddress(),
    MUSTER_OFFLINE_URL: it_.model.url,
    MUSTER_TEST_CALLS: join(it_.home, 'calls'),
    ...(point ? { MUSTER_TEST_DIE: JSON.stringify(point) } : {}),
  });
  stops.push(() => killed(child, 'SIGKILL'));
  return child;
};

const begin = async (): Promise<TaskHandle> => {
  const patient = defineClass('patient', { extends: 'standard', subtask: { turns: 16, callIdleSeconds: 120 } });
  const task = await it_.client.start({ goal: 'anything', sources: [it_.docs], class: patient });
  await until('both are at work', () => it_.model.requests.length >= 4);
  closeGate();
  // What was answered before is on record by then.
  await until('both wait for their models', () => held === 2);
  return task;
};
const eventsOf = async (task: TaskHandle): Promise<TaskEvent[]> => {
  const events = [];
  for await (const event of task.events()) events.push(event);
  return events;
};
const appliedIn = (events: TaskEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'command.applied' ? [event.id] : []));
const pending = async (task: TaskHandle): Promise<string[]> =>
  ((await it_.client.temporal.workflow.getHandle(task.taskId).describe()).raw.pendingActivities ?? []).map(
    ({ activityType }) => activityType?.name ?? '',
  );
/** Calls go on once what was said to sub-agents lies where they read it. */
const openOnceDelivered = async (task: TaskHandle): Promise<void> => {
  await until('it is delivered', async () => !(await pending(task)).includes('commandSubAgent'));
  openGate();
};
/** Calls that had been answered by now; those in flight may be made again. */
const answeredSoFar = (): Set<string> =>
  new Set(it_.model.requests.filter(({ finished }) => finished).map(({ messagesSha }) => messagesSha));
/** Those of them that were made more than once. */
const paidAgain = (answered: ReadonlySet<string>): string[] => {
  const made = it_.model.requests.map(({ messagesSha }) => messagesSha).filter((sha) => answered.has(sha));
  return made.filter((sha, i) => made.indexOf(sha) !== i);
};
/** How often each sub-agent's log has this command. */
const heardBy = async (task: TaskHandle, id: string): Promise<number[]> => {
  const { runId: run } = await it_.client.temporal.workflow.getHandle(task.taskId).describe();
  const { MUSTER_STORE_URL: url } = process.env;
  const store = url ? postgresStore(url) : it_.store;
  const logs = ['s1', 's2'].map((subtask) =>
    store.readLog<{ t: string; command?: { id: string } }>({ run, subtask, generation: 1 }),
  );
  const heard = (await Promise.all(logs)).map((log) => log.filter(({ command }) => command?.id === id).length);
  if (url) await store.close();
  return heard;
};

describe.each(LONG ? (['files', 'PostgreSQL'] as const) : (['files'] as const))('on a store of %s', (kind) => {
  let server: TestPostgres | undefined;
  beforeAll(async () => {
    if (kind === 'PostgreSQL') server = await startPostgres();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    if (server) process.env.MUSTER_STORE_URL = await server.createDatabase();
  });
  afterEach(() => {
    delete process.env.MUSTER_STORE_URL;
  });
  const anotherWorker = () => (server ? spawnOne() : it_.startWorker({ takesOver: true }));

  test.each(cases(['after', 'before'] as const, (when) => when === 'after'))(
    'a worker that dies %s a command is in the list of all sub-agents loses none of it, and each hears it once',
    async (when) => {
      it_ = await testDeployment({ latencyMs: 150, brain });
      const first = await spawnOne({ log: '_all', record: 'sent', when });
      const task = await begin();
      expect(await task.command({ kind: 'note', text: 'enough' }, { id: 'n1' })).toMatchObject({ applied: true });
      await until('it dies', () => first.signalCode === 'SIGKILL');
      await anotherWorker();
      // Whoever was not sure whether it was taken sends it again.
      await task.command({ kind: 'note', text: 'enough' }, { id: 'n1' });
      await openOnceDelivered(task);
      expect((await task.result()).outcome).toBe('completed');
      expect(await heardBy(task, 'n1')).toEqual([1, 1]);
      expect(appliedIn(await eventsOf(task))).toEqual(['n1']);
    },
  );

  test('a command that came while no worker was there takes effect, or is refused, when one comes; and by Update once more it is the same', async () => {
    it_ = await testDeployment({ latencyMs: 150, brain });
    const first = await spawnOne();
    const task = await begin();
    const answered = answeredSoFar();
    await killed(first, 'SIGKILL');
    expect(await task.command({ kind: 'pause' }, { id: 'p1' })).toEqual({ applied: false, recorded: true });
    expect(await task.command({ kind: 'stop', to: 's9' }, { id: 'x1' })).toEqual({ applied: false, recorded: true });
    await anotherWorker();
    await until('it is paused', async () => (await task.status()).state === 'paused');
    await openOnceDelivered(task);
    expect(await task.command({ kind: 'pause' }, { id: 'p1' })).toMatchObject({ applied: true });
    await until('no Activity is pending', async () => (await pending(task)).length === 0);
    await until('no call is open', () => it_.model.inFlight === 0);
    closeGate();
    await task.command({ kind: 'resume' }, { id: 'r1' });
    await until('both go on', () => held === 2);
    await task.command({ kind: 'note', text: 'enough' }, { id: 'n1' });
    await openOnceDelivered(task);
    expect((await task.result()).outcome).toBe('completed');
    const events = await eventsOf(task);
    expect(appliedIn(events)).toEqual(['p1', 'r1', 'n1']);
    expect(events.flatMap((event) => (event.type === 'command.refused' ? [event.reason] : []))).toEqual([
      's9 is no subtask of this task; it has s1 … s2',
    ]);
    expect(paidAgain(answered)).toEqual([]);
  });
});

describe('on a server of its own', () => {
  let server: OwnServer;
  beforeEach(async () => {
    server = await ownServer();
  });
  afterEach(() => server.stop());

  test('a paused task is paused still when worker and server were killed, and goes on at its checkpoints', async () => {
    it_ = await testDeployment({ latencyMs: 150, brain });
    const first = await spawnOne();
    const task = await begin();
    await task.command({ kind: 'pause' }, { id: 'p1' });
    await openOnceDelivered(task);
    await until('no Activity is pending', async () => (await pending(task)).length === 0);
    const asked = it_.model.requests.length;
    const answered = answeredSoFar();
    await killed(first, 'SIGKILL');
    const enough = { kind: 'note', text: 'enough' } as const;
    expect(await task.command(enough, { id: 'n1' })).toEqual({ applied: false, recorded: true });
    await server.kill();
    server.comeBack();
    await spawnOne();
    await until(
      'it is known to be paused',
      async () => (await task.status().catch(() => undefined))?.progress?.state === 'paused',
    );
    // What was recorded meanwhile is still being brought to the sub-agents; then nothing is left.
    await until('nothing is pending', async () => (await pending(task)).length === 0);
    expect(it_.model.requests).toHaveLength(asked);
    // What was recorded has been applied; whoever was not sure of it says it again.
    expect(await task.command(enough, { id: 'n1' })).toMatchObject({ applied: true });
    await task.command({ kind: 'resume' }, { id: 'r1' });
    const result = await task.result();
    expect(result.outcome).toBe('completed');
    expect(appliedIn(await eventsOf(task))).toEqual(['p1', 'n1', 'r1']);
    expect(result.timings.waitedMs).toBeGreaterThan(0);
    expect(paidAgain(answered)).toEqual([]);
    expect(await heardBy(task, 'n1')).toEqual([1, 1]);
    await it_.client.close();
  });

  (LONG ? test.each : test.skip.each)(['after', 'before'] as const)(
    'a worker that dies %s a command is in the list of all sub-agents, and the server with it, lose none of it, and each hears it once',
    async (when) => {
      it_ = await testDeployment({ latencyMs: 150, brain });
      const first = await spawnOne({ log: '_all', record: 'sent', when });
      const task = await begin();
      const enough = { kind: 'note', text: 'enough' } as const;
      expect(await task.command(enough, { id: 'n1' })).toMatchObject({ applied: true });
      await until('it dies', () => first.signalCode === 'SIGKILL');
      await server.kill();
      server.comeBack();
      await spawnOne();
      await until('a worker answers', async () => (await task.status().catch(() => undefined))?.progress !== undefined);
      await task.command(enough, { id: 'n1' });
      await openOnceDelivered(task);
      expect((await task.result()).outcome).toBe('completed');
      expect(await heardBy(task, 'n1')).toEqual([1, 1]);
      expect(appliedIn(await eventsOf(task))).toEqual(['n1']);
      await it_.client.close();
    },
  );

  (LONG ? test : test.skip)(
    'a question that waits for a person waits still when worker and server were killed, and its reply counts once',
    async () => {
      const asks = scripted({
        plan: [{ title: 'One', goal: 'one' }],
        turn: (_goal, results) => (results.length === 0 ? [call('ask_person', { question: 'Which?' })] : undefined),
      });
      it_ = await testDeployment({ brain: asks });
      const first = await spawnOne();
      const task = await it_.client.start({ goal: 'anything', sources: [it_.docs], askPerson: true });
      const isAsked = async (): Promise<boolean> =>
        (await task.status().catch(() => undefined))?.progress?.waitingFor === 'person';
      await until('it waits for a person', isAsked);
      const asked = it_.model.requests.length;
      await killed(first, 'SIGKILL');
      await server.kill();
      server.comeBack();
      await spawnOne();
      await until('it waits still', isAsked);
      expect([it_.model.requests.length, await pending(task)]).toEqual([asked, []]);
      await task.reply(undefined, 'this one');
      const result = await task.result();
      expect(result.timings.waitedMs).toBeGreaterThan(0);
      const events = await eventsOf(task);
      expect(events.filter(({ type }) => type === 'subtask.replied')).toMatchObject([
        { from: 'person', reply: 'this one' },
      ]);
      expect(it_.model.report().repeats.all).toBe(0);
      await it_.client.close();
    },
  );
});
