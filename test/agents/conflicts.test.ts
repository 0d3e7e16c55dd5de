// Which findings contradict each other, by rule: measured on pairs that are labelled and half held out, and on READMEs that were not
// written for this. test/fixtures/conflicts/pairs.json was written by the hand that wrote the rule; the READMEs were not.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { amountsIn } from '../../activities/evidence/conflicts/amounts.ts';
import { findConflicts } from '../../activities/evidence/conflicts/find-conflicts.ts';
import { settle } from '../../activities/evidence/conflicts/settle.ts';
import { sentencesOf } from '../../activities/evidence/conflicts/statement.ts';
import type { FoundConflict } from '../../protocol/conflicts.ts';

interface Pair {
  set: 'tune' | 'held-out';
  conflict: boolean;
  a: string;
  b: string;
}
const pairs = JSON.parse(readFileSync(path.resolve(__dirname, '../fixtures/conflicts/pairs.json'), 'utf8')) as Pair[];

const said = (...texts: [source: string, claim: string][]) =>
  texts.map(([source, claim], at) => ({ id: `s1/g1/${at + 1}`, source, claim }));
const between = (a: string, b: string, goal = ''): FoundConflict[] =>
  findConflicts(said(['a.md', a], ['b.md', b]), goal);

test.each(['tune', 'held-out'])(
  'of %s pairs four of five conflicts are found, and nine of ten found ones are',
  (set) => {
    const of = pairs.filter((pair) => pair.set === set);
    const planted = of.filter(({ conflict }) => conflict);
    const near = of.filter(({ conflict }) => !conflict);
    expect(Math.min(planted.length, near.length)).toBeGreaterThanOrEqual(30);
    const found = planted.filter(({ a, b }) => between(a, b).length > 0).length;
    const wrong = near.filter(({ a, b }) => between(a, b).length > 0).length;
    expect(found / planted.length).toBeGreaterThanOrEqual(0.8);
    expect(found / (found + wrong)).toBeGreaterThanOrEqual(0.9);
  },
);

test('which of the two is first makes no difference', () => {
  for (const { a, b } of pairs) expect(between(a, b).length).toBe(between(b, a).length);
});

/** Sentences of the packages that are installed here, whoever wrote them. */
function readmes(): Map<string, string[]> {
  const modules = path.resolve(__dirname, '../../node_modules');
  return new Map(
    readdirSync(modules).flatMap((name): [string, string[]][] => {
      const file = ['README.md', 'readme.md', 'Readme.md'].map((one) => path.join(modules, name, one)).find(existsSync);
      if (file === undefined) return [];
      const text = readFileSync(file, 'utf8').replaceAll(/```[\s\S]*?```/g, '');
      const parts = text.split(/\n\s*\n|\n(?=\s*[-*|#])/).map((part) =>
        part
          .replaceAll(/\s+/g, ' ')
          .replace(/^[-*#>|\s]+/, '')
          .trim(),
      );
      const sentences = parts.flatMap((part) => sentencesOf(part)).map((one) => one.text);
      return [
        [`${name}.md`, [...new Set(sentences)].filter((one) => one.length > 30 && one.length < 300).slice(0, 150)],
      ];
    }),
  );
}

test('READMEs of different packages contradict each other in nothing', () => {
  const all = [...readmes()];
  expect(all.length).toBeGreaterThan(100);
  const found = all.flatMap(([source, sentences], at) => {
    const [other, others] = all[(at + 1) % all.length] ?? ['', []];
    const findings = [...sentences.map((one) => [source, one] as const), ...others.map((one) => [other, one] as const)];
    return findConflicts(said(...findings.map(([from, claim]): [string, string] => [from, claim])), '');
  });
  expect(found).toEqual([]);
});

const each = (units: string, to: string, factor: number) =>
  units.split(' ').map((unit) => [unit, { to, factor }] as const);
const CONVERSIONS = new Map([
  ...each('s sec second seconds', 'ms', 1_000),
  ...each('ms milliseconds millisecond', 's', 0.001),
  ...each('min minute minutes', 's', 60),
  ...each('h hour hours', 'minutes', 60),
  ...each('day days', 'hours', 24),
  ...each('bytes byte', 'kB', 0.001),
  ...each('KB kB', 'bytes', 1_000),
  ...each('MB', 'kB', 1_000),
  ...each('GB', 'MB', 1_000),
]);

test('an amount that was changed in a sentence of a README is found, and one in another unit is none', () => {
  const stated = [...readmes().values()].flat().flatMap((sentence) => {
    const [amount, ...others] = amountsIn(sentence).filter(({ measure }) => measure === 'time' || measure === 'data');
    const unit = amount && CONVERSIONS.get(amount.unit);
    const number = Number(/^[\d.,]+/.exec(amount?.text ?? '')?.[0].replaceAll(',', ''));
    if (!amount || others.length > 0 || !unit || !(number > 0) || amount.low !== amount.high) return [];
    const put = (text: string) => sentence.slice(0, amount.start) + text + sentence.slice(amount.end);
    const converted = put(`${number * unit.factor} ${unit.to}`);
    return [{ sentence, changed: put(`${number * 3} ${amount.unit}`), converted }];
  });
  expect(stated.length).toBeGreaterThanOrEqual(30);
  const found = stated.filter(({ sentence, changed }) => between(sentence, changed).length > 0);
  expect(found.length / stated.length).toBeGreaterThanOrEqual(0.8);
  expect(stated.filter(({ sentence, converted }) => between(sentence, converted).length > 0)).toEqual([]);
});

test.each([
  ['Part 1 holds 100 litres of coolant.', 'Part 11 holds 1100 litres of coolant.'],
  ['The crane at berth 3 lifts 40 tonnes.', 'The crane at berth 4 lifts 60 tonnes.'],
  ['About 100 litres of coolant are in tank 2.', 'About 300 litres of coolant are in tank 7.'],
  ['Step 2: wait for 10 minutes until the kiln is cold.', 'Step 5: wait for 20 minutes until the kiln is cold.'],
  ['The lock on floor 3: it opens after 20 minutes.', 'The lock on floor 4: it opens after 50 minutes.'],
])('what is said of two numbered things is no conflict: %s %s', (a, b) => {
  expect(between(a, b)).toEqual([]);
});

test.each([
  ['The gateway listens on port 8080 by default.', 'The gateway listens on port 9090 by default.'],
  ['Berth 3 is closed in winter.', 'Berth 3 is open in winter.'],
  ['Part 1 holds 100 litres of coolant.', 'Part 1 holds 250 litres of coolant.'],
  ['The gateway of port 8080 tries 3 times.', 'The gateway of port 8080 tries 5 times.'],
  ['The gateway tries port 8080 for 3 minutes.', 'The gateway tries port 9090 for 3 minutes.'],
  ['The crane lifts 40 tonnes in 3 minutes.', 'The crane lifts 60 tonnes in 3 minutes.'],
  ['The port of Silla serves 12 berths.', 'The port of Silla serves 14 berths.'],
])('what is said of one thing is, with or without a number in its name: %s %s', (a, b) => {
  expect(between(a, b)).toHaveLength(1);
});

test('sources that agree stand on one side', () => {
  const [conflict, ...others] = findConflicts(
    said(
      ['old.md', 'The request times out after 30 seconds.'],
      ['new.md', 'The time-out of the request is 60 seconds.'],
      ['blog.md', 'The request times out after 60 seconds.'],
    ),
    'When does a request time out?',
  );
  expect(others).toEqual([]);
  expect(conflict?.sides.map(({ value, source, findings }) => [value, source, findings])).toEqual([
    ['30 seconds', 'old.md', ['s1/g1/1']],
    ['60 seconds', 'new.md', ['s1/g1/2', 's1/g1/3']],
  ]);
});

test('what nobody asked about is no conflict', () => {
  const [a, b] = ['The cache of the server holds 20 pages.', 'The cache of the server holds 30 pages.'];
  expect(between(a, b, 'How many pages does the cache hold?')).toHaveLength(1);
  expect(between(a, b, 'Who built the harbour?')).toEqual([]);
});

test('what two documents say of themselves is of two things where the question names both', () => {
  const both = said(
    ['harbour.md', 'A refused request is tried again after 90 seconds.'],
    ['lighthouse.md', 'A refused request is tried again after 4 minutes.'],
  );
  expect(findConflicts(both, 'When is a refused request tried again in harbour and in lighthouse?')).toEqual([]);
  expect(findConflicts(both, 'When is a refused request tried again?')).toHaveLength(1);
});

test('one document does not contradict itself, and the days of two changelogs nothing', () => {
  expect(findConflicts(said(['a.md', 'The cache holds 20 pages.'], ['a.md', 'The cache holds 30 pages.']), '')).toEqual(
    [],
  );
  const entries = said(
    ['a/changelog.md', '4.5.0 / 2014-07-04: Put the link into the page of a redirect'],
    ['b/changelog.md', '1.16.0 / 2024-09-10: Remove the link from the page of a redirect'],
  );
  expect(findConflicts(entries, 'Which release removed the link of a redirect?')).toEqual([]);
});

test('rows about one thing that differ in what is asked contradict each other', () => {
  const rows = said(
    ['old.csv', 'countries: Croatia: capital: Zagreb; currency: HRK'],
    ['new.csv', 'states: Croatia: currency: EUR; capital: zagreb'],
  );
  const [conflict] = findConflicts(rows, 'What is the currency of Croatia?');
  expect(conflict).toMatchObject({ about: 'currency of Croatia', sides: [{ value: 'HRK' }, { value: 'EUR' }] });
  expect(findConflicts(rows, 'What is the capital of Croatia?')).toEqual([]);
});

test('a finding that says what it was changed to, or since when, settles a conflict; one that takes a side does not', () => {
  const [open] = between('The request times out after 30 seconds.', 'The time-out of the request is 60 seconds.');
  if (!open) throw new Error('no conflict');
  const by = (claim: string) => settle(open, [{ id: 's9/g1/1', source: 'news.md', claim }]).settled;
  expect(by('3.0: the time-out of a request was raised from 30 s to 1 minute.')).toEqual({
    side: 1,
    finding: 's9/g1/1',
  });
  expect(by('Since 3.0 a request has a time-out of 60 s.')).toEqual({ side: 1, finding: 's9/g1/1' });
  expect(by('The time-out of a request is 30 s.')).toBeUndefined();
  expect(by('The size of the pool was raised from 30 to 60.')).toBeUndefined();
});

test('of many conflicts a few are told, however many findings there are', () => {
  const many = Array.from({ length: 400 }, (_, at): [string, string] => [
    `doc-${at}.md`,
    `The cache of server ${'abcdefghij'[at % 10] ?? ''} holds ${at} pages in memory.`,
  ]);
  const [one] = findConflicts(said(...many), 'How many pages does the cache hold?');
  expect(one?.sides.length).toBeLessThanOrEqual(6);
  const nouns = 'amber birch cedar delta ember flint grove heron inlet jetty kiosk ledge manor night ocean pearl'.split(
    ' ',
  );
  const pairsOf = nouns.flatMap((noun, at): [string, string][] => [
    [`a-${noun}.md`, `The ${noun} gate opens after ${at + 1} minutes.`],
    [`b-${noun}.md`, `The ${noun} gate opens after ${at + 40} minutes.`],
  ]);
  expect(findConflicts(said(...pairsOf), 'When does each gate open?')).toHaveLength(8);
});
