// leads-on.test.ts: what a quote leads on to, and what stands around it: rows of other tables, versions of other packages,
// the neighbour of a version, notes, questions of plain texts, definitions.

import { type Doc, only, planFor, research } from './support.ts';

const claims = (docs: Doc[], goal: string): string[] => research(docs, goal).findings.map(({ claim }) => claim);

const CHANGES = only(
  'changes.md',
  '# Changes\n\n## 3.2.0 (2024-05-02)\n\n- Added export of tables.\n\n## 3.1.0 (2024-02-11)\n\n- Added a dark mode.\n\n## 3.0.0 (2023-11-20)\n\n- Dropped an old browser.\n',
);

test('a row that a cell of another table is about is quoted with it, and no other row of its table', () => {
  const teams = only('teams.md', '| Team | Lead |\n|---|---|\n| Blue | Grace Hopper |\n| Red | Ada Lovelace |\n');
  const people = only('people.md', '| Name | Room |\n|---|---|\n| Ada Lovelace | 2.14 |\n| Grace Hopper | 3.02 |\n');
  const said = claims([teams, people], 'In which room sits the lead of Blue?').join('\n');
  expect(said).toContain('Grace Hopper: 3.02');
  expect(said).not.toContain('2.14');
});

test('the version of a package that an entry names leads on to its own changelog', () => {
  const app = only('app/history.md', '2.0.0 / 2024-01-05\n===================\n\n  * deps: sender@0.18.0\n');
  const sender = only(
    'sender/history.md',
    '0.19.0 / 2024-03-01\n===================\n\n  * Fix a leak of memory\n\n0.18.0 / 2023-12-24\n===================\n\n  * Fix the range of a header\n',
  );
  const said = claims([app, sender], 'On which day was the version of sender published that app 2.0.0 depends on?');
  expect(said.join('\n')).toContain('0.18.0 / 2023-12-24');
  expect(said.join('\n')).not.toContain('0.19.0');
});

test('a mark in a row leads on to its note', () => {
  const text =
    'Release    Owner      Free\n\n1.5        Ada        yes\n1.6        Grace      yes (2)\n\n(1) Nobody is asked.\n\n(2) A lawyer says that this one is not.\n';
  const said = claims([only('terms.txt', text)], 'Is release 1.6 free?').join('\n');
  expect(said).toContain('yes (2)');
  expect(said).toContain('A lawyer says');
});

test.each([
  ['What was added in the release after 3.0.0?', '3.1.0 (2024-02-11): Added a dark mode.'],
  ['What was added in the release before 3.2.0?', '3.1.0 (2024-02-11): Added a dark mode.'],
  ['What was dropped in the version that came before 3.1.0?', '3.0.0 (2023-11-20): Dropped an old browser.'],
])('the neighbour of a version is read from the changelog that has both: %s', (goal, claim) => {
  const { findings, missing } = research([CHANGES], goal);
  expect(findings[0]?.claim).toContain(claim);
  expect(missing).toEqual([]);
});

test('a numbered question of a plain text heads what stands indented below it, and its answer is quoted from its start', () => {
  const text =
    '1. Is the library thread-safe?\n\n    Yes.  However, any routines that it uses must be so, too.\n\n2. Is it fast?\n\n    As far as we know.\n';
  const { findings } = research([only('FAQ.txt', text)], 'Is the library thread-safe?');
  expect(findings[0]?.citations[0]?.quote).toMatch(/^Yes\. {2}However, any routines/);
});

test('a version that stands alone in a plain text heads what was changed in it', () => {
  const text =
    'version 1.31 - Ada Lovelace, 2019-01-02\n\n* Support for zipped archives\n\nThe new option picks the program.\n';
  expect(claims([only('NEWS', text)], 'When did support for zipped archives come?')[0]).toContain('2019-01-02');
});

test('two things are told apart by what stands first under the name of each', () => {
  const text =
    '## depthLimit (Number)\n\nDefault: `5`\n\nThe deepest nesting that is written.\n\n## edgeLimit (Number)\n\nDefault: `100`\n\nThe most entries of one object.\n';
  const said = claims([only('api.md', text)], 'What is the difference between depthLimit and edgeLimit?').join('\n');
  expect(said).toContain('The deepest nesting that is written.');
  expect(said).toContain('The most entries of one object.');
});

test('items under an item are read with it', () => {
  const text = '## 4.20.0\n\n* deps: parser@0.6.0\n  - Fix the depth of forms\n  - Fix a typing error\n* fix a leak\n';
  expect(claims([only('history.md', text)], 'In which version was the depth of forms fixed?')[0]).toContain(
    'deps: parser@0.6.0: Fix the depth of forms',
  );
});

test('a second question without a verb asks what the first one asks', () => {
  expect(planFor('What was fixed in acorn 8.17.0, and what in 8.18.0?').map(({ goal }) => goal)).toEqual([
    'What was fixed in acorn 8.17.0',
    'What was fixed in acorn 8.18.0?',
  ]);
});

test('the value that stands above a description is quoted with it', () => {
  const text =
    '## depthLimit (Number)\n\nDefault: `5`\n\nThe deepest nesting that is written.\n\n## name\n\nWhat it is called.\n';
  const { findings } = research([only('api.md', text)], 'How deep is the nesting that is written with depthLimit?');
  expect(findings[0]?.citations[0]?.quote).toMatch(/^Default: `5`\n\nThe deepest nesting/);
});

test('… also with other short items between, and then the question is answered', () => {
  const text =
    '## pullRetries\n\n* Default: **2**\n* Type: **Number**\n\nHow many times to retry if Skua fails to pull.\n';
  const { findings, missing } = research([only('set.md', text)], 'How many times does Skua retry a pull that fails?');
  expect(findings[0]?.citations[0]?.quote).toMatch(/^\* Default: \*\*2\*\*[^]*How many times to retry/);
  expect(missing).toEqual([]);
});

test('what a thing is, is said first by what stands first under its name', () => {
  const text = '#### `enabled` (Boolean)\n\nDefault: `true`\n\nSet to `false` to have it silent.\n';
  const docs = [
    only('api.md', text),
    only('other.md', 'The option of the serializer is enabled by itself, and is fast.'),
  ];
  expect(claims(docs, 'What does the enabled option do?')).toEqual([expect.stringContaining('Set to `false`')]);
});

test('a sentence further on is quoted with one that lacks what is asked for', () => {
  const text = 'I had a governess in my childhood. I remember no day without her. This was Madame Perrodon of Berne.\n';
  expect(claims([only('story.txt', text)], 'Who was the governess?')[0]).toContain('Perrodon');
});

test.each([
  ['How many developers work on boats of Harbour?', 'Harbour has 12 boats, and all work on Mondays.'],
  ['What is the phone number of Ada Lovelace?', 'Ada Lovelace joined Harbour in 1911.'],
  ['Who painted Harbour?', 'Harbour is a place of Old Town.'],
])('what speaks of the thing and not of what is asked of it is no answer: %s', (goal, text) => {
  expect(research([only('harbour.md', text)], goal).missing.join('\n')).toContain('No sure answer was found to');
});
