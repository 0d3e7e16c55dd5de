// Further rounds on the real server: what failed or is thin is looked for once more, twice at most, within the budget; the answer says
// what a round added. Nothing is asked where the answer is wanted early, nor what can't be run.

import { answerMarkdown, defineClass, type TaskHandle, type TaskInput } from '../../client/index.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import { MAX_ROUNDS } from '../../protocol/rounds.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import type { Brain } from '../../simulator/server.ts';
import { finding, scripted } from '../agents/scripted.ts';
import { applied } from '../rig/applied.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { heldModel } from '../rig/held-model.ts';

let it_: TestDeployment;
let brain: Brain = offlineBrain;
beforeAll(async () => {
  it_ = await testDeployment({ brain: (request) => brain(request) });
  await it_.startWorker();
});
afterAll(() => it_.stop());

interface Proposal {
  goal: string;
  needs?: string[];
  fills: string[];
  kind?: string;
}

/** Once what is held until `goOn` is asked: the planning of a round, or a subtask `hang`. */
type Meanwhile = (task: TaskHandle, goOn: () => void) => Promise<unknown>;

/** Subtasks with these goals, each with so many findings (below 0: it fails), and what each further round proposes. */
async function ask(
  plan: Record<string, number>,
  propose: (round: number, prompt: string) => Proposal[],
  input: Partial<TaskInput> = {},
  meanwhile?: Meanwhile,
) {
  const asked: string[] = [];
  const tried = new Map<string, number>();
  const findings = (count: number) => Array.from({ length: count }, (_, at) => finding(`claim ${at + 1}`));
  const script = scripted({
    plan: Object.keys(plan).map((goal) => ({ title: goal, goal })),
    turn: () => undefined,
    findings(goal) {
      tried.set(goal, (tried.get(goal) ?? 0) + 1);
      const count = goal === 'empty' ? 0 : (plan[goal] ?? 1);
      // It is asked again by the sub-agent itself, too.
      if (goal === 'fails at first') return tried.get(goal)! <= 2 ? 'none' : { findings: findings(2), missing: [] };
      const missing = goal.startsWith('open') || goal === 'empty' ? [`something of “${goal}” stays open`] : [];
      return count < 0 ? 'none' : { findings: findings(count), missing };
    },
    other(step, request) {
      if (step !== 'muster_round') return { verdicts: [] };
      const prompt = JSON.stringify(request.messages);
      asked.push(prompt);
      const subtasks = propose(asked.length, prompt).map(({ goal, needs = [], fills, kind = 'researcher' }) => ({
        title: goal,
        kind,
        goal,
        needs,
        fills,
      }));
      return { subtasks };
    },
  });
  const held = heldModel(
    (prompt, step) => meanwhile !== undefined && (step === 'muster_round' || prompt.includes('<subtask>\\nhang')),
    script,
  );
  brain = held.brain;
  const handle = await it_.client.start({ goal: 'g', sources: [it_.docs], rounds: 1, ...input });
  if (meanwhile) {
    await until('what is held is asked', async () => held.waiting() === 1);
    await meanwhile(handle, () => held.release());
  }
  const result = await handle.result();
  await until('it has closed', async () => !(await handle.isOpen()));
  const events: TaskEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  const history = await it_.client.temporal.workflow.getHandle(handle.taskId).fetchHistory();
  const steps = (history.events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: one }) => one?.activityType?.name ?? [],
  );
  const rounds = events.filter(({ type }) => type.startsWith('round.'));
  return { result, asked, events, rounds, planned: steps.filter((step) => step === 'planRound').length };
}
const MORE: Proposal[] = [{ goal: 'more', fills: ['s2'] }];
const states = ({ coverage }: { coverage: { subtasks: { subtask: string; state: string }[] } }) =>
  coverage.subtasks.map(({ subtask, state }) => `${subtask} ${state}`);

test('what a failed subtask left open a further round finds, and the answer says what it added', async () => {
  const { result, asked, rounds } = await ask({ one: 2, two: -1 }, () => [
    { goal: 'two, in other words', fills: ['s2'] },
  ]);
  expect(states(result)).toEqual(['s1 done', 's2 failed', 's3 done']);
  expect(rounds).toMatchObject([
    { type: 'round.started', round: 2, subtasks: [{ id: 's3', title: 'two, in other words' }] },
    { type: 'round.ended', round: 2, findings: 1, filled: ['s2'] },
  ]);
  expect(result.coverage.rounds).toMatchObject([{ round: 2, subtasks: ['s3'], findings: 1, filled: ['s2'] }]);
  expect(result.coverage.rounds?.[0]?.why[0]).toMatch(/^“two” failed: the model's output did not fit/);
  // The planner is told what was asked, what was found, and what is missing.
  expect(asked[0]).toMatch(/claim 1.*missing.*s2.*failed/s);
  // What was made up for is no gap of the answer.
  expect([result.answer?.gaps, result.coverage.gaps]).toEqual([[], []]);
  expect(answerMarkdown(result.answer!)).toContain(
    'Round 2 looked for what was missing, with 1 more subtask (s3): it added 1 finding, and made up for what s2 left open.',
  );
  const cited = result.answer?.sections.flatMap(({ claims }) => claims.map(({ text }) => text));
  expect(cited).toContain('claim of s3/g1/1');
}, 60_000);

test('what rests on one finding is looked for again', async () => {
  const { result, rounds, planned } = await ask(
    { one: 1, two: 2 },
    () => [{ goal: 'more', needs: ['s1'], fills: ['s1'] }],
    {
      rounds: MAX_ROUNDS,
    },
  );
  expect(rounds[0]).toMatchObject({ why: ['“one” rests on one finding.'], subtasks: [{ id: 's3', needs: ['s1'] }] });
  // It has a second finding: nothing is missing any more.
  expect([planned, states(result)]).toEqual([1, ['s1 done', 's2 done', 's3 done']]);
}, 60_000);

test('rounds are bounded at two, and what stays open is told as a gap once', async () => {
  const more = (round: number) => [{ goal: `open ${round}`, fills: ['s1'] }];
  const { result, planned, rounds } = await ask({ open: 2 }, more, { rounds: MAX_ROUNDS });
  expect([planned, states(result)]).toEqual([2, ['s1 done', 's2 done', 's3 done']]);
  expect(rounds).toMatchObject([
    { type: 'round.started', round: 2 },
    { type: 'round.ended', round: 2, findings: 1, filled: [] },
    { type: 'round.started', round: 3 },
    { type: 'round.ended', round: 3, findings: 1, filled: [] },
  ]);
  expect(result.coverage.gaps).toEqual(['something of “open” stays open']);
}, 60_000);

test('a round that brings nothing is the last, and one that proposes nothing costs one step', async () => {
  const nothing = await ask({ open: 2 }, () => [{ goal: 'empty', fills: ['s1'] }], { rounds: MAX_ROUNDS });
  expect([nothing.planned, states(nothing.result)]).toEqual([1, ['s1 done', 's2 failed']]);
  expect(nothing.result.coverage.gaps).toEqual(['something of “open” stays open']);
  const none = await ask({ open: 2 }, () => [], { rounds: MAX_ROUNDS });
  expect([none.planned, none.rounds, none.result.coverage.rounds]).toEqual([1, [], undefined]);
}, 60_000);

test('where nothing is missing, or nobody asks for rounds, no step is asked', async () => {
  expect((await ask({ one: 2, two: 3 }, () => [])).planned).toBe(0);
  expect((await ask({ one: 1, open: 2 }, () => [], { rounds: 0 })).planned).toBe(0);
}, 60_000);

test('what a model proposes and can’t be run, or is for nothing that is missing, adds nothing; a repeat is merged', async () => {
  const strange = [
    { goal: 'one more', fills: ['s9'] },
    { goal: 'by nobody', fills: ['s2'], kind: 'burglar' },
    { goal: 'for what is whole', fills: ['s1'] },
  ];
  const { result, asked, rounds } = await ask({ one: 2, open: 2 }, () => strange);
  // It is asked once more, and told why.
  expect(asked).toHaveLength(2);
  expect(asked[1]).toMatch(/there is no kind.*burglar/);
  expect([rounds, states(result)]).toEqual([[], ['s1 done', 's2 done']]);

  const again = await ask({ one: 2, 'open to all': 2 }, () => [{ goal: 'open to all', fills: ['s2'] }]);
  expect([again.rounds, again.result.coverage.merged]).toEqual([[], [{ title: 'open to all', into: 's2' }]]);
}, 60_000);

test('a round whose planning fails is left out: the answer is written all the same', async () => {
  it_.model.inject({ kind: 'bad-output', content: 'no', times: 2, match: { step: 'muster_round' } });
  const { result, planned, rounds } = await ask({ open: 2 }, () => []);
  expect([result.outcome, planned, rounds]).toEqual(['completed', 1, []]);
  expect(result.coverage.gaps).toContainEqual(expect.stringMatching(/^What is missing was not looked for once more: /));
}, 60_000);

test('a round draws on its part of the budget, and is not planned where that is spent', async () => {
  const frugal = (tokens: number) => defineClass('frugal', { extends: 'standard', budget: { tokens } });
  const more = [1, 2, 3].map((at) => ({ goal: `more ${at}`, fills: ['s1'] }));
  const { result } = await ask({ open: 2 }, () => more, { class: frugal(200_000) });
  const { bySubtask = {} } = result.usage;
  expect(Object.keys(bySubtask)).toEqual(['s1', 's2', 's3', 's4']);
  // Of so little the part of a round is no sub-agent's turn.
  const poor = await ask({ open: 2 }, () => more, { class: frugal(6_000) });
  expect([poor.result.outcome, poor.planned]).toEqual(['completed', 0]);
}, 60_000);

test.each<[string, Partial<TaskInput>]>([
  ['a quorum', { join: { kind: 'quorum', k: 2 } }],
  ['the first', { join: { kind: 'first' } }],
  ['the deadline of the join', { join: { kind: 'bestEffort', min: 1, deadlineSeconds: 2 } }],
])(
  'where %s ended the work early there is no round',
  async (_what, input) => {
    it_.model.inject({ kind: 'stall', match: { contains: '\nhang' }, times: 1 });
    const { result, planned } = await ask({ one: 1, open: 2, hang: 1 }, () => [], input);
    expect([result.outcome, result.coverage.skipped > 0, planned]).toEqual(['completed', true, 0]);
    it_.model.clearFaults();
  },
  60_000,
);

test.each<[string, (task: TaskHandle) => Promise<unknown>]>([
  ['wants the answer now', (task) => task.answerSoFar({ stop: true })],
  ['stops a sub-agent', (task) => task.command({ kind: 'stop', to: 's3' })],
])(
  'where a person %s while sub-agents are at work there is no round',
  async (_what, act) => {
    const { result, planned } = await ask(
      { one: 1, open: 2, hang: 1 },
      () => [],
      {},
      async (task) => {
        await until('the others are done', async () => (await task.status()).progress?.coverage.done === 2);
        await act(task);
      },
    );
    expect([states(result), planned]).toEqual([['s1 done', 's2 done', 's3 stopped'], 0]);
  },
  60_000,
);

test.each<[string, (task: TaskHandle) => Promise<unknown>]>([
  ['wants the answer now', (task) => task.answerSoFar({ stop: true })],
  ['has all sub-agents finish', (task) => task.command({ kind: 'finish' })],
])(
  'whoever %s while a round is planned waits for none: its planning is given up',
  async (_what, act) => {
    // Held for good: only who gives the planning up comes to an answer.
    const { result, planned, rounds } = await ask(
      { one: 2, open: 2 },
      () => MORE,
      {},
      (task) => act(task),
    );
    expect([result.outcome, planned, rounds, states(result)]).toEqual(['completed', 1, [], ['s1 done', 's2 done']]);
    expect(result.coverage.gaps).toEqual(['something of “open” stays open']);
  },
  60_000,
);

test('while a round is planned an answer so far is written, and not waited for', async () => {
  const { result } = await ask(
    { one: 2, open: 2 },
    () => MORE,
    {},
    async (task, goOn) => {
      expect(await task.answerSoFar()).toMatchObject({ isFinal: false, isNew: true, open: [] });
      goOn();
    },
  );
  expect(states(result)).toEqual(['s1 done', 's2 done', 's3 done']);
}, 60_000);

test('what a person adds and begins again while a round is planned begins with that round', async () => {
  const plan = { one: 2, 'fails at first': 2 };
  const { result, rounds } = await ask(
    plan,
    () => [{ goal: 'more', fills: ['s2'] }],
    {},
    async (task, goOn) => {
      const { effect } = await applied(task, { kind: 'add', goal: 'added' });
      expect(effect).toBe('s9 joins: added');
      expect((await applied(task, { kind: 'retry', to: 's2' })).effect).toMatch(/^s2 begins again; /);
      // Nothing is at work, and that is what it says.
      await expect(task.command({ kind: 'stop', to: 's1' })).rejects.toThrow('s1 has ended: retry begins another life');
      goOn();
    },
  );
  expect(rounds).toMatchObject([{ subtasks: [{ id: 's3' }] }, { findings: 1 }]);
  expect(states(result).sort()).toEqual(['s1 done', 's2 done', 's3 done', 's9 done']);
}, 60_000);

test('… and begins where nothing more is planned, too; not where somebody has the answer written', async () => {
  const add = (task: TaskHandle) => task.command({ kind: 'add', goal: 'added' });
  const alone = await ask(
    { one: 2, open: 2 },
    () => [],
    {},
    async (task, goOn) => {
      await add(task);
      goOn();
    },
  );
  expect([alone.rounds, states(alone.result)]).toEqual([[], ['s1 done', 's2 done', 's9 done']]);
  const { result, events } = await ask(
    { one: 2, open: 2 },
    () => [],
    {},
    async (task) => {
      await add(task);
      await task.answerSoFar({ stop: true });
    },
  );
  expect(states(result)).toEqual(['s1 done', 's2 done']);
  expect(events).toContainEqual(expect.objectContaining({ type: 'command.refused', kind: 'add' }));
  expect(result.coverage.gaps).toContainEqual(expect.stringMatching(/^s9, which .* added, was not begun: /));
}, 60_000);
