// without-an-answer.test.ts: questions that documents do not answer, though they have words of them: a gap is told, and none where
// the same documents do answer.

import { only, research, type Doc } from './support.ts';

/** Passages that all speak of the same thing. */
const HARBOUR: Doc[] = [
  'Harbour removes a barge by `harbour rm barge`.',
  'Harbour keeps an account of each mooring in the log.',
  'Harbour paints its boats blue.',
  'Harbour feeds the gulls.',
  ...Array.from({ length: 20 }, (_, at) => `Harbour has a berth for boat ${at + 1} at its quay.`),
].map((text, at) => only(`page-${at}.md`, text, `Page ${at}`));

const one = (text: string, heading = 'Use'): Doc[] => [only('use.md', text, heading)];
const COUNT = 30;

test('whatever is asked, and wherever the nearest stands, no sentence on what is missing is longer than one may be', () => {
  const word = 'Qm9hdHM'.repeat(600);
  const docs = [only(`${'deep/'.repeat(120)}quay.md`, `The quay is lit. ${'It is long. '.repeat(40)}`, 'Quay')];
  const names = Array.from({ length: 40 }, (_, at) => `${word.slice(0, 90)}${at}`).join(' and ');
  for (const question of [
    word,
    `Is the quay ${word} painted?`,
    names,
    `How long is the quay painted ${'at noon '.repeat(600)}?`,
  ]) {
    const { missing } = research(docs, question, { count: COUNT });
    expect(missing.length).toBeGreaterThan(0);
    expect(Math.max(...missing.map(({ length }) => length))).toBeLessThanOrEqual(500);
  }
});

test.each<[string, readonly Doc[], string]>([
  ['what all of it is about says little', HARBOUR, 'How does Harbour paint the gulls?'],
  [
    'less than half of its words, however rare',
    [...HARBOUR, ...one('By using the web console of Harbour you choose a berth.')],
    'How do we get Harbour out through our company web proxy?',
  ],
  ['not what it is done to', one('To remove a pier, run `quay rm`.'), 'How do I remove my pier account?'],
  [
    'not what is asked for',
    [...HARBOUR, ...one('You should use a pulley of steel in Harbour.')],
    'Which pulley manager should I use for Harbour?',
  ],
  [
    'not what has the name that is asked for',
    one('At the coronation of the king a vessel of war was sent.'),
    'What was the name of the warship that was sent to the coronation of the king?',
  ],
  [
    'one word, of yes or no',
    one('You can edit the list of moorings in Quay.'),
    'Can I see who has been looking at my moorings?',
  ],
  ['not the ending of a file', one('It reads each file of the folder.', 'File'), 'Does it read .mdx files?'],
  [
    'a committee, and nobody by name',
    one('The Harbour Steering Committee (HSC) meets as the chair of the crew asks.'),
    'Who is the chair of the crew?',
  ],
  ['the version that was asked about', one('This lamp will be removed in Quay 1.27.'), 'When will Quay 1.27 come out?'],
  [
    'what happens at once, and no time',
    one('This sets the number of letters that are kept on a page at once.'),
    'For how long are letters kept on a page?',
  ],
  [
    'a default that is no number',
    one('`--word-from`: command that prints the passwords of the berth (default: $WORD_FROM).'),
    'How many passwords can a berth have?',
  ],
  [
    'what somebody creates, and nobody who made it',
    one('Quay needs a Lamp Keeper.', 'Needs'),
    'Who came up with Quay?',
  ],
  [
    'not what a how-to ends in',
    [...HARBOUR, ...one('Signals are sent by `quay send` to the signal keeper.')],
    'How do I send signals to gliders?',
  ],
  [
    'an interval, and no time',
    one('It tells the interval in which the berth is scanned by a crew.'),
    'How often is the berth scanned?',
  ],
  [
    'one word of two, and the other is nowhere',
    [...HARBOUR, ...one('You oil a pulley of Harbour by `harbour oil`.')],
    'How do I yank a pulley?',
  ],
  [
    'the letters of a short name within another word',
    [...HARBOUR, ...one('The crane that is started first in spring is the red one. It scores well.')],
    'Which crane is started first in spring by CORS?',
  ],
  [
    'not what is asked whether there is any of',
    one('In the next five years the eastern quay grows by five berths for barges.'),
    'Do we get a sabbatical after five years at the eastern quay for barges?',
  ],
  [
    'one word of "Am I allowed …?"',
    one('The lever at the side of the crane allows you to lift the quay.'),
    'Am I allowed to have a side job?',
  ],
  [
    'not what money is spent on',
    one('While you travel for work you spend at most 75 dollars a day on meals.'),
    'How much can I spend on a hotel when I travel for work?',
  ],
])('a gap is told where a quote has %s', (_what, docs, question) => {
  expect(research(docs, question, { count: COUNT }).missing).toEqual([
    expect.stringMatching(/^(?:No sure answer was found to|Nothing was found about)/),
  ]);
});

test.each<[string, readonly Doc[], string]>([
  ['the same passages', HARBOUR, 'How do I remove a barge from Harbour?'],
  ['the object', one('To remove a pier account, run `quay rm`.'), 'How do I remove my pier account?'],
  ['the ending', one('It reads each .mdx file of the folder.', 'File'), 'Does it read .mdx files?'],
  ['a name', one('Ann Lee is the chair of the crew.'), 'Who is the chair of the crew?'],
  [
    'the default, however that is asked for',
    one('By default it writes to the lower quay.'),
    'To which quay does it write unless it is told otherwise?',
  ],
  [
    'a heading that says how',
    one('When no guest is signed in, the boats of the house are seen.', 'How to open the quiet gate'),
    'How can I let guests see my boats without signing in?',
  ],
  [
    'systems, in other words',
    one('Boats can be moored only on Linux, macOS and FreeBSD.'),
    'On which operating systems can I moor boats to browse their cargo?',
  ],
  ['the same in another word', one('The quay loads in parallel.'), 'Can the quay load simultaneously?'],
  ['that it is supported, and one word is asked', one('There is built-in support for `.oak` boats.'), 'Can I use oak?'],
  [
    'a mark in a table, and one word is asked',
    one('| Boat | Enters |\n|---|---|\n| Skiff | ✅ |\n| Barge | ❌ |'),
    'Does it work on a barge?',
  ],
  [
    'words that each passage has, and nothing else is asked',
    [
      ...one('The pier is lit at 9 in the evening.'),
      ...Array.from({ length: 7 }, (_, at) => only(`berth-${at}.md`, `Berth ${at} of it is lit.`)),
    ],
    'When is it lit?',
  ],
  [
    '"To … it," and what is done',
    one('To paint one barge alone, write `quay paint barge`.', 'Tar'),
    'How do I paint just one barge in the harbour book?',
  ],
])('no gap is told where a quote has %s', (_what, docs, question) => {
  const { findings, missing } = research(docs, question, { count: COUNT });
  expect(missing).toEqual([]);
  expect(findings.length).toBeGreaterThan(0);
});
