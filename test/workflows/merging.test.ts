// What builds on another waits for it, and what asks for the same is done once: on the real server, in a plan, added by a person,
// delegated by two sub-agents.

import { defineSubAgent, researcher } from '../../activities/index.ts';
import type { TaskInput } from '../../client/index.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import type { Brain } from '../../simulator/server.ts';
import { call, finding, scripted, type Script } from '../agents/scripted.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

const POLLS = 'How often does the lighthouse server poll?';
const POLLS_TOO = 'Find out how often the lighthouse server polls.';

const lead = defineSubAgent({
  name: 'lead',
  description: 'Delegates.',
  tools: [...researcher.tools],
  prompt: 'lead/1',
  delegates: { depth: 2, max: 3 },
  open: (assignment) => researcher.open(assignment),
});

let it_: TestDeployment;
let brain: Brain;
/** Goals of the sub-agents' calls, in their order. */
let asked: string[] = [];
beforeAll(async () => {
  it_ = await testDeployment({ latencyMs: 20, brain: (request) => brain(request) });
  await it_.startWorker({ subAgents: [lead] });
});
beforeEach(() => {
  it_.model.clearFaults();
  it_.model.requests.length = 0;
  asked = [];
});
afterAll(() => it_.stop());

async function start(script: Partial<Script>, input: Partial<TaskInput> = {}) {
  brain =
    Object.keys(script).length === 0
      ? offlineBrain
      : scripted({
          turn: () => undefined,
          ...script,
          findings: (goal, results, heard) => {
            asked.push(goal);
            return script.findings?.(goal, results, heard) ?? { findings: [finding(`claim of ${goal}`)], missing: [] };
          },
        });
  const handle = await it_.client.start({ goal: 'g', sources: [it_.docs], ...input });
  const events = async (): Promise<TaskEvent[]> => {
    const all: TaskEvent[] = [];
    for await (const event of handle.events()) all.push(event);
    return all;
  };
  return { handle, events };
}

test('offline a question that asks of another one’s answer begins when that is there, and is shown it', async () => {
  const { handle, events } = await start(
    {},
    { goal: 'What does lighthouse poll, and which of them are polled twice?' },
  );
  await handle.result();
  const told = (await events()).flatMap((event) =>
    event.type === 'subtask.started' || event.type === 'subtask.finished'
      ? [`${event.subtask} ${event.type.slice(8)}`]
      : [],
  );
  expect(told).toEqual(['s1 started', 's1 finished', 's2 started', 's2 finished']);
  const shown = it_.model.requests.filter(({ body }) => JSON.stringify(body).includes('<needs>'));
  expect(shown.length).toBeGreaterThan(0);
  expect(JSON.stringify(shown[0]?.body)).toContain('every 15 seconds');
}, 60_000);

test('a plan that asks for the same twice does it once, hands it to both that need it, and says so', async () => {
  const { handle, events } = await start({
    plan: [
      { title: 'Polls', goal: POLLS },
      { title: 'Polling', goal: POLLS_TOO },
      { title: 'Above', goal: 'above', needs: [1] },
      { title: 'Below', goal: 'below', needs: [2] },
    ],
  });
  const { coverage } = await handle.result();
  expect(asked.sort()).toEqual([POLLS, 'above', 'below'].sort());
  expect(coverage.subtasks.map(({ subtask, title, state }) => `${subtask} ${title} ${state}`)).toEqual([
    's1 Polls done',
    's2 Above done',
    's3 Below done',
  ]);
  const merged = [{ title: 'Polling', into: 's1' }];
  expect(coverage.merged).toEqual(merged);
  expect((await handle.status()).progress?.coverage.merged ?? merged).toEqual(merged);
  const told = await events();
  expect(told.find(({ type }) => type === 'subtasks.merged')).toMatchObject({ merged });
  expect(told.find(({ type }) => type === 'plan.ready')).toMatchObject({
    subtasks: [{ id: 's1' }, { id: 's2', needs: ['s1'] }, { id: 's3', needs: ['s1'] }],
  });
  const needy = it_.model.requests.filter(({ body }) => JSON.stringify(body).includes('<needs>'));
  expect(needy.length).toBeGreaterThanOrEqual(2);
  for (const { body } of needy) expect(JSON.stringify(body)).toContain(`claim of ${POLLS}`);
});

test('two sub-agents that delegate the same have it done once, and read the same findings', async () => {
  const seen: Record<string, string> = {};
  const part = (title: string, goal: string) => call('delegate', { subtasks: [{ title, kind: 'researcher', goal }] });
  const { handle, events } = await start({
    plan: [
      { title: 'Left', goal: 'left', kind: 'lead' },
      { title: 'Right', goal: 'right', kind: 'lead' },
    ],
    turn: (goal, results) => {
      if (results[0] !== undefined) seen[goal] = results[0];
      if (results.length > 0) return undefined;
      return goal === 'left' ? [part('One', POLLS)] : goal === 'right' ? [part('Two', POLLS)] : undefined;
    },
  });
  const { coverage } = await handle.result();
  expect(asked.filter((goal) => goal === POLLS)).toHaveLength(1);
  expect(seen.left).toContain(`claim of ${POLLS}`);
  expect(seen.right).toContain(`claim of ${POLLS}`);
  expect(coverage.subtasks).toHaveLength(3);
  const told = (await events()).filter((event) => event.type === 'subtasks.merged');
  expect(told).toHaveLength(1);
  expect(coverage.merged).toEqual(told[0]?.merged);
  const { into, delegatedBy = '' } = coverage.merged?.[0] ?? { into: '' };
  expect([into, delegatedBy].map((id) => id.replace(/-1$/, '')).sort()).toEqual(['s1', 's2']);
});

test('whose subtask ends with the one that delegated it first has it done for itself', async () => {
  it_.model.inject({ kind: 'stall', match: { contains: `\n${POLLS}` }, times: 1 });
  const part = call('delegate', { subtasks: [{ title: 'Part', kind: 'researcher', goal: POLLS }] });
  const { handle } = await start({
    plan: ['left', 'right'].map((goal) => ({ title: goal, goal, kind: 'lead' })),
    turn: (goal, results) => (goal !== POLLS && results.length === 0 ? [part] : undefined),
  });
  const merged = async () => (await handle.status()).progress?.coverage.merged?.[0];
  await until('the second waits for the first one’s', async () => (await merged()) !== undefined);
  const { into = '', delegatedBy = '' } = (await merged()) ?? {};
  await handle.command({ kind: 'stop', to: into.replace(/-1$/, '') });
  const { coverage } = await handle.result();
  const stateOf = (id: string) => coverage.subtasks.find(({ subtask }) => subtask === id)?.state;
  expect([into, into.replace(/-1$/, ''), delegatedBy, `${delegatedBy}-1`].map(stateOf)).toEqual([
    'stopped',
    'stopped',
    'done',
    'done',
  ]);
});

test('a sub-agent that delegates its own question has it done by another, and nobody waits for ever', async () => {
  const { handle } = await start({
    plan: [{ title: 'Polls', goal: POLLS, kind: 'lead' }],
    turn: (goal, results) =>
      goal === POLLS && results.length === 0 && asked.length === 0 && it_.model.requests.length > 0 && !wasDelegated()
        ? [call('delegate', { subtasks: [{ title: 'Again', kind: 'lead', goal: POLLS }] })]
        : undefined,
  });
  let isDelegated = false;
  function wasDelegated(): boolean {
    const was = isDelegated;
    isDelegated = true;
    return was;
  }
  const { coverage } = await handle.result();
  expect(coverage.subtasks.map(({ subtask, state }) => `${subtask} ${state}`)).toEqual(['s1 done', 's1-1 done']);
  expect(coverage.merged).toBeUndefined();
});

test('what a person adds and is looked for already is not looked for twice', async () => {
  it_.model.inject({ kind: 'stall', match: { contains: `\n${POLLS}` }, times: 1 });
  const { handle, events } = await start({
    plan: [
      { title: 'Polls', goal: POLLS },
      { title: 'Other', goal: 'other' },
    ],
  });
  const subtasks = async () => (await handle.status()).progress?.subtasks ?? [];
  const isIn = (id: string, state: string) => async () =>
    (await subtasks()).some((one) => one.id === id && one.state === state);
  await until('the other one is done', isIn('s2', 'done'));
  await handle.command({ kind: 'add', goal: POLLS_TOO, title: 'Once more' });
  await until('it is merged', async () => (await handle.status()).progress?.coverage.merged !== undefined);
  await handle.command({ kind: 'stop', to: 's1' });
  const { coverage } = await handle.result();
  expect(coverage.subtasks.map(({ subtask, state }) => `${subtask} ${state}`)).toEqual(['s1 stopped', 's2 done']);
  expect(coverage.merged).toEqual([{ title: 'Once more', into: 's1' }]);
  expect((await events()).filter(({ type }) => type === 'subtask.added')).toEqual([]);
});
