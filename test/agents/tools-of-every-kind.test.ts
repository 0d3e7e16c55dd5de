// Tools that wait, delegate, need a lease, or give more than fits: through real workers, with a scripted model.

import { z } from 'zod';
import { defineSubAgent, defineTool, later, researcher, type SubAgentKind, type Tool } from '../../activities/index.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { call, finding, scripted, type Script } from './scripted.ts';

const input = z.object({ what: z.string() });

const kindWith = (name: string, tools: readonly Tool[], more: Partial<SubAgentKind> = {}): SubAgentKind =>
  defineSubAgent({ ...researcher, output: undefined, check: undefined, name, tools, ...more } as Parameters<
    typeof defineSubAgent
  >[0]);

describe('a sub-agent', () => {
  let it_: TestDeployment;
  afterEach(() => it_.stop());

  const begin = async (script: Script): Promise<void> => {
    it_ = await testDeployment({ brain: scripted(script) });
  };
  const start = () => it_.client.start({ goal: 'anything', sources: [it_.docs] });

  const eventsOf = async (task: Awaited<ReturnType<typeof start>>): Promise<TaskEvent[]> => {
    const events: TaskEvent[] = [];
    for await (const event of task.events()) events.push(event);
    return events;
  };

  const order = defineTool({
    name: 'order',
    description: 'Orders something; the answer comes later.',
    input,
    sideEffects: 'idempotent',
    execute: async () => later(60),
  });

  test('that waits for a reply from outside holds no slot, and goes on with it when it comes', async () => {
    await begin({
      plan: [{ title: 'Orders', goal: 'order', kind: 'orderer' }],
      turn: (goal, results) =>
        goal === 'order' && results.length === 0 ? [call('order', { what: 'ink' })] : undefined,
    });
    await it_.startWorker({ subAgents: [kindWith('orderer', [order])], slots: 1 });
    const waiting = await start();
    let handle = '';
    await until('it waits', async () => {
      const page = await waiting.status();
      const one = page.progress?.subtasks[0];
      return one?.state === 'waiting';
    });
    for await (const event of waiting.events()) {
      if (event.type !== 'subtask.waiting') continue;
      handle = event.handles[0]?.handle ?? '';
      break;
    }
    // The worker's only slot is free: preparing and planning another task needs it.
    const other = await start();
    await until('another task plans meanwhile', async () => (await other.status()).progress?.stage === 'researching');
    await waiting.reply(handle, { delivered: 'three bottles' });
    const result = await waiting.result();
    expect(result.outcome).toBe('completed');
    expect((await eventsOf(waiting)).find((event) => event.type === 'subtask.finding')).toMatchObject({
      finding: { claim: expect.stringContaining('three bottles') as string },
    });
    expect(
      it_.model.requests.filter((one) => one.step === 'muster_findings' && one.endedAt > 0).length,
    ).toBeGreaterThan(1);
    await other.cancel();
  });

  test('whose reply never comes is told so when the time is over', async () => {
    const hasty = defineTool({ ...order, execute: async () => later(1) } as Tool);
    await begin({
      plan: [{ title: 'Orders', goal: 'order', kind: 'orderer' }],
      turn: (_goal, results) => (results.length === 0 ? [call('order', { what: 'ink' })] : undefined),
    });
    await it_.startWorker({ subAgents: [kindWith('orderer', [hasty])] });
    const task = await start();
    await task.result();
    const found = (await eventsOf(task)).find((event) => event.type === 'subtask.finding');
    expect(found).toMatchObject({ finding: { claim: expect.stringContaining('no reply came within 1 s') as string } });
  });

  test('that may delegate gives parts to others, within its own tokens, and reads their results', async () => {
    await begin({
      plan: [{ title: 'Lead', goal: 'lead', kind: 'lead' }],
      turn: (goal, results) =>
        goal === 'lead' && results.length === 0
          ? [
              call('delegate', {
                subtasks: ['left', 'right'].map((side) => ({ title: side, kind: 'researcher', goal: side })),
              }),
            ]
          : undefined,
    });
    await it_.startWorker({ subAgents: [kindWith('lead', researcher.tools, { delegates: { depth: 1, max: 4 } })] });
    const task = await start();
    const result = await task.result();
    expect(result.coverage.subtasks.map(({ subtask, state }) => `${subtask} ${state}`)).toEqual([
      's1 done',
      's1-1 done',
      's1-2 done',
    ]);
    const events = await eventsOf(task);
    expect(events.find((event) => event.type === 'subtask.delegated')).toMatchObject({
      subtask: 's1',
      subtasks: [{ id: 's1-1' }, { id: 's1-2' }],
    });
    const lead = events.findLast((event) => event.type === 'subtask.finding' && event.subtask === 's1');
    expect(JSON.stringify(lead)).toMatch(/left[^]*right/);
    // Its own share and theirs together are not more than its plan gave it.
    const plan = JSON.parse(Buffer.from(await it_.store.getBlob(result.planRef ?? '')).toString()) as {
      subtasks: { limits: { tokens: number } }[];
    };
    const { runId } = await it_.client.temporal.workflow.getHandle(task.taskId).describe();
    const log = await it_.store.readLog<{ t: string; tokens?: number }>({ run: runId, subtask: 's1', generation: 1 });
    const given = log.find((line) => line.t === 'delegated')?.tokens ?? 0;
    expect(given).toBeGreaterThan(0);
    expect(given).toBeLessThan(plan.subtasks[0]?.limits.tokens ?? 0);
  });

  test('that delegates twice in one reply is told to do so one after the other, and mixes nothing up', async () => {
    const part = (title: string) => call('delegate', { subtasks: [{ title, kind: 'researcher', goal: title }] });
    await begin({
      plan: [{ title: 'Lead', goal: 'lead', kind: 'lead' }],
      turn: (goal, results) => {
        if (goal !== 'lead') return undefined;
        if (results.length === 0) return [part('left'), part('right')];
        return results.length === 2 ? [part('right')] : undefined;
      },
      findings: (goal, results) => {
        const given = results.map((text) => /one call at a time|"title":"(left|right)"/.exec(text)?.[0] ?? text);
        return { findings: [finding(goal === 'lead' ? given.join(' ') : goal)], missing: [] };
      },
    });
    await it_.startWorker({ subAgents: [kindWith('lead', researcher.tools, { delegates: { depth: 1, max: 4 } })] });
    const task = await start();
    const result = await task.result();
    expect(result.coverage.subtasks.map(({ subtask, title }) => `${subtask} ${title}`)).toEqual([
      's1 Lead',
      's1-1 left',
      's1-2 right',
    ]);
    const lead = (await eventsOf(task)).findLast((event) => event.type === 'subtask.finding' && event.subtask === 's1');
    expect(JSON.stringify(lead)).toMatch(/left.*one call at a time.*right/);
  });

  test('whose worker is told to stop while a tool ends keeps the tool’s result, and does not run it again', async () => {
    let runs = 0;
    let end: (() => void) | undefined;
    const send = defineTool({
      name: 'send',
      description: 'Sends.',
      input,
      sideEffects: 'at-most-once',
      execute: async () => {
        runs += 1;
        await new Promise<void>((done) => (end = done));
        return 'sent for good';
      },
    });
    await begin({
      plan: [{ title: 'Send', goal: 'send', kind: 'sender' }],
      turn: (_goal, results) => (results.length === 0 ? [call('send', { what: 'letter' })] : undefined),
    });
    const subAgents = [kindWith('sender', [send])];
    const first = await it_.startWorker({ subAgents });
    const task = await start();
    await until('it sends', () => end !== undefined);
    first.shutdown();
    await new Promise((done) => setTimeout(done, 1_500));
    end?.();
    await it_.startWorker({ subAgents });
    await task.result();
    const found = (await eventsOf(task)).find((event) => event.type === 'subtask.finding');
    expect(found).toMatchObject({ finding: { claim: expect.stringContaining('sent for good') as string } });
    expect(runs).toBe(1);
  });

  test('whose kind has a bug fails after three tries with its words, and its siblings go on', async () => {
    let opened = 0;
    const buggy = kindWith('buggy', [], {
      open: () => {
        opened += 1;
        throw new TypeError('places is not iterable');
      },
    });
    // As plain JavaScript gives it.
    const wordy = kindWith('wordy', [], { open: () => 'Look for it.' as never });
    const asking = kindWith('asking', [], { input: z.object({ place: z.string() }) });
    await begin({
      plan: [
        { title: 'Bug', goal: 'bug', kind: 'buggy' },
        { title: 'Words', goal: 'words', kind: 'wordy' },
        { title: 'Input', goal: 'input', kind: 'asking' },
        { title: 'Fine', goal: 'fine' },
      ],
      turn: () => undefined,
    });
    await it_.startWorker({ subAgents: [buggy, wordy, asking] });
    const { coverage } = await (await start()).result();
    expect(coverage.subtasks.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed', 'done']);
    expect(coverage.subtasks[0]?.failure?.message).toBe(
      'it threw 3 times, at last: open of the kind "buggy": places is not iterable',
    );
    expect(coverage.subtasks[1]?.failure?.message).toBe(
      'it threw 3 times, at last: open of the kind "wordy": must be a list: [ … ], not a text',
    );
    expect(opened).toBe(3);
    expect(coverage.subtasks[2]?.failure).toMatchObject({ type: 'InputInvalid' });
    // Nor is the planner offered a kind whose input it could not give.
    const [plan] = it_.model.requests.filter(({ step }) => step === 'muster_plan');
    expect(JSON.stringify(plan?.body)).toContain('buggy');
    expect(JSON.stringify(plan?.body)).not.toContain('asking');
  });

  test('of a kind that is too deep, or asks for too many, is refused as data', async () => {
    const many = Array.from({ length: 5 }, (_one, at) => ({ title: `${at}`, kind: 'researcher', goal: `${at}` }));
    await begin({
      plan: [{ title: 'Lead', goal: 'lead', kind: 'lead' }],
      turn: (_goal, results) => (results.length === 0 ? [call('delegate', { subtasks: many })] : undefined),
    });
    await it_.startWorker({ subAgents: [kindWith('lead', researcher.tools, { delegates: { depth: 1, max: 4 } })] });
    const task = await start();
    expect((await task.result()).coverage.subtasks).toHaveLength(1);
    expect(JSON.stringify(await eventsOf(task))).toContain('at most 4 at once');
  });

  test('waits for the lease on a resource that a sibling uses, also on another worker', async () => {
    const uses: { from: number; to: number }[] = [];
    const press = defineTool({
      name: 'press',
      description: 'Uses the one printing press.',
      input,
      sideEffects: 'idempotent',
      resource: () => 'press',
      execute: async () => {
        const from = Date.now();
        await new Promise((done) => setTimeout(done, 300));
        uses.push({ from, to: Date.now() });
        return 'printed';
      },
    });
    await begin({
      plan: ['a', 'b', 'c', 'd'].map((goal) => ({ title: goal, goal, kind: 'printer' })),
      turn: (_goal, results) => (results.length === 0 ? [call('press', { what: 'page' })] : undefined),
    });
    const subAgents = [kindWith('printer', [press])];
    await it_.startWorker({ subAgents, slots: 3 });
    await it_.startWorker({ subAgents, slots: 3 });
    expect((await (await start()).result()).coverage.done).toBe(4);
    expect(uses).toHaveLength(4);
    const inOrder = uses.sort((a, b) => a.from - b.from);
    for (const [at, use] of inOrder.slice(1).entries()) expect(use.from).toBeGreaterThanOrEqual(inOrder[at]?.to ?? 0);
  });

  test('that gets more than fits reads it by the page', async () => {
    const flood = defineTool({
      name: 'flood',
      description: 'Brings a lot.',
      input,
      sideEffects: 'none',
      execute: async () => ({ text: `${'x'.repeat(30_000)} the needle` }),
    });
    await begin({
      plan: [{ title: 'Flood', goal: 'flood', kind: 'flooded' }],
      turn: (_goal, results) => {
        if (results.length === 0) return [call('flood', { what: 'all' })];
        if (results.some((text) => text.includes('the needle'))) return undefined;
        const { result } = JSON.parse(results[0] ?? '{}') as { result: string };
        return [call('read_result', { result, page: results.length + 1 })];
      },
      findings: (_goal, results) => ({ findings: [finding(`found in result ${results.length}`)], missing: [] }),
    });
    await it_.startWorker({ subAgents: [kindWith('flooded', [flood])] });
    const task = await start();
    await task.result();
    const found = (await eventsOf(task)).find((event) => event.type === 'subtask.finding');
    expect(found).toMatchObject({ finding: { claim: 'found in result 5' } });
    for (const { bytes } of it_.model.requests) expect(bytes).toBeLessThan(120_000);
  });
});
