// What one sub-agent is told while it works: it heeds it within its next step, and the log says when.

import { defineSubAgent, researcher } from '../../activities/index.ts';
import { defineClass } from '../../client/index.ts';
import type { SubAgentCommand } from '../../protocol/commands.ts';
import { createActivities, modelLine, modelLines, openaiProvider } from '../../activities/index.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { startSimulator } from '../../simulator/server.ts';
import { TEST_KEY, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { call, finding, scripted } from './scripted.ts';

const endless = defineSubAgent({ ...researcher, output: undefined, check: undefined, name: 'endless' } as Parameters<
  typeof defineSubAgent
>[0]);

type Sent = SubAgentCommand extends infer C
  ? C extends { kind: infer K }
    ? Omit<C, 'id' | 'at'> & { kind: K }
    : never
  : never;

describe('a sub-agent at work', () => {
  let it_: TestDeployment;
  let turns = 0;
  afterEach(() => it_.stop());

  /** Searches until it is told to stop, or may not any more. */
  const begin = async ({ latencyMs = 150, turns: allowed = 100, slowTurn = 0 } = {}) => {
    turns = 0;
    it_ = await testDeployment({
      latencyMs,
      brain: scripted({
        plan: [{ title: 'Endless', goal: 'endless', kind: 'endless' }],
        turn: (_goal, results, heard) => {
          turns = Math.max(turns, results.length + 1);
          return heard.includes('that is enough')
            ? undefined
            : [call('search_documents', { query: `poll ${results.length}` })];
        },
        findings: (_goal, results, heard) => ({
          findings: [finding(`${results.length} results; heard: ${heard.join('; ')}`)],
          missing: [],
        }),
      }),
    });
    await it_.startWorker({
      subAgents: [endless],
      ceiling: { subtask: { turns: 200, tokens: 1e9, seconds: 600, callIdleSeconds: 60 } },
    });
    // Time for what is said to it to arrive before it is at its last turn.
    if (slowTurn > 0) it_.model.inject({ kind: 'delay', ms: 6_000, match: { step: 'muster_findings', nth: slowTurn } });
    const patient = defineClass('patient', { extends: 'standard', subtask: { turns: allowed } });
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs], class: patient });
    await until('it is at its second turn', () => turns >= 2);
    const { runId } = await it_.client.temporal.workflow.getHandle(task.taskId).describe();
    const key = { run: runId, subtask: 's1', generation: 1 };
    let count = 0;
    // Through the Activity, as a master does.
    const activities = createActivities({
      store: it_.store,
      models: modelLines([modelLine(openaiProvider({ model: 'm', apiKey: TEST_KEY, baseURL: it_.model.url }))]),
      kinds: new Map(),
      defaultKind: 'researcher',
      roots: [],
      ceiling: BUILT_IN_CLASSES.thorough,
      worker: 'test',
    });
    const tell = async (command: Sent): Promise<void> => {
      count += 1;
      const whole = { id: `c${count}`, at: Date.now(), ...command } as SubAgentCommand;
      await activities.commandSubAgent({ taskId: task.taskId, ...key, command: whole });
      // A repeat changes nothing.
      await activities.commandSubAgent({ taskId: task.taskId, ...key, command: whole });
    };
    const log = () =>
      it_.store.readLog<{ t: string; command?: { kind: string }; model?: string; turn?: number; at: number }>(key);
    const claims = async (): Promise<string> => JSON.stringify((await task.result()).draft ?? (await events()));
    const events = async () => {
      const found = [];
      for await (const event of task.events()) found.push(event);
      return found;
    };
    return { task, tell, log, claims };
  };

  test('follows a note in its next turn, and the note is in its log once', async () => {
    const { tell, log, claims } = await begin();
    await tell({ kind: 'note', text: 'that is enough' });
    expect(await claims()).toContain('heard: that is enough');
    expect((await log()).filter((line) => line.t === 'command')).toHaveLength(1);
  });

  test('told to finish answers with what is there', async () => {
    const { tell, claims, log } = await begin();
    await tell({ kind: 'finish' });
    const [, results] = /(\d+) results/.exec(await claims()) ?? [];
    // In the turn in which it heard of that, with what the turns before had found.
    const heard = (await log()).find((line) => line.command?.kind === 'finish')?.turn;
    expect(Number(results)).toBe((heard ?? 0) - 1);
  });

  test('told to pause spends nothing until it is told to go on', async () => {
    const { task, tell, claims, log } = await begin();
    await task.command({ kind: 'pause', to: 's1' });
    await until('it stands still', async () => (await log()).some((line) => line.command?.kind === 'pause'));
    await until('no call is open', () => it_.model.inFlight === 0);
    const before = it_.model.requests.length;
    await new Promise((done) => setTimeout(done, 800));
    expect(it_.model.requests.length).toBe(before);
    await task.command({ kind: 'resume', to: 's1' });
    await until('it goes on', () => it_.model.requests.length > before);
    await tell({ kind: 'note', text: 'that is enough' });
    expect(await claims()).toContain('heard: that is enough');
  });

  test('given more turns takes more than its plan allowed', async () => {
    const allowed = BUILT_IN_CLASSES.standard.subtask.turns;
    const { tell, claims } = await begin({ latencyMs: 60, turns: allowed, slowTurn: 3 });
    await tell({ kind: 'extend', turns: 12 });
    expect(Number(/(\d+) results/.exec(await claims())?.[1])).toBeGreaterThan(allowed);
  });

  test('given another model with all the task goes on with it at once, also while the first one is silent', async () => {
    const other = await startSimulator({
      model: 'other',
      brain: scripted({
        turn: () => undefined,
        findings: () => ({ findings: [finding('from the other')], missing: [] }),
      }),
    });
    try {
      turns = 0;
      it_ = await testDeployment({
        brain: scripted({
          plan: [{ title: 'E', goal: 'e', kind: 'endless' }],
          turn: () => [call('search_documents', { query: 'poll' })],
        }),
      });
      it_.model.inject({ kind: 'stall', match: { step: 'muster_findings' }, times: 100 });
      const models = [
        openaiProvider({ model: 'muster-offline', apiKey: TEST_KEY, baseURL: it_.model.url }),
        openaiProvider({ model: 'other', apiKey: TEST_KEY, baseURL: other.url }),
      ];
      await it_.startWorker({ subAgents: [endless], models });
      const task = await it_.client.start({ goal: 'anything', sources: [it_.docs] });
      await until('the first model is silent', () => it_.model.inFlight === 1);
      await task.command({ kind: 'note', text: 'mind the tide' });
      // What no worker has is passed over, and said.
      await task.command({ kind: 'swapModel', models: ['nobodys', 'other'] });
      await until('the other is asked', () => other.requests.length > 0);
      // What was said while the first one was silent is heard by the other.
      expect(JSON.stringify(other.requests[0]?.body)).toContain('mind the tide');
      it_.model.clearFaults();
      const result = await task.result();
      // Who writes the answer is asked of it as well.
      expect(result.usage.byModel?.other?.calls).toBe(2);
      expect(other.requests.map(({ step }) => step)).toEqual(['muster_findings', 'muster_answer']);
      const remarks: string[] = [];
      for await (const event of task.events()) if (event.type === 'subtask.remark') remarks.push(event.remark);
      expect(remarks).toEqual(['There is no model nobodys here: it went on with other.']);
    } finally {
      await other.close();
    }
  });
});
