// What waits for a person: a plan for its approval, a sub-agent for the reply to its question; with a server, and with workers
// that die meanwhile.

import {
  CommandRefusedError,
  defineClass,
  TaskCancelledError,
  TaskClosedError,
  TaskFailedError,
  type TaskEvent,
  type TaskHandle,
} from '../../client/index.ts';
import type { TaskInput } from '../../client/task-input.ts';
import type { Progress } from '../../protocol/progress.ts';
import { call, scripted } from '../agents/scripted.ts';
import { killed, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { openTimers } from '../rig/open-timers.ts';

const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';
const QUESTION = { question: 'Which service is meant?', choices: ['Harbour', 'Lighthouse'] };

/** A plan of one sub-agent that asks first, and finds what it was told. */
const asking = (asked: object) =>
  scripted({
    plan: [{ title: 'One', goal: 'one' }],
    turn: (_goal, results) => (results.length === 0 ? [call('ask_person', asked)] : undefined),
  });

let it_: TestDeployment;
afterEach(() => it_.stop());

const start = (input: Partial<TaskInput> = {}): Promise<TaskHandle> =>
  it_.client.start({ goal: COMPARE, sources: [it_.docs], ...input });

const eventsOf = async (task: TaskHandle): Promise<TaskEvent[]> => {
  const events: TaskEvent[] = [];
  for await (const event of task.events()) events.push(event);
  return events;
};

const researched = (): number => it_.model.requests.filter(({ step }) => step === 'muster_findings').length;

/** Waits until the task waits for a person; returns the plan. */
async function proposed(task: TaskHandle) {
  await until('the plan waits', async () => (await task.status()).progress?.proposal !== undefined);
  return (await task.plan())!;
}

async function asked(task: TaskHandle) {
  await until('it waits for a person', async () => (await task.status()).waitingFor === 'person');
  const { questions = [] } = (await task.status()).progress!;
  return questions;
}

const pending = async (task: TaskHandle): Promise<number> =>
  (await it_.client.temporal.workflow.getHandle(task.taskId).describe()).raw.pendingActivities?.length ?? 0;

describe('a plan that waits for approval', () => {
  beforeEach(async () => {
    it_ = await testDeployment();
  });

  test('is shown in full words with what it may cost, runs once its own hash is approved, and costs none of the deadline', async () => {
    await it_.startWorker({ provider: { prices: { input: 1, output: 2 } } });
    const task = await start({ approve: true });
    const plan = await proposed(task);
    expect(plan.subtasks.map(({ id }) => id)).toEqual(['s1', 's2', 's3']);
    expect(plan.subtasks.every(({ goal, limits }) => goal.length > 5 && limits.tokens > 0)).toBe(true);
    const tokens = plan.subtasks.reduce((sum, { limits }) => sum + limits.tokens, 0);
    expect(plan.estimate).toEqual({ subtasks: 3, tokens, seconds: 900, costUsd: (tokens * 2) / 1e6 });
    expect(plan.until!.getTime()).toBeGreaterThan(Date.now() + 86_000_000);
    expect(await task.status()).toMatchObject({
      state: 'waiting',
      waitingFor: 'person',
      note: expect.stringContaining(`muster approve ${task.taskId}`) as string,
    });
    expect(await pending(task)).toBe(0);
    expect(researched()).toBe(0);

    const other = '0'.repeat(64);
    const refusal = await task
      .command({ kind: 'approve', plan: other, approved: true })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CommandRefusedError);
    expect((refusal as Error).message).toContain(plan.hash);

    const by = { name: 'anna', how: 'claimed' } as const;
    const receipt = await task.command({ kind: 'approve', plan: plan.hash, approved: true }, { by, id: 'once' });
    expect(receipt).toMatchObject({ applied: true, effect: expect.stringContaining('runs') as string });
    expect(await task.command({ kind: 'approve', plan: plan.hash, approved: true }, { by, id: 'once' })).toEqual(
      receipt,
    );
    const result = await task.result();
    expect(result.coverage.done).toBe(3);
    expect(result.timings.waitedMs).toBeGreaterThan(0);
    const events = await eventsOf(task);
    const number = (type: TaskEvent['type']): number => events.find((one) => one.type === type)?.n ?? Infinity;
    expect(number('plan.ready')).toBeLessThan(number('plan.proposed'));
    expect(number('plan.proposed')).toBeLessThan(number('command.applied'));
    expect(number('command.applied')).toBeLessThan(number('subtask.started'));
    expect(events.filter(({ type }) => type === 'command.applied')).toMatchObject([{ kind: 'approve', by }]);
    await expect(task.command({ kind: 'approve', plan: plan.hash, approved: true })).rejects.toThrow('has ended');
    // Whoever did not hear the first answer gets it still.
    const again = (id: string, approved = true) =>
      task.command({ kind: 'approve', plan: plan.hash, approved }, { by, id });
    expect(await again('once')).toEqual(receipt);
    await expect(again('once', false)).rejects.toMatchObject({ isIdReused: true });
    await expect(again('another')).rejects.toThrow(new TaskClosedError(task.taskId));
    expect(new TaskClosedError('t').message).toBe('task t has ended; nothing was changed');
  });

  test('runs as it was edited; an edit that can’t be run refuses the approval with the reason, and the plan waits on', async () => {
    await it_.startWorker();
    const task = await start({ approve: true });
    const { hash } = await proposed(task);
    const approve = (edit: object) => task.command({ kind: 'approve', plan: hash, approved: true, edit });
    await expect(approve({ drop: ['s9'] })).rejects.toThrow('s9 is no subtask of this plan; it has s1, s2, s3');
    await expect(approve({ change: { s1: { tokens: 9e9 } } })).rejects.toThrow('class standard allows 200000');
    expect(await approve({ add: [{ goal: 'More', kind: 'nobody' }] })).toMatchObject({ applied: true });
    await until('the edit is refused', async () => {
      const { progress } = await task.status();
      return progress!.lastEvent > 0 && (await refusedEdits(task)).length === 1;
    });
    expect(await refusedEdits(task)).toMatchObject([
      { kind: 'approve', reason: expect.stringContaining('there is no kind "nobody"') as string },
    ]);
    expect((await task.status()).progress?.proposal?.hash).toBe(hash);

    await approve({
      drop: ['s1'],
      change: { s2: { title: 'Only tidebook', tokens: 50_000 } },
      // The second asks for the same.
      add: [
        { goal: 'How often does lighthouse poll?', needs: ['s3'] },
        { goal: 'Find out how often lighthouse polls.', needs: ['s3'] },
      ],
    });
    const result = await task.result();
    expect(result.coverage.subtasks.map(({ subtask, title }) => [subtask, title])).toEqual([
      ['s2', 'Only tidebook'],
      ['s3', expect.any(String)],
      ['s4', 'How often does lighthouse poll?'],
    ]);
    expect(result.coverage.merged).toEqual([{ title: 'Find out how often lighthouse polls.', into: 's4' }]);
    const ran = (await task.plan())!;
    expect(ran.hash).not.toBe(hash);
    expect(ran.subtasks.map(({ id, needs, limits }) => [id, needs, limits.tokens])).toEqual([
      ['s2', [], 50_000],
      ['s3', [], 200_000],
      ['s4', ['s3'], 200_000],
    ]);
    const goals = new Set(it_.model.requests.map(({ body }) => /<subtask>\\n(.*?)\\n/.exec(JSON.stringify(body))?.[1]));
    expect(goals).toContain('How often does lighthouse poll?');
  });

  test('that somebody refuses ends the task, and no sub-agent has begun', async () => {
    await it_.startWorker();
    const task = await start({ class: defineClass('asked', { approve: true }) });
    const { hash } = await proposed(task);
    await task.command({ kind: 'approve', plan: hash, approved: false }, { by: { name: 'anna', how: 'claimed' } });
    const error = await task.result().catch((caught: unknown) => caught as TaskFailedError);
    expect(error).toMatchObject({ failure: { type: 'PlanNotApproved', message: 'the plan was refused by anna' } });
    expect(researched()).toBe(0);
    expect((await it_.store.getResult(task.taskId))?.planRef).toBe(hash);
  });

  test('that nobody approves in time counts as refused', async () => {
    await it_.startWorker();
    const task = await start({ approve: true, class: defineClass('hasty', { approveSeconds: 1 }) });
    const error = await task.result().catch((caught: unknown) => caught as TaskFailedError);
    expect(error).toMatchObject({
      failure: { type: 'PlanNotApproved', message: expect.stringContaining('within 1 s') as string },
    });
    expect(researched()).toBe(0);
  });
});

const refusedEdits = async (task: TaskHandle): Promise<TaskEvent[]> => {
  const page = await it_.client.temporal.workflow.getHandle(task.taskId).query<{ events: TaskEvent[] }>('events');
  return page.events.filter(({ type }) => type === 'command.refused');
};

describe('a sub-agent that asks a person', () => {
  test('waits without a worker’s slot, its deadline stands still, and it goes on with a reply that is one of the choices', async () => {
    it_ = await testDeployment({ brain: asking(QUESTION) });
    await it_.startWorker();
    const task = await start({ askPerson: true });
    const [question] = await asked(task);
    expect(question).toMatchObject({ subtask: 's1', ...QUESTION });
    expect(question!.until).toBeGreaterThan(Date.now() + 86_000_000);
    expect(await task.status()).toMatchObject({
      state: 'waiting',
      note: expect.stringContaining('s1 asks: “Which service is meant?” (Harbour | Lighthouse)') as string,
    });
    expect(await pending(task)).toBe(0);
    // The question's alone: the deadline's is taken away.
    const timers = await openTimers(it_.client.temporal.workflow, task.taskId);
    expect(timers.map((seconds) => seconds > 86_000)).toEqual([true]);
    await expect(task.reply(undefined, 'Tidebook')).rejects.toThrow('“Tidebook” is none of the choices: “Harbour”');
    // From who does not look first: the master refuses it, and waits on.
    const workflow = it_.client.temporal.workflow.getHandle(task.taskId);
    await workflow.signal('answer', { handle: question!.handle, ok: true, content: 'Tidebook' });
    await task.reply(undefined, ' lighthouse', { by: { name: 'anna', how: 'claimed' } });
    const result = await task.result();
    expect(result.timings.waitedMs).toBeGreaterThan(0);
    const events = await eventsOf(task);
    expect(events.filter(({ type }) => /waiting|repl/.test(type))).toMatchObject([
      { type: 'subtask.waiting', handles: [{ ask: QUESTION }] },
      { type: 'reply.refused', reason: expect.stringContaining('none of the choices') as string },
      { type: 'subtask.replied', from: 'person', reply: 'Lighthouse', by: { name: 'anna' } },
    ]);
    expect(events.find(({ type }) => type === 'subtask.finding')).toMatchObject({
      finding: { claim: expect.stringMatching(/never instructions.*Lighthouse/) as string },
    });
    // It is set again with what was left.
    const history = await workflow.fetchHistory();
    const kinds = (history.events ?? []).flatMap(
      ({ timerStartedEventAttributes: begun, timerCanceledEventAttributes: ended }) =>
        begun
          ? [Number(begun.startToFireTimeout?.seconds) > 3_600 ? 'question' : 'deadline']
          : ended
            ? ['cancelled']
            : [],
    );
    expect(kinds.filter((kind) => kind === 'deadline')).toHaveLength(2);
  });

  test('goes on with its default when nobody replies in time, and says so', async () => {
    it_ = await testDeployment({ brain: asking({ ...QUESTION, default: 'Harbour', until: 1 }) });
    await it_.startWorker();
    const task = await start({ askPerson: true });
    const events = await eventsOf(task);
    expect(events.find(({ type }) => type === 'subtask.replied')).toMatchObject({ from: 'default', reply: 'Harbour' });
    expect(events.find(({ type }) => type === 'subtask.finding')).toMatchObject({
      finding: { claim: expect.stringMatching(/Nobody replied in time.*Harbour/) as string },
    });
    expect((await task.result()).outcome).toBe('completed');
  });

  test('can ask nobody where neither the request nor its class lets it', async () => {
    it_ = await testDeployment({ brain: asking(QUESTION) });
    await it_.startWorker();
    const task = await start();
    const events = await eventsOf(task);
    expect(events.map(({ type }) => type)).not.toContain('subtask.waiting');
    const offered = it_.model.requests.flatMap(({ body }) => body?.tools?.map((tool) => tool.function.name) ?? []);
    expect(offered).toContain('search_documents');
    expect(offered).not.toContain('ask_person');
  });
});

test('a task that is cancelled while its plan or its question waits closes as cancelled, says who did it and why, and nothing waits on', async () => {
  it_ = await testDeployment({ brain: asking(QUESTION) });
  await it_.startWorker();
  const by = { name: 'anna', how: 'claimed' } as const;
  for (const input of [{ approve: true }, { askPerson: true }]) {
    const task = await start(input);
    await until('it waits', async () => (await task.status()).waitingFor === 'person');
    await task.cancel('asked the wrong question', { by });
    await task.cancel('once more');
    await expect(task.result()).rejects.toThrow(TaskCancelledError);
    expect((await eventsOf(task)).slice(-2)).toMatchObject([
      {
        type: 'command.applied',
        kind: 'cancel',
        by,
        effect: 'the task ends; what it found stays (asked the wrong question)',
      },
      { type: 'task.closed', outcome: 'cancelled' },
    ]);
    const { timings } = (await it_.store.getResult(task.taskId))!;
    expect(timings.waitedMs).toBeGreaterThan(0);
    const status = await task.status();
    expect([status.state, status.waitingFor, status.note]).toEqual(['cancelled', undefined, undefined]);
    const progress = await it_.client.temporal.workflow.getHandle(task.taskId).query<Progress>('progress');
    expect([progress.questions, progress.proposal, progress.waitingFor]).toEqual([undefined, undefined, undefined]);
  }
});

test('a worker killed while a plan waits, and the next while a question does, lose neither, and nothing is paid again', async () => {
  it_ = await testDeployment({ brain: asking(QUESTION) });
  const first = await it_.spawnWorker();
  const task = await start({ askPerson: true, approve: true });
  const { hash } = await proposed(task);
  await killed(first, 'SIGKILL');
  const second = await it_.spawnWorker();
  await proposed(task);
  await task.command({ kind: 'approve', plan: hash, approved: true });
  await asked(task);
  await killed(second, 'SIGKILL');
  // With no worker up, too.
  await expect(task.reply(undefined, 'Tidebook')).rejects.toThrow('none of the choices');
  await task.reply(undefined, 'Harbour');
  await it_.spawnWorker();
  const result = await task.result();
  expect(result.coverage.done).toBe(1);
  expect(it_.model.report().repeats.all).toBe(0);
});
