// What no answer waits for: whoever is to be told is told, however the task ends, once it has ended and never before.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TaskClosedError, type TaskHandle, type TaskInput } from '../../client/index.ts';
import type { MasterInput } from '../../protocol/activities.ts';
import { BACKGROUND_SIGNALS, backgroundId } from '../../protocol/names.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { defineSubAgent, researcher } from '../../activities/index.ts';
import { call, finding, scripted } from '../agents/scripted.ts';
import { startReceiver, type Receiver } from '../rig/receiver.ts';
import { heldModel } from '../rig/held-model.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

let it: TestDeployment;
let receiver: Receiver;

beforeAll(async () => {
  it = await testDeployment();
  receiver = await startReceiver();
  await it.startWorker();
});
afterAll(async () => {
  await it.stop();
  await receiver.close();
});

/** Delegates. */
const orderer = defineSubAgent({
  ...researcher,
  output: undefined,
  check: undefined,
  name: 'orderer',
  description: 'Delegates.',
  delegates: { depth: 1, max: 3 },
} as Parameters<typeof defineSubAgent>[0]);

const GOAL = 'Compare harbour and tidebook with respect to their limits';
const childOf = (taskId: string) => it.client.temporal.workflow.getHandle(backgroundId(taskId));

test('a completed task tells its receiver, and its child ends with what became of it', async () => {
  const handle = await it.client.start({
    goal: GOAL,
    sources: [it.docs],
    notify: [{ kind: 'webhook', to: receiver.url }],
  });
  await handle.result();
  const child = (await childOf(handle.taskId).result()) as TaskResult;
  expect(receiver.told).toMatchObject([
    { type: 'task.completed', body: { data: { task_id: handle.taskId, status: 'completed' } } },
  ]);
  expect(child.deliveries).toMatchObject([
    { state: 'delivered', tries: 1, event: 'task.completed', id: receiver.told[0]?.id },
  ]);
  const events = await it.store.readEvents(backgroundId(handle.taskId));
  expect(events.map(({ type }) => type)).toEqual(['background.started', 'delivery.sent', 'background.settled']);
});

test('a background child and its deliveries stand behind everything else, these on a queue of their own', async () => {
  const handle = await it.client.start({
    goal: GOAL,
    sources: [it.docs],
    class: 'quick',
    notify: [{ kind: 'webhook', to: receiver.url }],
  });
  const child = childOf(handle.taskId);
  await handle.result();
  await child.result();
  const history = (await child.fetchHistory()).events ?? [];
  expect(history[0]?.workflowExecutionStartedEventAttributes?.priority?.priorityKey).toBe(5);
  const scheduled = history.flatMap(({ activityTaskScheduledEventAttributes: step }) => step ?? []);
  expect(scheduled[0]).toMatchObject({ activityType: { name: 'deliver' }, priority: { priorityKey: 5 } });
  expect(scheduled[0]?.taskQueue?.name).toMatch(/^muster-background-/);
  expect(await (await child.describe()).staticSummary()).toBe('behind the answer: tells 1 receiver how the task ended');
});

test('a task that fails in its reading tells of it, though its child was asked for before the first step', async () => {
  const handle = await it.client.start({
    goal: GOAL,
    sources: ['/nowhere-that-may-be-read'],
    notify: [{ kind: 'webhook', to: receiver.url }],
    background: [{ goal: 'What does tidebook limit?' }],
  });
  await expect(handle.result()).rejects.toThrow();
  const child = (await childOf(handle.taskId).result()) as TaskResult;
  expect(child.deliveries).toMatchObject([{ state: 'delivered', event: 'task.failed' }]);
  expect(child.coverage.subtasks).toEqual([]);
  const events = (await it.client.temporal.workflow.getHandle(handle.taskId).fetchHistory()).events ?? [];
  const at = (part: string): number => events.findIndex((event) => part in event && event[part as keyof typeof event]);
  expect(at('startChildWorkflowExecutionInitiatedEventAttributes')).toBeLessThan(
    at('activityTaskScheduledEventAttributes'),
  );
});

test('a task that is cancelled before its sub-agents begin, and one whose plan is refused, tell of it', async () => {
  const before = it.model.requests.length;
  receiver.told.splice(0);
  const begin = async () => {
    const notify = [{ kind: 'webhook', to: receiver.url }];
    const handle = await it.client.start({ goal: GOAL, sources: [it.docs], approve: true, notify });
    await until('its plan waits', async () => (await handle.status()).progress?.proposal !== undefined);
    return handle;
  };
  const [cancelled, refused] = [await begin(), await begin()];
  await cancelled.cancel();
  const { hash } = (await refused.plan())!;
  await refused.command({ kind: 'approve', plan: hash, approved: false });
  for (const [{ taskId }, event] of [
    [cancelled, 'task.cancelled'],
    [refused, 'task.failed'],
  ] as const) {
    const { deliveries } = (await childOf(taskId).result()) as TaskResult;
    expect(deliveries).toMatchObject([{ state: 'delivered', event }]);
    // By its master, not by the check that looks whether that still runs.
    const history = (await childOf(taskId).fetchHistory()).events ?? [];
    const signals = history.flatMap((one) => one.workflowExecutionSignaledEventAttributes?.signalName ?? []);
    expect(signals).toEqual([BACKGROUND_SIGNALS.ended]);
    const told = receiver.told.filter(({ body }) => body.data.task_id === taskId);
    expect(told.map(({ id, type }) => [id, type])).toEqual([[deliveries?.[0]?.id, event]]);
  }
  expect(it.model.requests.slice(before).filter(({ step }) => step === 'muster_findings')).toEqual([]);
});

test('background subtasks are done once the task has closed, with its documents, and are read after its events', async () => {
  const handle = await it.client.start({
    goal: GOAL,
    sources: [it.docs],
    background: [{ goal: 'What limits does lighthouse have?' }, { goal: 'Nothing', kind: 'no-such-kind' }],
  });
  const seen: string[] = [];
  for await (const event of handle.events({ background: true }))
    seen.push(event.type === 'subtask.finished' ? `${event.subtask} ${event.state}` : event.type);
  const behind = seen.slice(seen.indexOf('task.closed') + 1);
  expect(behind[0]).toBe('background.started');
  expect(behind.filter((one) => /^b\d/.test(one)).sort()).toEqual(['b1 done', 'b2 failed']);
  expect(behind.at(-1)).toBe('background.settled');
  expect(seen.indexOf('answer.ready')).toBeLessThan(seen.indexOf('task.closed'));
  const { background } = await handle.status();
  expect(background).toMatchObject({
    state: 'over',
    subtasks: [
      { id: 'b1', state: 'done' },
      { id: 'b2', state: 'failed' },
    ],
  });

  // Asked for once more it fails once more, and the other one is not done again.
  await handle.redeliver(['b2']);
  const again: string[] = [];
  await until('it has failed again', async () => {
    again.splice(0);
    for await (const event of handle.events({ background: true }))
      if (event.type === 'subtask.finished') again.push(event.subtask);
    return again.filter((id) => id === 'b2').length === 2;
  });
  expect(again.filter((id) => id === 'b1')).toHaveLength(1);
  await handle.cancelBackground();
  await expect(childOf(handle.taskId).result()).rejects.toThrow();
  await expect(handle.redeliver()).rejects.toThrow('nothing goes on');
});

test('a planner’s background subtask that failed is done once more with what it needs, which is not done again; what others delegated is no part of it', async () => {
  const brain = scripted({
    plan: [
      { title: 'One', goal: 'one' },
      { title: 'Kept', goal: 'kept', background: true },
      { title: 'Late', goal: 'late', needs: [1, 2], background: true },
      { title: 'Parts', goal: 'parts', kind: 'orderer', background: true },
    ],
    turn(goal, results) {
      if (results.length > 0) return undefined;
      if (goal === 'parts')
        return [call('delegate', { subtasks: [{ title: 'Part', kind: 'researcher', goal: 'part' }] })];
      return [call('search_documents', { query: goal })];
    },
    findings: (goal) => ({ findings: [finding(`found of ${goal}`)], missing: [] }),
  });
  let fails = true;
  const there = await testDeployment({
    brain(asked) {
      const text = JSON.stringify(asked.messages);
      if (fails && /<subtask>\\n(?:late|part)\\n/.test(text)) return { content: 'no', toolCalls: [] };
      return brain(asked);
    },
  });
  try {
    await there.startWorker({ subAgents: [orderer] });
    const handle = await there.client.start({ goal: GOAL, sources: [there.docs], askPerson: true });
    const over = (): Promise<void> =>
      until('it is over, or waits to be asked', async () => (await settledOf()).length > 0);
    const settledOf = async () =>
      (await there.store.readEvents(backgroundId(handle.taskId))).filter(({ type }) => type === 'background.settled');
    await over();
    expect(await settledOf()).toMatchObject([{ done: 2, failed: 1 }]);
    expect((await handle.result()).coverage.subtasks.map(({ subtask }) => subtask)).toEqual(['s1']);
    fails = false;
    const asked = there.model.requests.length;
    await handle.redeliver();
    const child = (await there.client.temporal.workflow.getHandle(backgroundId(handle.taskId)).result()) as TaskResult;
    expect(child.coverage.subtasks.map(({ subtask, state }) => [subtask, state])).toEqual([
      ['s2', 'done'],
      ['s3', 'done'],
      ['s4', 'done'],
      ['s4-1', 'failed'],
    ]);
    const again = there.model.requests.slice(asked).map(({ body }) => JSON.stringify(body));
    expect(again.filter((body) => !body.includes('late'))).toEqual([]);
    expect(again[0]).toMatch(/found of one.*found of kept/);
    expect(await settledOf()).toMatchObject([
      { done: 2, failed: 1 },
      { done: 3, failed: 0 },
    ]);
  } finally {
    await there.stop();
  }
});

test('what a plan puts behind the answer has a child before its sub-agents begin, told on every way out from there; without an approved plan there is none, and nothing is begun', async () => {
  const brain = scripted({
    plan: [
      { title: 'One', goal: 'one' },
      { title: 'Later', goal: 'later', background: true },
    ],
    turn: (goal, results) => (results.length > 0 ? undefined : [call('search_documents', { query: goal })]),
  });
  const held = heldModel((asked, step) => step === 'muster_findings' && asked.includes('<subtask>\\none'), brain);
  let fails = false;
  const there = await testDeployment({
    brain: (asked) =>
      fails && JSON.stringify(asked.messages).includes('<subtask>\\none')
        ? { content: 'no', toolCalls: [] }
        : held.brain(asked),
  });
  const { workflow } = there.client.temporal;
  const begin = (more: Partial<TaskInput> = {}) => there.client.start({ goal: GOAL, sources: [there.docs], ...more });
  const after = async ({ taskId }: TaskHandle): Promise<TaskResult> =>
    (await workflow.getHandle(backgroundId(taskId)).result()) as TaskResult;
  try {
    await there.startWorker();
    const cancelled = await begin();
    await until('its sub-agent works', () => held.waiting() === 1);
    const behind = there.model.requests.length;
    await cancelled.cancel();
    expect((await after(cancelled)).coverage.subtasks).toEqual([]);
    const events = (await workflow.getHandle(cancelled.taskId).fetchHistory()).events ?? [];
    const childAt = events.findIndex((one) => one.startChildWorkflowExecutionInitiatedEventAttributes);
    const workAt = events.findIndex(
      (one) => one.activityTaskScheduledEventAttributes?.activityType?.name === 'runSubAgents',
    );
    expect([childAt > 0, workAt > childAt]).toEqual([true, true]);

    const proposed = await begin({ approve: true });
    await until('its plan waits', async () => (await proposed.status()).progress?.proposal !== undefined);
    await proposed.cancel();
    await expect(workflow.getHandle(proposed.taskId).result()).rejects.toThrow();
    there.model.inject({ kind: 'status', status: 401, times: 1, match: { step: 'muster_plan' } });
    const unplanned = await begin();
    await expect(workflow.getHandle(unplanned.taskId).result()).rejects.toThrow();
    for (const { taskId } of [proposed, unplanned])
      await expect(workflow.getHandle(backgroundId(taskId)).describe()).rejects.toThrow();
    expect(there.model.requests.slice(behind).filter(({ body }) => JSON.stringify(body).includes('later'))).toEqual([]);

    held.release();
    fails = true;
    const failed = await begin();
    await expect(workflow.getHandle(failed.taskId).result()).rejects.toThrow();
    expect((await after(failed)).coverage.subtasks).toMatchObject([{ subtask: 's2', state: 'done' }]);
  } finally {
    held.release();
    await there.stop();
  }
});

test('what was given up is sent again, with its id, when somebody asks for it', async () => {
  receiver.told.splice(0);
  receiver.answer({ status: 410 });
  const handle = await it.client.start({
    goal: GOAL,
    sources: [it.docs],
    notify: [{ kind: 'webhook', to: receiver.url }],
  });
  await handle.result();
  await until('it is disabled', async () => (await handle.status()).background?.deliveries[0]?.state === 'disabled');
  receiver.answer({ status: 200 });
  // The end of one run is one, however often it is said.
  const { run } = await handle.status();
  await childOf(handle.taskId).signal(BACKGROUND_SIGNALS.ended, { v: 1, run, outcome: 'completed', at: 1 });
  await handle.redeliver();
  await until('it is told again', () => receiver.told.length === 2);
  const child = (await childOf(handle.taskId).result()) as TaskResult;
  expect(child.deliveries).toMatchObject([{ state: 'delivered', tries: 1 }]);
  expect(receiver.told.map(({ id }) => id)).toEqual([receiver.told[0]?.id, receiver.told[0]?.id]);
});

test('a task that has ended says so to whoever replies to it or tells it something', async () => {
  const handle = await it.client.start({ goal: GOAL, sources: [it.docs], class: 'quick' });
  await it.client.temporal.workflow.getHandle(handle.taskId).result();
  await expect(handle.reply('h-1', 'too late')).rejects.toThrow(TaskClosedError);
  await expect(handle.reply(undefined, 'too late')).rejects.toThrow(TaskClosedError);
  await expect(handle.command({ kind: 'note', text: 'too late' })).rejects.toThrow(TaskClosedError);
});

test('a task that asks for nothing behind its answer has no child', async () => {
  const handle = await it.client.start({ goal: GOAL, sources: [it.docs] });
  await handle.result();
  await expect(childOf(handle.taskId).describe()).rejects.toThrow();
  const seen: string[] = [];
  for await (const event of handle.events({ background: true })) seen.push(event.type);
  expect(seen.at(-1)).toBe('task.closed');
});

test('a request that can’t be accepted has no child, since who is to be told may be what is wrong with it', async () => {
  const plain = await it.client.start({ goal: GOAL, sources: [it.docs] });
  const workflow = it.client.temporal.workflow.getHandle(plain.taskId);
  const started = (await workflow.fetchHistory()).events?.[0]?.workflowExecutionStartedEventAttributes;
  const { request } = JSON.parse(String(Buffer.from(started?.input?.payloads?.[0]?.data ?? []))) as MasterInput;
  const refused = await it.client.temporal.workflow.start('masterAgent', {
    workflowId: `${plain.taskId}-refused`,
    taskQueue: (await workflow.describe()).taskQueue,
    args: [{ request: { ...request, goal: ' ', notify: [{ kind: 'webhook', to: receiver.url }] } }],
  });
  await expect(refused.result()).rejects.toMatchObject({ cause: { type: 'RequestInvalid' } });
  await expect(childOf(refused.workflowId).describe()).rejects.toThrow();
  await plain.result();
});

test('a cancel that comes when all is done and only to be written down takes nothing of it', async () => {
  const handle = await it.client.start({
    goal: GOAL,
    sources: [it.docs],
    notify: [{ kind: 'webhook', to: receiver.url }],
  });
  const id = backgroundId(handle.taskId);
  // Where its log is to be there is something else, so nothing can be written.
  const folder = join(it.home, 'store', 'tasks', sha256(id));
  mkdirSync(dirname(folder), { recursive: true });
  writeFileSync(folder, '');
  await handle.result();
  await until('it has nothing more to do', async () => {
    const { stage } = await childOf(handle.taskId)
      .query<Progress>('progress')
      .catch(() => ({ stage: undefined }));
    return stage === 'closed';
  });
  await handle.cancelBackground();
  rmSync(folder);
  expect(((await childOf(handle.taskId).result()) as TaskResult).outcome).toBe('completed');
  expect((await it.store.getResult(id))?.deliveries).toMatchObject([{ state: 'delivered' }]);
});
