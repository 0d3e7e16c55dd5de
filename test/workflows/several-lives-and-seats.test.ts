// The master's parts put together in other ways, on the real server: two lives of one subtask, several seats in one pod.

import { join } from 'node:path';
import { TaskFailedError } from '../../client/index.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { deepQueue } from '../../protocol/names.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import type { Brain } from '../../simulator/server.ts';
import { call, finding, scripted, type Script } from '../agents/scripted.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

const WORKFLOWS = join(__dirname, '../fixtures/workflows/several.ts');

describe('a task', () => {
  let it_: TestDeployment;
  let brain: Brain = offlineBrain;
  // One worker for all: its Workflows are bundled when it starts, which takes most of this file's time.
  beforeAll(async () => {
    it_ = await testDeployment({ latencyMs: 20, brain: (request) => brain(request) });
    await it_.startWorker({ workflowsPath: WORKFLOWS });
  });
  beforeEach(() => {
    brain = offlineBrain;
    it_.model.clearFaults();
    it_.model.requests.length = 0;
  });
  afterAll(() => it_.stop());

  /** A model whose subtasks search once; what it says to a goal may be held back. */
  const begin = async (
    type: 'twoLives' | 'packed',
    goals: string[],
    script: Partial<Script> & { hold?: Brain } = {},
  ) => {
    const plain = scripted({
      plan: goals.map((goal) => ({ title: goal, goal })),
      turn: (_goal, results) => (results.length === 0 ? [call('search_documents', { query: 'poll' })] : undefined),
      findings: (goal) => ({ findings: [finding(`claim of ${goal}`)], missing: [] }),
      ...script,
    });
    brain = script.hold ?? plain;
    const request: TaskRequest = {
      v: 1,
      goal: 'g',
      sources: [{ kind: 'path', path: it_.docs }],
      class: BUILT_IN_CLASSES.standard,
      tenant: 'default',
    };
    const handle = await it_.client.temporal.workflow.start(type, {
      taskQueue: deepQueue(await it_.store.deploymentId()),
      workflowId: `${type}-${Date.now()}`,
      args: [{ request }],
    });
    return {
      handle,
      result: () => handle.result() as Promise<TaskResult>,
      progress: () => handle.query<Progress>('progress'),
      events: async () => (await handle.query<{ events: TaskEvent[] }>('events')).events,
    };
  };
  const subtaskOf = async (progress: () => Promise<Progress>, id: string) =>
    (await progress()).subtasks.find((one) => one.id === id);

  test('whose subtask gets a second life is answered by the one that is done first; the other is cancelled and booked as waste', async () => {
    const { handle, result, progress } = await begin('twoLives', ['one']);
    // The first life searches, and then its model says nothing any more.
    it_.model.inject({ kind: 'stall', match: { step: 'muster_findings', nth: 2 } });
    await until('the first life has searched', () => it_.model.requests.some(({ step }) => step === 'muster_findings'));
    await until('it waits for its model', () => it_.model.inFlight === 1);
    await handle.signal('anotherLife', 's1');
    const { answer, usage, waste, coverage } = await result();
    expect(coverage.subtasks).toMatchObject([{ subtask: 's1', state: 'done', findings: 1 }]);
    expect(answer?.sections[0]?.claims.map(({ text }) => text)).toEqual(['claim of s1/g2/1']);
    expect(waste).toMatchObject([{ subtask: 's1', generation: 1, reason: 'outrun' }]);
    expect(waste?.[0]?.tokens).toBeGreaterThan(0);
    expect(usage.wastedTokens).toBe(waste?.[0]?.tokens);
    expect(it_.model.inFlight).toBe(0);
    const history = await handle.fetchHistory();
    expect(history.events?.filter((event) => event.activityTaskCanceledEventAttributes)).toHaveLength(1);
    expect((await subtaskOf(progress, 's1'))?.generation).toBe(2);
    expect(it_.model.requests.filter(({ step }) => step === 'muster_findings')).toHaveLength(4);
  });

  test('whose subtasks share a pod goes on with each as it ends: one that is slow, or is to be sent again, holds nobody', async () => {
    let release = (): void => undefined;
    const slow = new Promise<void>((open) => (release = open));
    const inner = scripted({
      plan: ['fast', 'slow', 'refused'].map((goal) => ({ title: goal, goal })),
      turn: () => undefined,
      findings: (goal) => ({ findings: [finding(`claim of ${goal}`)], missing: [] }),
    });
    const { handle, result, progress, events } = await begin('packed', [], {
      hold: async (request) => {
        const reply = await inner(request);
        if (reply.content.includes('claim of slow')) await slow;
        return reply;
      },
    });
    it_.model.inject({ kind: 'status', status: 429, retryAfterSeconds: 1, match: { contains: '\nrefused\n' } });
    await until('the refused one was sent again and is done', async () => {
      const one = await subtaskOf(progress, 's3').catch(() => undefined);
      return one?.state === 'done';
    });
    expect(await subtaskOf(progress, 's1')).toMatchObject({ state: 'done', findings: 1 });
    expect(await subtaskOf(progress, 's2')).toMatchObject({ state: 'running' });
    // One pod for all three, one more for the one that was sent again.
    const { pendingActivities } = (await handle.describe()).raw;
    expect(pendingActivities).toHaveLength(1);
    release();
    const { answer, coverage } = await result();
    expect(coverage).toMatchObject({ done: 3, failed: 0 });
    expect(answer?.sections[0]?.claims).toHaveLength(3);
    const told = (await events()).filter((event) => event.type === 'subtask.finished');
    expect(told.map((event) => event.subtask)).toEqual(['s1', 's3', 's2']);
    const history = await handle.fetchHistory();
    const pods = history.events?.flatMap(({ activityTaskScheduledEventAttributes: one }) =>
      one?.activityType?.name === 'runSubAgents' ? [one] : [],
    );
    expect(pods).toHaveLength(2);
  });

  test('whose subtask loses its log to another visit sends it again; its pod and the others are not held up', async () => {
    let release = (): void => undefined;
    const slow = new Promise<void>((open) => (release = open));
    const inner = scripted({
      plan: ['fast', 'slow'].map((goal) => ({ title: goal, goal })),
      turn: () => undefined,
      findings: (goal) => ({ findings: [finding(`claim of ${goal}`)], missing: [] }),
    });
    const { handle, result } = await begin('packed', [], {
      hold: async (request) => {
        const reply = await inner(request);
        if (reply.content.includes('claim of slow')) await slow;
        return reply;
      },
    });
    await until('both are asked for', () => it_.model.requests.length + it_.model.inFlight >= 3);
    const { runId } = await handle.describe();
    const stranger = await it_.store.claimLog({ run: runId, subtask: 's2', generation: 1 }, { visit: Date.now() });
    release();
    const { coverage, answer } = await result();
    await stranger.close();
    expect(coverage).toMatchObject({ done: 2, failed: 0 });
    expect(answer?.sections[0]?.claims).toHaveLength(2);
    // What the first visit was told died with its hold on the log, so it was asked for again.
    const findings = it_.model.requests.filter(({ step }) => step === 'muster_findings');
    expect(findings).toHaveLength(3);
  });

  test('of a master of one’s own whose child fails fails with what the child failed of', async () => {
    it_.model.inject({ kind: 'status', status: 400, match: { step: 'muster_findings' }, times: 1_000 });
    const started = await it_.client.start({ goal: 'g', sources: [it_.docs] }, { workflow: 'asksAChild' });
    const error: unknown = await started.result().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TaskFailedError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/no subtask succeeded/) as string,
      failure: { type: 'AllSubtasksFailed' },
    });
  });

  test('of a master of one’s own that throws fails with what it threw', async () => {
    const started = await it_.client.start({ goal: 'throw', sources: [it_.docs] }, { workflow: 'goesWrong' });
    const error: unknown = await started.result({ timeoutSeconds: 30 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TaskFailedError);
    expect(error).toMatchObject({ message: 'there are no more than three steps' });
  });

  test('of a master of one’s own whose request to a child is malformed fails with what is wrong with it', async () => {
    const started = await it_.client.start({ goal: 'ask', sources: [it_.docs] }, { workflow: 'goesWrong' });
    const error: unknown = await started.result({ timeoutSeconds: 30 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TaskFailedError);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^the request is malformed: sources must be a list of \{ kind: 'path', path \}/,
      ) as string,
      failure: { type: 'RequestInvalid' },
    });
  });
});
