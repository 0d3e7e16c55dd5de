// plain-texts.test.ts: what texts without markup say, as manual pages, FAQs and news files have it: terms, options, fields,
// small tables, versions, numbered questions.

import { lastHeading } from '../../simulator/brain/text/clean.ts';
import { isBareHeading, isEntry } from '../../simulator/brain/text/headings.ts';
import { sidesOf } from '../../simulator/brain/question/comparison.ts';
import { namesIn } from '../../simulator/brain/words/names.ts';
import { unitsOf } from '../../simulator/brain/text/units.ts';
import { only, research } from './support.ts';

const plain = (text: string) => unitsOf(text, { isPlain: true });
const MANUAL = `OPTIONS

       -r      tells the bell to ring again after every
               15 minutes of the watch

       -w tone
       --with=tone
           Rings it with another tone, which the pilot hears
           from the mole.

       swing
           Lets the bell swing on its rope without any sound.
`;

test('in a text without markup the meaning of an option or a term is led in by it, behind a gap or below', () => {
  const led = plain(MANUAL).filter(({ lead }) => lead !== undefined);
  expect(led.map(({ kind, lead }) => [kind, lead])).toEqual([
    ['sentence', '-r'],
    ['sentence', '-w tone --with=tone'],
    ['sentence', 'swing'],
  ]);
  const other = only('a.txt', 'The -r of the boot menu brings the old system up again.\n');
  const { findings, missing } = research([only('bell.txt', MANUAL), other], 'What does the -r option of the bell do?');
  expect(missing).toEqual([]);
  expect(findings[0]?.claim).toContain('15 minutes');
  expect(research([only('bell.txt', MANUAL)], 'What is a swing?').findings[0]?.claim).toContain('without any sound');
});

test('what stands indented in a text without markup is code only where it looks like it', () => {
  const kindsOf = (text: string) => plain(`Above.\n\n${text}\n`).map(({ kind }) => kind);
  expect(kindsOf('    the bell is rung by hand, since its rope is too long\n    for any of the boys')).toEqual([
    'sentence',
    'sentence',
  ]);
  expect(kindsOf('    bell = rope.pull(twice)\n    $ bell --loud and long and clear')).toEqual([
    'sentence',
    'code',
    'code',
  ]);
  expect(kindsOf('    opcode   bell of the watch\n    length   count of the rings')).not.toContain('sentence,sentence');
});

test('lines that have a name and what is said of it stand each for itself', () => {
  const text = 'Longest ring\n\n    Swan v1.5:  40 seconds\n    Tern v1.0:  90 seconds\n    Gull: none\n';
  expect(plain(text).filter(({ kind }) => kind === 'item')).toHaveLength(3);
  const { findings } = research([only('bell.txt', text)], 'What is the longest ring of Tern v1.0?');
  expect(findings[0]?.claim).toContain('90 seconds');
  expect(findings[0]?.claim).not.toContain('40');
});

test('cells under each other are a table, and the line right above them is what it is called', () => {
  const text =
    'These are all:\n\nBell Levels Of The Watch\n    0     Low      for the crew\n    1     Mid      for the mole\n    2     High     for the town\n';
  const rows = plain(text).filter(({ kind }) => kind === 'row');
  expect(rows.map(({ under }) => under)).toEqual(Array(3).fill('Bell Levels Of The Watch'));
  const cells = 'Ring request\n  1     opcode of it\n  2     length of it\n  BELL     which bell\n';
  expect(plain(`Above.\n\n${cells}`).filter(({ kind }) => kind === 'sentence')).toHaveLength(1);
});

test('news in outline form have versions and sections, and a version is told without what every one says', () => {
  expect(isEntry('* Noteworthy changes in release 4.9 (2022-11-06) [stable]')).toBe(true);
  expect(isEntry('Noteworthy changes in release 4.9 (2022-11-06) [stable]')).toBe(true);
  expect(isEntry('* Fix what was broken since release 4.8')).toBe(false);
  expect(isBareHeading('** Bug fixes')).toBe(true);
  const heading = 'Bell NEWS > Noteworthy changes in release 4.9 (2022-11-06) [stable] > New Features';
  const news = only('NEWS.txt', 'The new --soft option rings it without waking the crew.\n', heading);
  const { findings, missing } = research([news], 'Which release brought the --soft option?');
  expect(findings[0]?.claim).toContain('release 4.9 (2022-11-06) [stable]');
  expect(findings[0]?.claim).not.toContain('Noteworthy');
  expect(missing).toEqual([]);
  expect(lastHeading('** Bug fixes')).toBe('Bug fixes');
});

test('a numbered section with a dash, or a question, is no version', () => {
  expect(isEntry('4.41.3. - DOS solution')).toBe(false);
  expect(isEntry('4.41.3 - 2020-01-02')).toBe(true);
  expect(isBareHeading('3.14 Why does the bell not ring?')).toBe(true);
});

test('a version belongs to the name before it, where several things are asked about', () => {
  const names = (question: string) =>
    sidesOf(question, (word) => /^\p{Lu}/u.test(word) || word === 'sedmod')?.map(({ name }) => name);
  expect(names('How long are the lines of sedmod v1.0 and HHsed v1.5?')).toEqual(['sedmod v1.0', 'HHsed v1.5']);
  expect(names('Which ports do Redis 6.2 and Postgres 15 use?')).toEqual(['Redis 6.2', 'Postgres 15']);
});

test('the value of an option is a name, but not one that any option may have', () => {
  const keys = (text: string) => namesIn(text).map(({ key }) => key);
  expect(keys('What does it do with --target=blackhole?')).toContain('blackhole');
  expect(keys('What does it do with --pages=yes?')).toEqual(['pages']);
});

test.each([
  [
    'a reason',
    'Why should the crew not ring it by hand?',
    'The crew should not ring it by hand, nor pull at it, as those ropes are new.',
    0,
  ],
  [
    'what is so',
    'Why is the old bell of the crew so cheap?',
    'The old bell of the crew was sold, because nobody heard the old bell of it.',
    1,
  ],
  [
    'a year',
    'In what year was the old bell of the harbour cast?',
    'The old bell of the harbour was cast two years after the mole.',
    1,
  ],
  ['a year', 'In what year was the old bell of the harbour cast?', 'The old bell of the harbour was cast in 1911.', 0],
  ['who it was', 'Who originally cast the bell?', 'The bell was cast by Ann Lee.', 0],
])('a gap is told of %s where the words for it are not there: %s', (_what, question, text, gaps) => {
  expect(research([only('bell.md', `${text}\n`)], question).missing).toHaveLength(gaps);
});

test('what is told before a question belongs to what leans on it', () => {
  const told = 'Our watch is slow because ropes linger on the mole. Which values fix that?';
  const text = 'The watch is long.\n\nRopes lie on the mole.\n\nMany values of the boats fix that they are white.\n';
  expect(research([only('boats.md', text)], told).missing).toHaveLength(1);
});
