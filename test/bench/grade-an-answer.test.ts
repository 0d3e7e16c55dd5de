// grade-an-answer.test.ts: the first grade of an answer goes by whole words and by the passages that quotes hold, and
// the question sets have the shape that a report counts on. No server; never prints a question.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gradeAnswer, type GradedAnswer } from '../../bench/answers/grade.ts';
import type { Question } from '../../bench/answers/questions.ts';

const HERE = join(__dirname, '../../bench/answers');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(HERE, name), 'utf8')) as T;

const question = (any: string[], text = 'The kettle holds two litres of water.'): Question => ({
  id: 'x01',
  folder: 'kitchen',
  kind: 'how many',
  question: 'How much does the kettle hold?',
  facts: [{ fact: 'two litres', any }],
  passages: [{ file: 'notes/kettle.md', line: 4, text }],
});
const answer = (text: string, quote = text, source = 'notes/kettle.md'): GradedAnswer => ({
  sections: [{ heading: 'In short', claims: [{ text, citations: [1] }] }],
  citations: [{ source, sha256: '', quote, place: { line: 4 } }],
  gaps: [],
});
const says = (text: string, ...any: string[]): boolean | undefined => gradeAnswer(question(any), answer(text)).said[0];

test('a number counts only where it stands alone', () => {
  expect(says('It holds 10 of them.', '10')).toBe(true);
  expect(says('It holds 2010 of them.', '10')).toBe(false);
  expect(says('It came with 4.1.2.', '4.1')).toBe(false);
  expect(says('It came with 14.1.', '4.1')).toBe(false);
  expect(says('It came with 4.1.', '4.1')).toBe(true);
});

test('commas of thousands, Markdown and curly quotes make no difference', () => {
  expect(says('It is 3,700,000 a year.', '3700000')).toBe(true);
  expect(says('Use `--logs-max=0`.', 'logs-max=0')).toBe(true);
  expect(says('It is the cook’s.', "the cook's")).toBe(true);
});

test('one wording suffices, and a wording of two parts needs both', () => {
  expect(says('It holds two litres.', 'a gallon', 'two litres')).toBe(true);
  expect(says('It holds two litres.', 'litres & two')).toBe(true);
  expect(says('It holds two litres.', 'litres & three')).toBe(false);
});

test('a passage is cited by a quote that holds most of its words, from its own file', () => {
  const cited = (quote: string, source?: string): boolean | undefined =>
    gradeAnswer(question([]), answer('It holds enough.', quote, source)).cited[0];
  expect(cited('The kettle holds two litres of water.')).toBe(true);
  expect(cited('The kettle holds two litres of water.', 'docs/notes/kettle.md')).toBe(true);
  expect(cited('The kettle holds two litres of water.', 'notes/other.md')).toBe(false);
  expect(cited('The kettle is blue.')).toBe(false);
});

test('sentences are counted, and a gap only where one is told', () => {
  const grade = gradeAnswer(question([]), answer('It holds two litres, e.g. of water. It is blue.'));
  expect(grade.sentences).toBe(2);
  expect(grade.gapSaid).toBe(false);
  expect(gradeAnswer(question([]), { sections: [], citations: [], gaps: ['Nothing tells its colour.'] }).gapSaid).toBe(
    true,
  );
});

test('each half has thirty questions over five folders, the fresh set twenty over two others, each with what it needs', () => {
  const folders = Object.keys(read<object>('folders.json'));
  const sets = ['tune', 'held-out', 'fresh'].map((set) => read<Question[]>(`questions-${set}.json`));
  const absent = (questions: Question[]): number => questions.filter(({ facts }) => facts.length === 0).length;
  const used = sets.map((questions) => new Set(questions.map(({ folder }) => folder)));
  expect(sets.map((questions) => questions.length)).toEqual([30, 30, 20]);
  expect(sets.map(absent)).toEqual([5, 5, 2]);
  expect(used.map((names) => names.size)).toEqual([5, 5, 2]);
  expect([...(used[2] ?? [])].some((name) => used[0]?.has(name) || used[1]?.has(name))).toBe(false);
  const all = sets.flat();
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { folder, facts, passages, gap } of all) {
    expect(folders).toContain(folder);
    expect(facts.every(({ any }) => any.length > 0)).toBe(true);
    expect(facts.length > 0 ? passages.length > 0 : gap !== undefined && passages.length === 0).toBe(true);
  }
});
