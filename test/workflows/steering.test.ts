// What a person tells a running task, from the call in the library to the sub-agents' own calls, on the real server.

import { defineClass, type TaskHandle } from '../../client/index.ts';
import type { RequestClass } from '../../protocol/classes.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import type { Progress } from '../../protocol/progress.ts';
import { call, finding, scripted } from '../agents/scripted.ts';
import { applied } from '../rig/applied.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { openTimers } from '../rig/open-timers.ts';

const ENOUGH = 'that is enough';
const ASK = 'ask which one is meant';
const QUESTION = { question: 'Which one is meant?', choices: ['Harbour', 'Lighthouse'] };

describe('a task at work', () => {
  let it_: TestDeployment;
  /** Tool results that each sub-agent had when it was last asked, and what it had heard, by its goal. */
  const turns = new Map<string, number>();
  const heardBy = new Map<string, string[]>();
  beforeAll(async () => {
    it_ = await testDeployment({
      latencyMs: 100,
      brain: scripted({
        plan: ['left', 'right'].map((goal) => ({ title: goal, goal })),
        turn(goal, results, heard) {
          turns.set(goal, results.length);
          heardBy.set(goal, heard);
          if (heard.some((one) => one.includes(ENOUGH))) return undefined;
          if (heard.some((one) => one.includes(ASK))) return [call('ask_person', QUESTION)];
          return [call('search_documents', { query: `poll ${results.length}` })];
        },
        findings: (goal, results, heard) => ({
          findings: [finding(`${goal}: ${results.length} results; heard: ${heard.join('; ')}`)],
          missing: [],
        }),
      }),
    });
    await it_.startWorker({
      ceiling: { maxSubtasks: 100, subtask: { turns: 1_000, tokens: 1e9, seconds: 6_000, callIdleSeconds: 60 } },
    });
  });
  afterAll(() => it_.stop());

  const begin = async (row: Partial<RequestClass> = {}) => {
    turns.clear();
    heardBy.clear();
    const taskClass = defineClass('patient', {
      extends: 'standard',
      subtask: { turns: 200, tokens: 1e8 },
      ...row,
    });
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs], class: taskClass });
    const goesOn = (goal: string): Promise<void> => {
      const before = turns.get(goal) ?? 0;
      return until(`${goal} goes on`, () => (turns.get(goal) ?? 0) > before);
    };
    await goesOn('left');
    await goesOn('right');
    const workflow = it_.client.temporal.workflow.getHandle(task.taskId);
    return {
      task,
      goesOn,
      progress: () => workflow.query<Progress>('progress'),
      pending: async () => (await workflow.describe()).raw.pendingActivities?.length ?? 0,
      enough: (to?: string) => task.command({ kind: 'note', text: ENOUGH, ...(to === undefined ? {} : { to }) }),
    };
  };
  const eventsOf = async (task: TaskHandle): Promise<TaskEvent[]> => {
    const events = [];
    for await (const event of task.events()) events.push(event);
    return events;
  };
  const commandsOf = (events: TaskEvent[]) =>
    events.flatMap((event) => (event.type === 'command.applied' ? [`${event.kind} ${event.by.name}`] : []));

  test('that is paused holds no worker and asks nothing, and goes on where it was, with nothing paid twice', async () => {
    const { task, progress, pending, goesOn, enough } = await begin();
    const by = { name: 'ada', how: 'claimed' as const };
    const receipt = await applied(task, { kind: 'pause' }, { by });
    expect(receipt).toMatchObject({ applied: true, effect: expect.stringContaining('2 sub-agents') as string });
    await until('no Activity is pending', async () => (await pending()) === 0);
    const asked = it_.model.requests.length;
    const status = await task.status();
    expect(status.state).toBe('paused');
    expect((await progress()).subtasks.map(({ state, paused }) => ({ state, paused }))).toEqual([
      { state: 'waiting', paused: true },
      { state: 'waiting', paused: true },
    ]);
    await expect(applied(task, { kind: 'pause' })).rejects.toThrow('the task is paused already');
    await new Promise((done) => setTimeout(done, 1_500));
    expect(it_.model.requests).toHaveLength(asked);
    expect(await pending()).toBe(0);
    // Not even that of the deadline.
    expect(await openTimers(it_.client.temporal.workflow, task.taskId)).toEqual([]);
    await task.command({ kind: 'resume' }, { by });
    await goesOn('left');
    expect((await progress()).subtasks.map(({ state, paused }) => ({ state, paused }))).toEqual([
      { state: 'running' },
      { state: 'running' },
    ]);
    await expect(applied(task, { kind: 'resume' })).rejects.toThrow('it is not paused');
    await enough();
    const result = await task.result();
    expect(result.outcome).toBe('completed');
    // What all were told counts for who writes the answer, too.
    const written = it_.model.requests.findLast(({ step }) => step === 'muster_answer');
    expect(JSON.stringify(written?.body)).toContain(ENOUGH);
    expect(result.timings.waitedMs).toBeGreaterThan(1_400);
    const shas = it_.model.requests.map(({ messagesSha }) => messagesSha);
    expect(new Set(shas).size).toBe(shas.length);
    const events = await eventsOf(task);
    expect(commandsOf(events).slice(0, 2)).toEqual(['pause ada', 'resume ada']);
    expect(events.filter(({ type }) => type === 'subtask.paused')).toHaveLength(2);
    await expect(applied(task, { kind: 'pause' })).rejects.toThrow();
  });

  test('that is paused while it is planned begins no sub-agent, and shows them as paused', async () => {
    it_.model.inject({ kind: 'delay', ms: 1_500, times: 1, match: { step: 'muster_plan' } });
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs] });
    await until('it is planned', () => it_.model.inFlight === 1);
    const asked = it_.model.requests.filter(({ step }) => step !== 'muster_plan').length;
    const { effect } = await applied(task, { kind: 'pause' });
    expect(effect).toBe('paused: the step under way ends, nothing more is begun, and the deadline stands still');
    await until('it has a plan', async () => (await task.status()).progress?.subtasks.length === 2);
    const status = await task.status();
    expect(status.progress?.subtasks.map(({ state, paused }) => ({ state, paused }))).toEqual([
      { state: 'waiting', paused: true },
      { state: 'waiting', paused: true },
    ]);
    expect(it_.model.requests.filter(({ step }) => step !== 'muster_plan')).toHaveLength(asked);
    await task.command({ kind: 'resume' });
    await until('they are at work', async () =>
      ((await task.status()).progress?.subtasks ?? []).every(({ state }) => state === 'running'),
    );
    await task.cancel();
    await expect(task.result()).rejects.toThrow('cancelled');
  });

  test('whose one sub-agent is paused, told a note and resumed goes on with the other meanwhile', async () => {
    const { task, goesOn, progress, enough } = await begin();
    await task.command({ kind: 'pause', to: 's2' });
    await until('s2 stands', async () => (await progress()).subtasks[1]?.state === 'waiting');
    const stands = turns.get('right');
    await goesOn('left');
    expect(turns.get('right')).toBe(stands);
    await task.command({ kind: 'note', text: 'mind the tide', to: 's2' });
    await expect(applied(task, { kind: 'note', text: 'x', to: 's9' })).rejects.toThrow(
      's9 is no subtask of this task; it has s1 … s2',
    );
    await task.command({ kind: 'resume', to: 's2' });
    await goesOn('right');
    expect(heardBy.get('right')).toEqual(['mind the tide']);
    expect(heardBy.get('left')).toEqual([]);
    await enough();
    const { answer } = await task.result();
    expect(answer?.sections[0]?.claims).toHaveLength(2);
  });

  test('whose one sub-agent asks a person while the other is paused alone waits for the person, and its deadline stands still', async () => {
    const { task, progress, pending, enough } = await begin({ askPerson: true });
    await task.command({ kind: 'pause', to: 's2' });
    await until('s2 stands', async () => (await progress()).subtasks[1]?.state === 'waiting');
    await task.command({ kind: 'note', text: ASK, to: 's1' });
    await until('s1 asks', async () => (await progress()).questions?.length === 1);
    expect(await task.status()).toMatchObject({ state: 'waiting', waitingFor: 'person' });
    expect(await pending()).toBe(0);
    await enough();
    await task.command({ kind: 'resume', to: 's2' });
    await until('s2 is done', async () => (await progress()).subtasks[1]?.state === 'done');
    await task.reply(undefined, 'Harbour');
    const result = await task.result();
    expect(result.coverage.done).toBe(2);
    expect(result.timings.waitedMs).toBeGreaterThan(0);
  });

  test('that is told something under an id of another command refuses it, and says the first one’s answer again for the first', async () => {
    const { task, goesOn, enough } = await begin();
    const [id, by] = ['n1', { name: 'ada', how: 'claimed' as const }];
    const tide = { kind: 'note', text: 'mind the tide', to: 's2' } as const;
    const receipt = await task.command(tide, { id, by });
    expect(await task.command({ ...tide }, { id })).toEqual(receipt);
    for (const other of [{ ...tide, text: 'mind the wind' }, { ...tide, to: 's1' }, { kind: 'pause' }] as const)
      await expect(task.command(other, { id })).rejects.toMatchObject({
        name: 'CommandRefusedError',
        message: 'this id was used for another command',
        isIdReused: true,
      });
    // Where no worker answered in time it comes as a Signal.
    const workflow = it_.client.temporal.workflow.getHandle(task.taskId);
    for (const body of [tide, { kind: 'pause' }]) await workflow.signal('command', { v: 1, id, at: 1, by, ...body });
    await goesOn('right');
    expect(heardBy.get('right')).toEqual(['mind the tide']);
    await enough();
    expect((await task.result()).outcome).toBe('completed');
    const events = await eventsOf(task);
    expect(events.filter((event) => event.type === 'command.applied' && event.id === id)).toHaveLength(1);
    expect(
      events.flatMap((event) => (event.type === 'command.refused' ? [`${event.kind} ${event.reason}`] : [])),
    ).toEqual(['pause this id was used for another command']);
  });

  test('gains, loses and repeats subtasks as it is told, and what they found is in the answer', async () => {
    const { task, goesOn, progress, enough } = await begin();
    await expect(applied(task, { kind: 'add', goal: 'x', agent: 'nobody' })).resolves.toMatchObject({ applied: true });
    await task.command({ kind: 'add', goal: 'middle', title: 'The middle' });
    await goesOn('middle');
    expect((await progress()).subtasks.map(({ id, title }) => `${id} ${title}`)).toEqual([
      's1 left',
      's2 right',
      's4 The middle',
    ]);
    await task.command({ kind: 'stop', to: 's1' });
    await until('s1 has ended', async () => (await progress()).subtasks[0]?.state === 'stopped');
    await expect(applied(task, { kind: 'note', text: 'x', to: 's1' })).rejects.toThrow(
      's1 has ended: retry begins another life of it',
    );
    await enough('s2');
    await until('s2 is done', async () => (await progress()).subtasks[1]?.state === 'done');
    await task.command({ kind: 'retry', to: 's2' });
    await goesOn('right');
    // What it found stays while it is done once more.
    expect((await progress()).subtasks[1]).toMatchObject({ state: 'running', findings: 1 });
    await task.command({ kind: 'retry', to: 's1' });
    await goesOn('left');
    await task.command({ kind: 'stop', to: 's1' });
    await until('s1 has ended again', async () => (await progress()).subtasks[0]?.state === 'stopped');
    await enough();
    const result = await task.result();
    expect(result.coverage.subtasks.map(({ subtask, state, findings }) => [subtask, state, findings])).toEqual([
      ['s1', 'stopped', 0],
      ['s2', 'done', 1],
      ['s4', 'done', 1],
    ]);
    expect(result.coverage.gaps.join()).toContain('there is no kind "nobody"');
    expect(result.coverage.subtasks[0]?.failure?.message).toContain('it was stopped by');
    expect(result.waste?.map(({ subtask, generation }) => `${subtask}/${generation}`)).toContain('s2/1');
    const events = await eventsOf(task);
    expect(events.flatMap((event) => (event.type === 'command.refused' ? [event.kind] : []))).toEqual(['add']);
  });

  test('that an operator resets while it is paused is paused still, and what it was told before counts once', async () => {
    const { task, pending, goesOn, enough } = await begin();
    const calls = it_.model.requests.length;
    await task.command({ kind: 'note', text: 'mind the tide' }, { id: 'n1' });
    await task.command({ kind: 'pause' }, { id: 'p1' });
    await until('no Activity is pending', async () => (await pending()) === 0);
    const workflow = it_.client.temporal.workflow.getHandle(task.taskId);
    const { runId } = await workflow.describe();
    const history = await workflow.fetchHistory();
    const firstTask = history.events?.find((event) => event.workflowTaskCompletedEventAttributes);
    await it_.client.temporal.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: task.taskId, runId },
      workflowTaskFinishEventId: firstTask?.eventId ?? null,
      reason: 'test',
      requestId: `reset-${task.taskId}`,
    });
    await until('the new run is paused', async () => {
      if ((await workflow.describe()).runId === runId) return false;
      return (await task.status()).progress?.state === 'paused' && (await pending()) === 0;
    });
    await task.command({ kind: 'resume' });
    await goesOn('left');
    await enough();
    expect((await task.result()).outcome).toBe('completed');
    const log = await it_.store.readLog<{ t: string; command?: { id: string } }>({
      run: runId,
      subtask: 's1',
      generation: 1,
    });
    expect(log.filter(({ command }) => command?.id === 'n1')).toHaveLength(1);
    const shas = it_.model.requests.slice(calls).map(({ messagesSha }) => messagesSha);
    expect(new Set(shas).size).toBe(shas.length);
    const { events } = await workflow.query<{ events: TaskEvent[] }>('events');
    const kinds = events.flatMap((event) => (event.type === 'command.applied' ? [event.kind] : []));
    expect(kinds).toEqual(['note', 'pause', 'resume', 'note']);
  });

  test('answers at once when it is told to, and says what was stopped for that', async () => {
    const { task, progress, enough } = await begin();
    await expect(applied(task, { kind: 'answerNow' })).rejects.toThrow('no answer can be written now');
    await enough('s1');
    await until('s1 is done', async () => (await progress()).subtasks[0]?.state === 'done');
    await task.command({ kind: 'answerNow' }, { by: { name: 'ada', how: 'key' } });
    const result = await task.result();
    expect(result.coverage.subtasks.map(({ state }) => state)).toEqual(['done', 'stopped']);
    expect(result.coverage.gaps.join()).toContain('ada had the answer written before');
  });

  test('is given more time and less, up to its ceiling, and ends when it has none left', async () => {
    const { task, goesOn, progress, enough } = await begin({ deadlineSeconds: 600, budget: { tokens: 1e8 } });
    const workflow = it_.client.temporal.workflow.getHandle(task.taskId);
    /** Seconds that each visit of it may take. */
    const timeoutsOf = async (id: string): Promise<number[]> =>
      ((await workflow.fetchHistory()).events ?? []).flatMap(({ activityTaskScheduledEventAttributes: asked }) => {
        const pod = JSON.stringify(String(Buffer.from(asked?.input?.payloads?.[0]?.data ?? [])));
        const isIts = asked?.activityType?.name === 'runSubAgents' && pod.includes(`\\"id\\":\\"${id}\\"`);
        return isIts ? [Number(asked.startToCloseTimeout?.seconds)] : [];
      });
    await expect(applied(task, { kind: 'extend', seconds: 700 })).rejects.toThrow('its class allows 1200 at most');
    await expect(applied(task, { kind: 'extend', costUsd: 1 })).rejects.toThrow('the task has no limit of dollars');
    await expect(applied(task, { kind: 'extend', turns: -1, to: 's1' })).rejects.toThrow('can only be raised');
    const { deadlineAt = 0 } = (await progress()).promise ?? {};
    await expect(applied(task, { kind: 'extend', seconds: 600 })).resolves.toMatchObject({
      effect: 'the task has 1200 s now',
    });
    expect((await progress()).promise?.deadlineAt).toBe(deadlineAt + 600_000);
    await task.command({ kind: 'extend', turns: 7, to: 's1' });
    await goesOn('left');
    await expect(applied(task, { kind: 'extend', seconds: 40, to: 's1' })).resolves.toMatchObject({
      effect: 's1 has 40 seconds more, from its next turn on',
    });
    // Its visit ends, for one that may take so much longer; the other one's goes on.
    await until('it is visited once more', async () => (await timeoutsOf('s1')).length === 2);
    const [before, after] = await timeoutsOf('s1');
    expect((after ?? 0) - (before ?? 0)).toBe(40);
    await goesOn('left');
    await enough('s1');
    await until('s1 is done', async () => (await progress()).subtasks[0]?.state === 'done');
    expect(await timeoutsOf('s2')).toHaveLength(1);
    await task.command({ kind: 'extend', seconds: -1_199 });
    const result = await task.result();
    expect(result.coverage.subtasks.map(({ state, failure }) => failure?.type ?? state)).toEqual([
      'done',
      'DeadlineReached',
    ]);
  });

  test('whose budget is taken down to what it spent ends there', async () => {
    const { task, progress, enough } = await begin({ budget: { tokens: 1e8 } });
    await enough('s1');
    await until('s1 is done', async () => (await progress()).subtasks[0]?.state === 'done');
    await task.command({ kind: 'extend', tokens: -(1e8 - 10) });
    const result = await task.result();
    expect(result.coverage.subtasks.map(({ failure }) => failure?.type)).toEqual([undefined, 'LimitReached']);
  });
});
