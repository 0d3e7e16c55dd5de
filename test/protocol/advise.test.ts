// How requests should be answered: at each bound, on either side of it.

import { advise, QUESTION_KEYS, type Told } from '../../protocol/advise.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { measured } from '../../protocol/measure.ts';
import { classTable, readConfigFile } from '../../protocol/schemas/config.ts';
import { answered, planned } from './route-rows.ts';

const standard = BUILT_IN_CLASSES.standard;
const QUIET: Told = {
  p95: 1,
  rate: 1,
  traffic: 'steady',
  people: 'wait',
  steps: false,
  costly: false,
  retries: false,
  partial: false,
  person: false,
  audit: false,
};
const told = (more: Told) => advise(standard, [], { ...QUIET, ...more });

test.each([
  [2.9, 'whole'],
  [3.1, 'streamed'],
  [9.9, 'streamed'],
  [10.1, 'async'],
])('where 95 of 100 take up to %d s, %s', (p95, verdict) => {
  const advice = told({ p95 });
  expect(advice.verdict).toBe(verdict);
  expect(advice.dimensions.find(({ name }) => name === 'time')).toMatchObject({ says: verdict, from: 'told' });
  expect(advice.why[0]).toContain(`${p95} s`);
});

test.each([
  [49, false],
  [51, true],
])('%d requests a second point to tasks: %s', (rate, isBusy) => {
  const { dimensions, questions } = told({ rate, traffic: undefined as never });
  expect(questions.find(({ key }) => key === 'busy')?.answer).toBe(isBusy);
  expect(dimensions.find(({ name }) => name === 'traffic')?.says).toBe(isBusy ? 'async' : 'either');
});

test.each([
  ['steady', 'whole'],
  ['bursty', 'whole'],
  ['batch', 'async'],
] as const)('requests that come %s are answered %s', (traffic, verdict) => {
  const advice = told({ traffic });
  expect(advice.verdict).toBe(verdict);
  expect(advice.questions.find(({ key }) => key === 'busy')?.answer).toBe(traffic !== 'steady');
});

test.each([
  [['steps', 'costly', 'retries'], 'whole'],
  [['steps', 'costly', 'retries', 'audit'], 'async'],
] as const)('where %j point to tasks, %s', (yes, verdict) => {
  const advice = told(Object.fromEntries(yes.map((key) => [key, true])));
  expect(advice.questions.filter(({ answer }) => answer)).toHaveLength(yes.length);
  expect(advice.verdict).toBe(verdict);
  expect(advice.why.join(' ')).toContain(`${yes.length} of 9 questions point to tasks (${yes.join(', ')})`);
});

test('there are five dimensions and nine questions, and what nobody says and nothing measured is open', () => {
  const { dimensions, questions, open } = advise(standard, []);
  expect(dimensions.map(({ name }) => name)).toEqual(['time', 'traffic', 'people', 'failures', 'observability']);
  expect(questions.map(({ key }) => key)).toEqual(QUESTION_KEYS);
  expect(questions).toHaveLength(9);
  expect(open).toEqual(QUESTION_KEYS.filter((key) => key !== 'long'));
  expect(questions[0]).toMatchObject({ key: 'long', answer: true, from: 'class' });
});

test('what was measured answers where it exists, and what somebody says wins over it', () => {
  const rows = Array.from({ length: 40 }, (_none, at) => planned(at, { subtasks: 4 }));
  const seen = [measured(rows)!];
  const advice = advise(standard, seen);
  expect(advice.questions.filter(({ from }) => from === 'measured').map(({ key, answer }) => [key, answer])).toEqual([
    ['long', false],
    ['steps', true],
    ['busy', false],
    ['retries', false],
  ]);
  expect(advise(standard, seen, { p95: 20, steps: false }).questions.slice(0, 2)).toMatchObject([
    { answer: true, from: 'told' },
    { answer: false, from: 'told' },
  ]);
});

test('tasks that failed or were cancelled say nothing of how long answers take', () => {
  const rows = Array.from({ length: 40 }, (_none, at) => ({
    ...answered(at, 100),
    ending: at < 5 ? ('completed' as const) : at < 25 ? ('failed' as const) : ('cancelled' as const),
  }));
  const [long] = advise(standard, [measured(rows)!]).questions;
  expect(long).toMatchObject({ key: 'long', answer: true, from: 'class' });
  const none = measured(rows.filter(({ ending }) => ending !== 'completed'))!;
  expect(advise(standard, [none]).verdict).toBe('async');
});

test('the class itself answers what it says of persons and checks', () => {
  const { questions } = advise({ ...standard, approve: true, verify: true }, []);
  const by = (key: string) => questions.find((one) => one.key === key);
  expect([by('person'), by('audit')]).toMatchObject([
    { answer: true, from: 'class' },
    { answer: true, from: 'class' },
  ]);
});

test.each([
  [{ p95: 2 }, 'fast'],
  [{ p95: 5 }, 'auto'],
  [{ p95: 30 }, 'deep'],
])('the config that is printed for %j puts path %s in place', (more, path) => {
  const { config } = told(more);
  const read = readConfigFile(config);
  if (!('config' in read)) throw new Error(read.problems.join('; '));
  const row = classTable(read.config).get('standard');
  expect(row).toMatchObject({ path, slo: { percentile: 95, owner: standard.slo.owner } });
});

test('of answers at once what they took is what counts, where most tasks are such', () => {
  const fast = measured(Array.from({ length: 90 }, (_none, at) => answered(at, 2_000)))!;
  const deep = measured(Array.from({ length: 12 }, (_none, at) => planned(at, { synthesizing: 60_000 })))!;
  expect(advise(standard, [deep, fast], { ...QUIET, p95: undefined as never }).verdict).toBe('whole');
});
