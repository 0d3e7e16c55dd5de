// The table of controls without a server: what each command changes, and in which words it is refused.

import { BUILT_IN_CLASSES, extensionCeiling, withinLimits, type RequestClass } from '../../protocol/classes.ts';
import type { LogAddress, SubAgentCommand } from '../../protocol/commands.ts';
import type { Stage } from '../../protocol/progress.ts';
import type { CommandBody, TaskCommand } from '../../protocol/task-commands.ts';
import { controlsOf } from '../../workflows/commands/controls.ts';
import { steeringControls } from '../../workflows/commands/steer.ts';
import { newGrants, reserve } from '../../workflows/state/grants.ts';
import { newState } from '../../workflows/state/state.ts';
import { isHeld, nextStamp } from '../../workflows/state/steering.ts';
import { addLife, addSubtask, change, subtaskOf } from '../../workflows/state/tree.ts';
import { specOf } from './fan-out-ports.ts';

type State = 'planned' | 'running' | 'waiting' | 'done' | 'failed';

/** A task with these subtasks, and what is done to its fan-out written down. */
function taskOf(
  subtasks: Record<string, State>,
  { stage = 'researching', row = {} }: { stage?: Stage; row?: Partial<RequestClass> } = {},
) {
  const request = {
    v: 1 as const,
    goal: 'g',
    sources: [],
    class: { ...BUILT_IN_CLASSES.quick, ...row },
    tenant: 'default',
  };
  const state = newState('t', 'run', 'run', request, 0);
  state.stage = stage;
  for (const [id, now] of Object.entries(subtasks)) {
    const subtask = addSubtask(state.tree, specOf(id));
    change(state.tree, subtask, () => {
      for (const life of subtask.lives) Object.assign(life, { state: now });
      if (now === 'done' || now === 'failed') subtask.chosen = 1;
    });
  }
  const log: string[] = [];
  const sent: (LogAddress & { command: SubAgentCommand })[] = [];
  const note =
    (what: string) =>
    (of?: { spec: { id: string } } | string): void =>
      void log.push(`${what}${of === undefined ? '' : ` ${typeof of === 'string' ? of : of.spec.id}`}`);
  const clock = { now: 1_000 };
  const controls = controlsOf(
    steeringControls({
      state,
      fanOut: () =>
        stage === 'researching' && !log.includes('close')
          ? {
              stop: note('stop'),
              retry: note('retry'),
              add: note('add'),
              finish: note('finish'),
              close: note('close'),
              hold: note('hold'),
              release: note('release'),
              limitsChanged: note('limits'),
              grantsChanged: note('grants'),
              shortfall: () => (state.tree.totals.useful > 0 ? undefined : 'no subtask succeeded'),
            }
          : undefined,
      send: (to, command) => void sent.push({ ...to, command }),
      showState: note('state'),
      now: () => clock.now,
    }),
  );
  let n = 0;
  const command = (body: CommandBody): TaskCommand => ({
    v: 1,
    id: `c${(n += 1)}`,
    at: 1,
    by: { name: 'ada', how: 'claimed' },
    ...body,
  });
  return {
    state,
    log,
    sent,
    clock,
    refusal: (body: CommandBody) => controls.refusal(command(body)),
    apply: (body: CommandBody): string => {
      const whole = command(body);
      expect(controls.refusal(whole)).toBeUndefined();
      return controls.apply(whole);
    },
  };
}

const FOUR = { s1: 'running', s2: 'done', s3: 'waiting', s4: 'planned' } as const;

test('a subtask that ended while it was paused alone is not held when it begins again', () => {
  const { apply, state } = taskOf(FOUR);
  apply({ kind: 'pause', to: 's1' });
  const s1 = subtaskOf(state.tree, 's1');
  if (!s1) throw new Error('there is no s1');
  change(state.tree, s1, () => {
    for (const life of s1.lives) life.state = 'failed';
    s1.chosen = 1;
  });
  apply({ kind: 'retry', to: 's1' });
  expect(isHeld(state.steering, 's1')).toBe(false);
});

test.each<[string, CommandBody, string]>([
  ['a note to nobody', { kind: 'note', text: 'x', to: 's9' }, 's9 is no subtask of this task; it has s1 … s4'],
  ['a note to one that ended', { kind: 'note', text: 'x', to: 's2' }, 's2 has ended: retry begins another life of it'],
  ['resume of what goes on', { kind: 'resume' }, 'it is not paused'],
  ['resume of one that goes on', { kind: 'resume', to: 's1' }, 's1 is not paused'],
  ['a stop of one that ended', { kind: 'stop', to: 's2' }, 's2 has ended: retry begins another life of it'],
  ['a retry of one that did not begin', { kind: 'retry', to: 's4' }, 's4 has not begun yet'],
  [
    'less for one',
    { kind: 'extend', to: 's1', turns: -1 },
    'the limits of a subtask can only be raised: finish or stop ends s1',
  ],
  ['dollars for one that has no limit of them', { kind: 'extend', to: 's1', costUsd: 1 }, 's1 has no limit of dollars'],
  ['too much for one', { kind: 'extend', to: 's1', turns: 6 }, 's1 has 5 turns, and its class allows 10 at most'],
  ['turns of the task', { kind: 'extend', turns: 1 }, 'turns are those of a subtask: say of which, with its id'],
  ['tokens of a task without a budget', { kind: 'extend', tokens: -1 }, 'the task has no limit of tokens'],
  ['too long', { kind: 'extend', seconds: 61 }, 'the task has 60 seconds, and its class allows 120 at most'],
])('%s is refused in words that say what is the matter', (_what, body, words) => {
  expect(taskOf(FOUR).refusal(body)).toBe(words);
});

test('what needs sub-agents at work is refused before there is a plan, and once the answer is written', () => {
  const all: CommandBody[] = [
    { kind: 'stop', to: 's1' },
    { kind: 'retry', to: 's1' },
    { kind: 'add', goal: 'g' },
    { kind: 'answerNow' },
  ];
  for (const body of all) {
    expect(taskOf({}, { stage: 'planning' }).refusal(body)).toContain('the sub-agents have not begun yet');
    const late = taskOf(FOUR, { stage: 'synthesizing' });
    expect(late.refusal(body)).toContain('the answer is being written');
    late.apply({ kind: 'pause' });
    expect(late.refusal(body)).toContain('the answer is written once the task goes on');
  }
  expect(taskOf({}, { stage: 'planning' }).refusal({ kind: 'note', text: 'x', to: 's1' })).toContain(
    'there is no plan yet',
  );
  // What is said to all before there is a plan is heard by those that begin.
  const early = taskOf({}, { stage: 'planning' });
  early.apply({ kind: 'note', text: 'x' });
  expect(early.sent).toMatchObject([{ subtask: '_all', generation: 1, command: { kind: 'note', text: 'x' } }]);
  expect(taskOf(FOUR, { stage: 'synthesizing' }).refusal({ kind: 'note', text: 'x' })).toContain('too late');
  expect(taskOf(FOUR, { stage: 'synthesizing' }).refusal({ kind: 'pause' })).toBeUndefined();
});

test('a pause counts for the visits that were sent before it, and for none that follows', () => {
  const { state, sent, apply, log, refusal, clock } = taskOf(FOUR);
  const before = nextStamp(state.steering, clock.now);
  expect(apply({ kind: 'pause' })).toBe(
    'paused: 2 sub-agents at work end the calls in flight, nothing more is begun, and the deadline stands still',
  );
  const pausedAt = sent[0]?.command.at ?? 0;
  expect(pausedAt).toBeGreaterThan(before);
  expect(sent[0]).toMatchObject({ subtask: '_all', generation: 1, command: { kind: 'pause' } });
  // Another one after a Reset must not pass for this one.
  expect(sent[0]?.command.id).toBe(`c1@${pausedAt}`);
  expect(isHeld(state.steering, 's4')).toBe(true);
  expect(refusal({ kind: 'pause' })).toBe('the task is paused already');
  expect(refusal({ kind: 'pause', to: 's1' })).toBe('the whole task is paused already');
  expect(refusal({ kind: 'resume', to: 's1' })).toBe('the whole task is paused: resume it without naming a subtask');
  apply({ kind: 'resume' });
  expect(isHeld(state.steering, 's4')).toBe(false);
  // In the same moment.
  expect(nextStamp(state.steering, clock.now)).toBeGreaterThan(pausedAt);
  expect(sent).toHaveLength(1);
  expect(log).toEqual(['hold', 'state', 'release', 'state']);
});

test('what a command says of those at work agrees with how many there are', () => {
  const one = { s1: 'running', s2: 'done' } as const;
  expect(taskOf(one).apply({ kind: 'pause' })).toBe(
    'paused: 1 sub-agent at work ends the call in flight, nothing more is begun, and the deadline stands still',
  );
  expect(taskOf({}, { stage: 'planning' }).apply({ kind: 'pause' })).toBe(
    'paused: the step under way ends, nothing more is begun, and the deadline stands still',
  );
  const words = (subtasks: Parameters<typeof taskOf>[0]) => taskOf(subtasks).apply({ kind: 'note', text: 'x' });
  expect(words(one)).toMatch(/^1 sub-agent at work reads it before its next call, and those that begin later/);
  expect(words(FOUR)).toMatch(/^2 sub-agents at work read it before their next call, and those/);
  expect(words({ s1: 'planned' })).toBe('those that begin later read it before their first');
  expect(taskOf(one).apply({ kind: 'finish' })).toBe('1 sub-agent at work answers with what it has');
  expect(taskOf({ s1: 'planned' }).apply({ kind: 'finish' })).toBe('no sub-agent looks for more');
});

test('one that is paused is told so in each life that is open, and finish lets it go on', () => {
  const { state, sent, apply } = taskOf(FOUR);
  const s1 = subtaskOf(state.tree, 's1');
  if (s1) addLife(state.tree, s1);
  apply({ kind: 'pause', to: 's1' });
  expect(sent.map(({ subtask, generation }) => `${subtask}/${generation}`)).toEqual(['s1/1', 's1/2']);
  expect([isHeld(state.steering, 's1'), isHeld(state.steering, 's3')]).toEqual([true, false]);
  expect(isHeld(state.steering, 'constructor')).toBe(false);
  apply({ kind: 'finish', to: 's1' });
  expect(isHeld(state.steering, 's1')).toBe(false);
});

test('what all were told is for who writes the answer, too: the last ten notes, and the models', () => {
  const { state, apply } = taskOf(FOUR);
  apply({ kind: 'note', text: 'for one', to: 's1' });
  apply({ kind: 'swapModel', models: ['small'], to: 's1' });
  expect([state.steering.notes, state.steering.models]).toEqual([[], undefined]);
  for (let i = 1; i <= 11; i += 1) apply({ kind: 'note', text: `note ${i}` });
  apply({ kind: 'swapModel', models: ['large', 'small'] });
  expect(state.steering.notes).toEqual(Array.from({ length: 10 }, (_one, i) => `note ${i + 2}`));
  expect(state.steering.models).toEqual(['large', 'small']);
});

test('who resumes the whole task resumes those that are paused alone, too', () => {
  const { state, apply, refusal } = taskOf(FOUR);
  apply({ kind: 'pause', to: 's1' });
  apply({ kind: 'resume' });
  expect(isHeld(state.steering, 's1')).toBe(false);
  expect(refusal({ kind: 'resume' })).toBe('it is not paused');
});

test('before the fan-out and after it the task stands still by itself', () => {
  const { state, apply, clock } = taskOf({}, { stage: 'planning' });
  apply({ kind: 'pause' });
  clock.now = 5_000;
  apply({ kind: 'resume' });
  expect(state.standstill).toMatchObject({ reasons: [], spans: [{ from: 1_000, to: 5_000 }] });
});

test('room is added up to the ceiling, and a budget that is there goes up and down', () => {
  const { state, apply, refusal, log, sent } = taskOf(FOUR, { row: { budget: { tokens: 100 } } });
  expect(apply({ kind: 'extend', tokens: 100, seconds: 60 })).toBe('the task has 120 s and 200 tokens now');
  expect(refusal({ kind: 'extend', tokens: 1 })).toContain('200 at most');
  expect(apply({ kind: 'extend', tokens: -250 })).toBe('the task has 0 tokens now');
  expect(log).toEqual(['limits', 'limits']);
  // Below nothing, what is given back afterwards would count for nothing.
  expect(apply({ kind: 'extend', seconds: -10_000 })).toBe('the task has 0 s now');
  expect(apply({ kind: 'extend', tokens: 30, seconds: 50 })).toBe('the task has 50 s and 30 tokens now');
  expect(apply({ kind: 'extend', to: 's1', turns: 5 })).toBe('s1 has 5 turns more');
  expect(refusal({ kind: 'extend', to: 's1', turns: 1 })).toBe('s1 has 10 turns, and its class allows 10 at most');
  expect(sent).toMatchObject([{ subtask: 's1', generation: 1, command: { kind: 'extend', turns: 5 } }]);
  // Another life has its own room.
  const s1 = subtaskOf(state.tree, 's1');
  if (s1) change(state.tree, s1, () => void Object.assign(s1.lives[0] ?? {}, { state: 'failed' }));
  if (s1) addLife(state.tree, s1);
  expect(refusal({ kind: 'extend', to: 's1', turns: 5 })).toBeUndefined();
});

test('of a budget that is reserved nothing is given twice: neither more for one nor another life beside it', () => {
  const { state, apply, refusal } = taskOf(FOUR, { row: { budget: { tokens: 1_000 } } });
  state.ledger.grants = newGrants({ first: 0.6, further: 0.15, least: { tokens: 100 } }, {});
  reserve(state.ledger.grants, 's1/1', 'first', { tokens: 500 });
  expect(refusal({ kind: 'extend', to: 's1', tokens: 101 })).toBe(
    'the task has 100 tokens left for s1: extend the task first',
  );
  expect(apply({ kind: 'extend', to: 's1', tokens: 100 })).toBe('s1 has 100 tokens more');
  expect(state.ledger.grants.open['s1/1']).toMatchObject({ rest: { tokens: 600 } });
  expect(refusal({ kind: 'retry', to: 's1' })).toBeUndefined();
  reserve(state.ledger.grants, 's2/1', 'further', { tokens: 150 });
  expect(refusal({ kind: 'retry', to: 's1' })).toBe('nothing is left of the task’s budget: extend the task first');
});

test('a class says how far it may be extended; else it is twice its own, also for who asked for less', () => {
  const { quick } = BUILT_IN_CLASSES;
  expect(extensionCeiling(quick)).toMatchObject({ deadlineSeconds: 120, maxSubtasks: 6, subtask: { turns: 10 } });
  expect(extensionCeiling({ ...quick, ceiling: { maxSubtasks: 4, subtask: { turns: 7 } } })).toMatchObject({
    deadlineSeconds: 120,
    maxSubtasks: 4,
    subtask: { turns: 7, tokens: 120_000 },
  });
  expect(extensionCeiling(withinLimits(quick, { deadlineSeconds: 10 })).deadlineSeconds).toBe(120);
});

test('subtasks are added up to the ceiling under numbers that nobody had, those that are being planned counted', () => {
  const { apply, refusal, log } = taskOf(FOUR, { row: { ceiling: { maxSubtasks: 6 } } });
  expect(apply({ kind: 'add', goal: 'harbour dues' })).toBe('s5 joins: harbour dues');
  expect(apply({ kind: 'add', goal: 'x', title: 'T' })).toBe('s6 joins: T');
  expect(refusal({ kind: 'add', goal: 'x' })).toBe('the task has 6 subtasks, and its class allows 6 at most');
  expect(log).toEqual(['add s5', 'add s6']);
});

test('once all were told to finish nothing new begins', () => {
  const { apply, refusal } = taskOf(FOUR);
  apply({ kind: 'finish' });
  expect(refusal({ kind: 'add', goal: 'x' })).toContain('told to finish');
  expect(refusal({ kind: 'retry', to: 's2' })).toContain('told to finish');
});

test('a stop names who said so, and a retry takes that back', () => {
  const { apply, state, log } = taskOf(FOUR);
  expect(apply({ kind: 'stop', to: 's1' })).toBe('s1 ends; what it found stays');
  expect(apply({ kind: 'stop', to: 's4' })).toBe('s4 will not begin');
  expect(state.steering.stoppedBy).toEqual({ s1: 'ada', s4: 'ada' });
  expect(apply({ kind: 'retry', to: 's1' })).toContain('beside the life that is at work');
  expect(apply({ kind: 'retry', to: 's2' })).toContain('what it found stays');
  expect(state.steering.stoppedBy).toEqual({ s4: 'ada' });
  expect(log).toEqual(['stop s1', 'stop s4', 'retry s1', 'retry s2']);
});

test('the answer is written now where one can be, and not twice', () => {
  expect(taskOf({ s1: 'running' }).refusal({ kind: 'answerNow' })).toBe(
    'no answer can be written now: no subtask succeeded',
  );
  const { apply, refusal, state } = taskOf(FOUR);
  expect(apply({ kind: 'answerNow' })).toBe('3 of 4 subtasks end; the answer is written from what is there');
  expect(state.steering.answerAskedBy).toBe('ada');
  expect(refusal({ kind: 'answerNow' })).toContain('too late');
});
