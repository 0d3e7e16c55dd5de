// What code makes of the subtasks that a model proposes for a further round.

import { checkRound, numberRound, type RoundGround } from '../../activities/agents/round-subtasks.ts';
import { roundShape, type RoundOutput } from '../../activities/text/prompts/round-prompt.ts';

const GROUND: RoundGround = {
  ended: [
    { id: 's1', kind: 'researcher', goal: 'How often does the lighthouse poll?', done: true },
    { id: 's2', kind: 'researcher', goal: 'How long are messages kept?', done: false },
  ],
  lacks: ['s1', 's2'],
  kinds: ['researcher', 'verifier'],
  most: 2,
};
const proposed = (...all: Partial<RoundOutput['subtasks'][number]>[]): RoundOutput => ({
  subtasks: all.map((one) => ({ title: 't', kind: 'researcher', goal: 'g', needs: [], fills: ['s1'], ...one })),
});
const accepted = (...all: Parameters<typeof proposed>) => checkRound(proposed(...all), GROUND).accepted;

test('a proposal stays that is for something missing; what it needs must be done', () => {
  const one = { goal: 'Which port does it poll?', needs: ['s1', 's1'], fills: ['s2', 's9', 's2'] };
  expect(checkRound(proposed(one), GROUND)).toEqual({
    accepted: [{ title: 't', kind: 'researcher', goal: one.goal, needs: ['s1'], fills: ['s2'] }],
    problems: [],
  });
  const failed = checkRound(proposed({ needs: ['s2', 's77', 'constructor'] }), GROUND);
  expect([failed.accepted[0]?.needs, failed.problems]).toEqual([
    [],
    ['subtask 1 may only need earlier subtasks that are done'],
  ]);
});

test.each<[string, Parameters<typeof proposed>[0], RegExp]>([
  ['is for nothing that is missing', { fills: ['s3', '__proto__'] }, /for nothing that is missing; there are s1, s2/],
  ['is of no kind that there is', { kind: 'constructor' }, /there is no kind "constructor"/],
  ['asks for nothing', { goal: ' \n ' }, /has no goal/],
  ['has no word that can be seen', { goal: '\u0000\u001b\u200b' }, /has no goal/],
])('a proposal that %s adds nothing, and is asked for again', (_what, one, problem) => {
  const { accepted: left, problems } = checkRound(proposed(one), GROUND);
  expect(left).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(problem)]);
});

test('of ten thousand proposals, or ids in one of them, no more comes in than there is, and little is said of it', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => `s${at}`);
  const { accepted: left, problems } = checkRound(
    proposed(...many.map((id) => ({ goal: `about ${id}`, fills: many, needs: many }))),
    GROUND,
  );
  expect(left).toMatchObject([
    { needs: ['s1'], fills: ['s1', 's2'] },
    { needs: ['s1'], fills: ['s1', 's2'] },
  ]);
  expect(problems).toHaveLength(3);
});

test('a title is shown on one line, without what can’t be seen; one that says nothing is its goal', () => {
  const titles = accepted({ title: 'a\u001b[2J\nb\u202e' }, { title: '\u0007 ', goal: 'How long are messages kept?' });
  expect(titles.map(({ title }) => title)).toEqual(['a[2J b', 'How long are messages kept?']);
});

test('what says its own id, mode or limits has no place in the shape that is asked for', () => {
  const { schema } = roundShape(['researcher']);
  expect(schema).toMatchObject({ properties: { subtasks: { items: { additionalProperties: false } } } });
});

test('no more are added than there is room for', () => {
  const { accepted: left, problems } = checkRound(proposed({ goal: 'a' }, { goal: 'b' }, { goal: 'c' }), GROUND);
  expect(left.map(({ goal }) => goal)).toEqual(['a', 'b']);
  expect(problems).toEqual(['there are 3 subtasks; at most 2 are allowed']);
});

test('what asks for the same as what is done, or as another one of the round, is not done twice', () => {
  const more = accepted({ title: 'again', goal: 'How often does the lighthouse poll?', needs: ['s1'] });
  expect(numberRound(more, GROUND, 5)).toEqual({ added: [], merged: [{ title: 'again', into: 's1' }] });
  // What failed may be asked once more as it is.
  const twins = accepted(
    { goal: 'How long are messages kept?', fills: ['s2'] },
    { goal: 'How long are the messages kept?' },
  );
  expect(numberRound(twins, GROUND, 5)).toMatchObject({
    added: [{ id: 's5', fills: ['s2', 's1'] }],
    merged: [{ into: 's5' }],
  });
});
