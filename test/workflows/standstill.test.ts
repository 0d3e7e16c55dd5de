// When a task's own time stands still, and for how long it did; and which of what waits is a person's.

import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { TaskEventBody } from '../../protocol/events.ts';
import { approve } from '../../workflows/commands/approve.ts';
import { closeQuestion, expectReply, keepReply, newMailbox, openQuestion } from '../../workflows/state/mailbox.ts';
import { deadlineSetter } from '../../workflows/clock.ts';
import { closedRows } from '../../workflows/state/closed-rows.ts';
import { detailsTable } from '../../workflows/details-table.ts';
import { refuseUnfit } from '../../workflows/questions.ts';
import { hold, newStandstill, release, stoodStillMs, stoodStillWithin } from '../../workflows/state/standstill.ts';
import { newState } from '../../workflows/state/state.ts';
import { addSubtask } from '../../workflows/state/tree.ts';
import { specOf } from './fan-out-ports.ts';

test('a task that is paused while it waits for a person stands still once, until both are over', () => {
  const still = newStandstill();
  expect(hold(still, 'person', 1_000)).toBe(true);
  expect(hold(still, 'paused', 2_000)).toBe(false);
  expect(hold(still, 'paused', 2_500)).toBe(false);
  expect(stoodStillMs(still, 3_000)).toBe(2_000);
  expect(release(still, 'person', 4_000)).toBe(false);
  expect(release(still, 'paused', 6_000)).toBe(true);
  expect(release(still, 'paused', 7_000)).toBe(false);
  expect(stoodStillMs(still, 99_000)).toBe(5_000);
  hold(still, 'person', 10_000);
  release(still, 'person', 10_500);
  expect(stoodStillMs(still, 99_000)).toBe(5_500);
  const other = newStandstill();
  hold(other, 'paused', 5_000);
  release(other, 'paused', 10_200);
  expect(stoodStillWithin([still], 2_000, 10_100)).toBe(4_100);
  expect(stoodStillWithin([still, other], 2_000, 10_400)).toBe(8_400);
});

test('a pause before the first Activity moves no deadline, and one after it does by as long as it lasted', () => {
  jest.useFakeTimers({ now: 10_000 });
  try {
    const { state } = waiting();
    const allowed = 1_000 * state.request.class.deadlineSeconds;
    hold(state.standstill, 'paused', 2_000);
    release(state.standstill, 'paused', 7_000);
    state.firstActivityAt = 8_000;
    const armed: number[] = [];
    const arm = deadlineSetter(state, { arm: (at) => void armed.push(at) }, { kind: 'all' });
    arm();
    hold(state.standstill, 'paused', 10_000);
    release(state.standstill, 'paused', 13_000);
    jest.setSystemTime(14_000);
    arm();
    expect(armed).toEqual([8_000 + allowed, 11_000 + allowed]);
    // Of which its row in the history of its class tells nothing either.
    expect(closedRows({ ...state, acceptedAt: 1_000 }, 'completed', 14_000).task).toMatchObject({
      queueMs: 2_000,
      totalMs: 5_000,
    });
  } finally {
    jest.useRealTimers();
  }
});

test('a deadline that is taken down to what is past already is now', () => {
  jest.useFakeTimers({ now: 10_000 });
  try {
    const { state } = waiting();
    state.firstActivityAt = 8_000;
    const armed: number[] = [];
    const arm = deadlineSetter(state, { arm: (at) => void armed.push(at) }, { kind: 'all' });
    state.steering.extended = { seconds: -state.request.class.deadlineSeconds };
    jest.setSystemTime(14_000);
    arm();
    expect(armed).toEqual([14_000]);
  } finally {
    jest.useRealTimers();
  }
});

const QUESTION = { subtask: 's1', generation: 1, handle: 'h', until: 9, question: 'q', choices: ['A', 'B'] };

test('a reply that is none of a question’s choices is told of and the question stays open, also one that came before it', () => {
  const mailbox = newMailbox();
  const told: TaskEventBody[] = [];
  const reply = (content: string, ok = true) => {
    keepReply(mailbox, { handle: 'h', ok, content });
    refuseUnfit(mailbox, (event) => told.push(event), 'h');
  };
  reply('too early');
  expect(told).toEqual([]);
  expectReply(mailbox, 'h');
  openQuestion(mailbox, QUESTION);
  refuseUnfit(mailbox, (event) => told.push(event), 'h');
  expect(told).toMatchObject([{ type: 'reply.refused', reason: '“too early” is none of the choices: “A”, “B”' }]);
  for (let i = 0; i < 100; i += 1) reply(`nonsense ${i}`);
  expect(told).toHaveLength(20);
  expect(mailbox.replies).toEqual({});
  reply('b ');
  reply('A');
  expect(mailbox.replies).toEqual({ h: { handle: 'h', ok: true, content: 'B' } });
  closeQuestion(mailbox, 'h');
  expect(mailbox.questions).toEqual({});
});

test('that a person can’t say is a reply to any question', () => {
  const mailbox = newMailbox();
  openQuestion(mailbox, QUESTION);
  keepReply(mailbox, { handle: 'h', ok: false, content: 'I do not know' });
  refuseUnfit(mailbox, () => undefined, 'h');
  expect(mailbox.replies.h?.content).toBe('I do not know');
});

const HASH = '5b41c0de'.repeat(8);
const by = { name: 'anna', how: 'claimed' } as const;

/** A task whose plan waits. */
const waiting = () => {
  const request = { v: 1 as const, goal: 'g', sources: [], class: BUILT_IN_CLASSES.quick, tenant: 't' };
  const state = newState('t', 'r', 'r', request, 0);
  addSubtask(state.tree, specOf('s1'));
  state.proposal = { hash: HASH, until: 1, estimate: { subtasks: 1, tokens: 1, seconds: 1 } };
  return { state, control: approve(state) };
};
const command = (more: object) =>
  ({ v: 1, id: 'c', at: 0, by, kind: 'approve', plan: HASH.slice(0, 8), approved: true, ...more }) as never;

test('an approval names the plan that waits, decides once, and has an edit that can be run', () => {
  const { state, control } = waiting();
  expect(control.refusal(command({ plan: '0'.repeat(64) }))).toBe(
    `the plan that waits is ${HASH}, not ${'0'.repeat(64)}`,
  );
  expect(control.refusal(command({ approved: 'yes' }))).toContain('say whether the plan is approved');
  expect(control.refusal(command({ approved: false, edit: { drop: [] } }))).toContain('do one of them');
  expect(control.refusal(command({ edit: { drop: ['s2'] } }))).toContain('s2 is no subtask of this plan');
  expect(control.refusal(command({ edit: 'x' }))).toContain('has the form');
  expect(control.refusal(command({}))).toBeUndefined();
  expect(control.apply(command({ edit: {} }))).toBe('plan 5b41c0de5b41 runs');
  expect(state.decision).toEqual({ id: 'c', by, approved: true });
  expect(control.refusal(command({}))).toContain('is being checked');
  delete state.proposal;
  expect(control.refusal(command({}))).toBe('no plan of this task waits for approval');
});

test('the Web UI shows what waits for a person, and nothing in a question is Markdown there', () => {
  const { state } = waiting();
  openQuestion(state.mailbox, { ...QUESTION, question: 'a ` ![x](http://evil) | b' });
  const [, plan, asked] = detailsTable(state).split('\n');
  expect(plan).toBe('- waits for approval: `muster approve t`');
  expect(asked).toBe("- s1 asks: `a ' ![x](http://evil)   b`");
});

test('the Web UI counts one as one, and thousands with separators', () => {
  const { state } = waiting();
  const head = (): string => detailsTable(state).split('\n')[0] ?? '';
  state.ledger.spent = { ...state.ledger.spent, modelCalls: 1, inputTokens: 15_000, outputTokens: 472 };
  expect(head()).toMatch(/ · 1 model call · 15,472 tokens$/);
  state.ledger.spent = { ...state.ledger.spent, modelCalls: 1_200, inputTokens: 0, outputTokens: 1 };
  expect(head()).toMatch(/ · 1,200 model calls · 1 token$/);
});

test('of more that waits for a person than the Web UI shows it says how many more', () => {
  const { state } = waiting();
  for (let n = 0; n < 15; n += 1) openQuestion(state.mailbox, { ...QUESTION, handle: `h${n}` });
  const lines = detailsTable(state).split('\n');
  expect(lines.filter((line) => line.startsWith('- s1 asks'))).toHaveLength(9);
  expect(lines).toContain('- and 6 more');
});

test('a refusal and an edit say what they do', () => {
  expect(waiting().control.apply(command({ approved: false }))).toBe('plan 5b41c0de5b41 is refused, and the task ends');
  const { state, control } = waiting();
  expect(control.apply(command({ edit: { change: { s1: { title: 'x' } } } }))).toContain('is edited; it runs once');
  expect(state.decision?.edit).toEqual({ change: { s1: { title: 'x' } } });
});
