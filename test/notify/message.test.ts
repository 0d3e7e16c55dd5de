// What is told of a task: what it holds, and that it is small whatever the task's texts are.

import fc from 'fast-check';
import { messageOf, type ToldTask } from '../../activities/notify/message.ts';
import type { Answer } from '../../protocol/answer.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { head, resultOf } from '../store/store-under-test.ts';
import { delivery } from './support.ts';

const TASK = 'compare-them-9f2c';
const answer = (text: string, citations = 1, quote = 'exact words'): Answer => ({
  sections: [{ heading: 'Policies', claims: [{ text, citations: [1] }] }],
  citations: Array.from({ length: citations }, (_, at) => ({
    source: `docs/${at}.md`,
    sha256: 'a'.repeat(64),
    quote,
    place: { line: at + 1 },
  })),
  gaps: [],
  notes: [],
});
const result = (more: Partial<TaskResult> = {}): TaskResult => ({
  ...resultOf(head(TASK)),
  goal: 'Compare them',
  ...more,
});
const told = (more: Partial<ToldTask> = {}): ToldTask => ({ taskId: TASK, goal: 'Compare them', ...more });
const parsed = (body: string) => JSON.parse(body) as { type: string; timestamp: string; data: Record<string, unknown> };

test('who is told of a completed task gets its answer, its citations, its coverage and where the rest is', () => {
  const done = told({ result: result(), answer: answer('Both wait.'), publicUrl: 'https://muster.example.com' });
  const { title, text, body, url } = messageOf(delivery(), done);
  expect(parsed(body)).toEqual({
    type: 'task.completed',
    timestamp: '2026-01-02T03:04:05.000Z',
    data: {
      task_id: TASK,
      status: 'completed',
      outcome: 'completed',
      goal: 'Compare them',
      answer: expect.stringContaining('- Both wait. [1]') as string,
      citations: [{ n: 1, source: 'docs/0.md', at: 'docs/0.md:1', quote: 'exact words', sha256: 'a'.repeat(64) }],
      citations_total: 1,
      coverage: { done: 0, failed: 0, skipped: 0, gaps: [], gaps_total: 0 },
      links: {
        task: `https://muster.example.com/tasks/${TASK}`,
        result: `https://muster.example.com/tasks/${TASK}/result`,
      },
    },
  });
  expect([title, url]).toEqual(['Done: Compare them', `https://muster.example.com/tasks/${TASK}`]);
  expect(text).toMatch(/^## Policies[^]*All of it: https:\/\/muster\.example\.com\/tasks\/compare-them-9f2c$/);
});

test('who is told of a task with a schema gets its data, and where they are too large that the result has them', () => {
  const dataOf = (more: Partial<TaskResult>) =>
    parsed(messageOf(delivery(), told({ result: result(more), answer: answer('Both wait.') })).body).data;
  expect(dataOf({ data: { policies: 2 } })).toMatchObject({ data: { policies: 2 } });
  expect(dataOf({})).not.toHaveProperty('data');
  for (const more of [{ data: { all: '\u0001'.repeat(1_000) } }, { dataRef: 'a'.repeat(64) }]) {
    expect(dataOf(more)).toMatchObject({ data_left_out: true });
    expect(dataOf(more)).not.toHaveProperty('data');
  }
});

test('a task that failed is told with its failure, what to do, and what it had found', () => {
  const failure = { type: 'ModelQuotaExhausted', message: 'the account has no quota left' } as const;
  const failed = told({ result: result({ outcome: 'failed', failure, draft: 'Found so far.' }) });
  const { text, body } = messageOf(delivery({ event: 'task.failed' }), failed);
  expect(parsed(body).data).toMatchObject({
    status: 'failed',
    failure: { ...failure, hint: expect.stringContaining('add credit') as string },
    answer: 'Found so far.',
    links: { command: `muster result ${TASK}` },
  });
  expect(text).toMatch(/^The account has no quota left\. The account[^]*Found so far\.[^]*muster result/);
});

test('a task that was terminated is told as failed, and says so', () => {
  const { body, text } = messageOf(delivery({ event: 'task.failed' }), told());
  expect(parsed(body).data).toMatchObject({
    status: 'failed',
    failure: { message: expect.stringContaining('terminated') as string },
  });
  expect(text).toContain('terminated from outside');
});

test('progress and a demotion are told without a result', () => {
  const progress = { percent: 40.4, done: 2, of: 5 };
  const { title, text, body } = messageOf(delivery({ event: 'task.progress', progress }), told());
  expect([title, text.split('\n')[0]]).toEqual(['40 %: Compare them', '2 of 5 subtasks are done.']);
  expect(parsed(body).data).toEqual({
    task_id: TASK,
    status: 'running',
    goal: 'Compare them',
    progress,
    links: { command: `muster result ${TASK}` },
  });
  expect(parsed(messageOf(delivery({ event: 'task.demoted' }), told()).body).data.status).toBe('running');
});

test('an answer that is too long is cut, as much as fits is told, and that it was cut', () => {
  const { body } = messageOf(
    delivery(),
    told({ result: result(), answer: answer('word '.repeat(50_000), 200, 'q'.repeat(2_000)) }),
  );
  const { data } = parsed(body);
  const bytes = Buffer.byteLength(body);
  expect([bytes > 19_000, bytes < 20_000]).toEqual([true, true]);
  expect(data.answer_truncated).toBe(true);
  expect(data.citations_total).toBe(200);
});

test('what is told of a task has less than 20 kB and is whole JSON, whatever its texts are', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('\u0000', '\ud800', '😀', '"\\', '\n', '中', 'a'),
  );
  const text = fc
    .tuple(piece, fc.nat(6_000))
    .map(([one, times]) => one.repeat(Math.ceil(times / Math.max(1, one.length))));
  fc.assert(
    fc.property(text, text, text, text, fc.nat(40), (goal, claim, quote, gap, many) => {
      const coverage = { ...NO_COVERAGE, gaps: Array.from({ length: many }, () => gap) };
      const failure = { type: 'AllSubtasksFailed', message: gap } as const;
      const task = {
        taskId: TASK,
        goal,
        result: result({ goal, coverage, failure, data: { claim } }),
        answer: answer(claim, many, quote),
      };
      const { body, title, text: words } = messageOf(delivery(), task);
      expect(Buffer.byteLength(body)).toBeLessThan(20_000);
      expect(parsed(body).data.task_id).toBe(TASK);
      expect(title.length).toBeLessThanOrEqual(120);
      expect(words.length).toBeLessThanOrEqual(8_000);
    }),
    { numRuns: 40 },
  );
});
