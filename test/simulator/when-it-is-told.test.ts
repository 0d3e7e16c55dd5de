// when-it-is-told.test.ts: where an answer is told in a form of its own, so that no gap stands beside it: a default under its name, a cell,
// an entry, other things than those that were to be counted; and where a heading only seems to ask.

import { asksIt } from '../../simulator/brain/quotes/asking-headings.ts';
import { sidesOf } from '../../simulator/brain/question/comparison.ts';
import { kindOf } from '../../simulator/brain/question/kinds.ts';
import { readQuestion } from '../../simulator/brain/question/question.ts';
import { contentTerms } from '../../simulator/brain/words/words.ts';
import { only, research } from './support.ts';

const missingIn = (text: string, question: string, heading = '', source = 'bell.md'): string[] =>
  research([only(source, text, heading)], question).missing;

test('a default that stands under nothing but the name that is asked about is the answer', () => {
  const ask = 'What is the default ringLimit of the bell, the bound of rings and echoes for a slow crew on the mole?';
  const filler = 'All rings and echoes of a slow crew on the mole are bound.\n';
  const docs = (heading: string) => [only('bell.md', 'Default: `100`\n', heading), only('crew.md', filler, 'Crew')];
  expect(research(docs('ringLimit (Number)'), ask).missing).toEqual([]);
  expect(research(docs('echoLimit (Number)'), ask).missing).toHaveLength(1);
});

test('the cell of a row where the thing and the column are named is the answer', () => {
  const rows =
    '| name | eol | eol-lts |\n|---|---|---|\n| Swan | 2022-09-10 | 2024-06-30 |\n| Tern | 2023-09-10 | 2025-06-30 |\n';
  const ask = (column: string): string =>
    `When does the extended paid support (${column}) of the old wooden Swan come to its end?`;
  expect(missingIn(rows, ask('eol-lts'))).toEqual([]);
  expect(missingIn(rows, ask('eol-elts'))).toHaveLength(1);
});

test('the entry that tells in which version a thing came tells its date, too', () => {
  const text = 'Add `withBell` option for testing the rope.\n';
  const ask = 'Which release brought the withBell option for the rope, and on what date did it come out?';
  expect(missingIn(text, ask, 'Changelog > 1.27.0 (20 Feb 2024) > Enhancements')).toEqual([]);
  expect(missingIn(text, ask, 'Changelog > 1.27.0 > Enhancements')).toHaveLength(1);
});

test('what says nearly all of a question may count in other things than it asks for', () => {
  const ask = 'How many levels deep does the rope hang nested knots by default?';
  expect(missingIn('By default the rope will only hang nested knots up to 5 lines deep.\n', ask)).toEqual([]);
  expect(missingIn('By default the rope has 5 knots.\n', ask)).toHaveLength(1);
});

test('two things that are called by longer names in a list are told apart by its items', () => {
  const items =
    '- `bell.timeFunctions.ring`: seconds since noon\n- `bell.timeFunctions.echo`: minutes since noon\n- `bell.timeFunctions.none`: none\n';
  const { findings, missing } = research(
    [only('bell.md', `The functions of the bell are:\n\n${items}`)],
    'What is the difference between timeFunctions.ring and timeFunctions.echo?',
  );
  expect(missing).toEqual([]);
  expect(findings.map(({ claim }) => claim).join('\n')).toMatch(/seconds[^]*minutes/);
});

test('how two things differ is one question, whatever they are parts of; in what, is asked of each', () => {
  const sides = (question: string) => sidesOf(question, (word) => /^\p{Lu}/u.test(word))?.length;
  expect(sides('How do PREFIX and BASE differ in MakeMaker?')).toBeUndefined();
  expect(sides('How do PREFIX and BASE differ?')).toBeUndefined();
  expect(sides('How do PREFIX and BASE differ in their retries?')).toBe(2);
  expect(kindOf('Are names compared in small letters?')).toBe('yes-no');
  expect(kindOf('How fast is it compared with the other?')).not.toBe('yes-no');
});

test('a heading that has two rare words of many that are asked for asks something else', () => {
  const ask = (question: string): boolean => {
    const heading = 'How to get the IP address of the client?';
    return asksIt(
      heading,
      new Set(contentTerms(heading)),
      readQuestion(question, () => false),
      0.45,
    );
  };
  expect(ask('How do I set a rate limit of connections per IP address for each server?')).toBe(false);
  expect(ask('How do I learn the IP address of a boat?')).toBe(true);
});

test('a word with a hyphen is asked for in its parts', () => {
  const text = 'The ring is heard far.\n\nNames are read case insensitive by the crew.\n';
  expect(missingIn(text, 'Are names read case-insensitive by the crew?')).toEqual([]);
  expect(missingIn('Names are read by the crew.\n', 'Are names read case-insensitive by the crew?')).toHaveLength(1);
});
