// A question of a model to a person: whatever it says, it is text of a few lines; and what counts as a reply to it.

import { askOf, askProblem, replyProblem, replyTo } from '../../protocol/ask.ts';
import { askPerson } from '../../activities/tools/ask-person.ts';
import { Later, runTool } from '../../activities/tools/tool.ts';

const HOSTILE = 'Which?\u001b]0;owned\u0007\u202e\u0000 one\r\n\nor two';

test('a question is shown without what can’t be seen, on one line, and no longer than it may be', () => {
  expect(askOf({ question: HOSTILE, choices: ['a\u001b[2J', 'a[2J', '', 5], default: '\u0000a' })).toEqual({
    question: 'Which?]0;owned one or two',
    choices: ['a[2J'],
    default: 'a',
  });
  expect(askOf({ question: 'x'.repeat(9_000) })!.question).toHaveLength(2_000);
  expect(askOf({ question: '😀'.repeat(1_500) })!.question).toMatch(/^(?:😀)+…$/u);
  expect(askOf({ question: 'q', choices: Array.from({ length: 50 }, (_, i) => `c${i}`) })!.choices).toHaveLength(10);
});

test.each([undefined, null, 'q', {}, { question: '' }, { question: '\u0000 \n' }, { question: 5 }])(
  'what is no question is none: %j',
  (payload) => {
    expect(askOf(payload)).toBeUndefined();
  },
);

test('a default that is none of the choices, and a choice of one, are refused', () => {
  expect(askProblem({ question: 'q', choices: ['a', 'b'], default: 'c' })).toContain('one of the choices');
  expect(askProblem({ question: 'q', choices: ['a'] })).toContain('a choice of one');
  expect(askProblem({ question: 'q', choices: ['a', 'b'], default: 'b' })).toBeUndefined();
  expect(askProblem({ question: 'q', default: 'anything' })).toBeUndefined();
});

test('where there are choices one of them is a reply, in its own words; without, anything is', () => {
  const ask = { question: 'q', choices: ['Harbour', 'Lighthouse'] };
  expect(replyTo(ask, '  harbour\n')).toBe('Harbour');
  expect(replyProblem(ask, 'tidebook')).toBe('“tidebook” is none of the choices: “Harbour”, “Lighthouse”');
  expect(replyTo({ question: 'q' }, ' as it is ')).toBe(' as it is ');
});

test('the tool waits as long as it is told, a day otherwise, and tells the model what is wrong with its question', async () => {
  const run = (args: object) => runTool([askPerson], 'ask_person', args, { signal: new AbortController().signal });
  expect(await run({ question: 'Which?', until: 60 })).toEqual(new Later(60, { question: 'Which?' }));
  expect(await run({ question: 'Which?' })).toEqual(new Later(86_400, { question: 'Which?' }));
  const refused = async (args: object): Promise<string> => JSON.stringify(await run(args));
  expect(await refused({ question: 'Which?', choices: ['a', 'b'], default: 'c' })).toContain('one of the choices');
  expect(await refused({ question: '\u0000' })).toContain('nothing in the question');
  expect(await refused({ question: 'x'.repeat(2_001) })).toContain('do not fit');
  expect(await refused({ question: 'Which?', until: 8 * 86_400 })).toContain('do not fit');
});
