// Which path a task takes, by everything that the router is told; and where each threshold lies.

import { taskRequest } from '../../client/task-request.ts';
import { BUILT_IN_CLASSES, fastStepsMs } from '../../protocol/classes.ts';
import { needsOf } from '../../protocol/route-needs.ts';
import { route, type RouteInput } from '../../protocol/route.ts';
import { readConfigFile } from '../../protocol/schemas/config.ts';
import { requestProblem } from '../../protocol/task.ts';
import { answered, planned, rowsOf } from './route-rows.ts';

const standard = BUILT_IN_CLASSES.standard;
const QUESTION = 'At which pressure does the relief valve open?';
const input = (more: Partial<RouteInput> = {}): RouteInput => ({
  asked: 'auto',
  class: standard,
  needs: needsOf(QUESTION),
  sources: { named: 1, documents: 12, passages: 90, isIndexed: true },
  lane: { workers: 1, waiting: 0 },
  ...more,
});
const ways = (more: Partial<RouteInput>): string => {
  const { path, by } = route(input(more));
  return `${path} ${by}`;
};

test('a short question over what is indexed is answered at once, and the verdict says why and by which numbers', () => {
  const verdict = route(input());
  expect(verdict).toMatchObject({ path: 'fast', asked: 'auto', by: 'fits', given: 'streamed' });
  expect(verdict.why).toBe('one call over what is found seems enough');
  expect(verdict.numbers).toMatchObject({
    steps: 1,
    mostSteps: 2,
    tools: 0,
    budgetMs: 6_000,
    documents: 12,
    rows: 0,
    workers: 1,
  });
});

test.each<[string, string, Partial<RouteInput>]>([
  ['whoever asked chose deep', 'deep caller', { asked: 'deep' }],
  [
    'whoever asked chose fast, whatever the question needs',
    'fast caller',
    { asked: 'fast', needs: needsOf('Compare all reports.') },
  ],
  ['whoever asked chose fast and nobody could answer', 'deep workers', { asked: 'fast', lane: { workers: 0 } }],
  ['nobody said a word', 'deep class', { asked: undefined }],
  [
    'the class says auto and nobody else a word',
    'fast fits',
    { asked: undefined, class: { ...standard, path: 'auto' } },
  ],
  ['the class is planned, and the caller leaves it open', 'deep class', { class: { ...standard, path: 'deep' } }],
  [
    'the class is answered at once, whatever is asked',
    'fast class',
    { class: { ...standard, path: 'fast' }, needs: needsOf('Compare all reports.') },
  ],
  [
    'a class that is answered at once is told to be planned',
    'deep caller',
    { asked: 'deep', class: { ...standard, path: 'fast' } },
  ],
  ['the class checks claim by claim', 'deep class', { class: BUILT_IN_CLASSES.thorough }],
  ['plans of the class are approved', 'deep class', { class: { ...standard, approve: true } }],
  ['the answer must fit a schema', 'deep request', { beyondOneCall: 'its answer must fit a schema' }],
  ['no documents are named', 'fast request', { sources: { named: 0 } }],
  ['no documents are named and nobody could answer', 'fast request', { sources: { named: 0 }, lane: { workers: 0 } }],
  ['the documents are not indexed', 'deep documents', { sources: { named: 1, isIndexed: false } }],
  ['nobody knows whether they are', 'fast fits', { sources: { named: 1 } }],
  ['small talk needs none of them', 'fast fits', { sources: { named: 1, isIndexed: false }, needs: needsOf('Hello!') }],
  ['no worker answers at once', 'deep workers', { lane: { workers: 0 } }],
  ['all places are taken', 'deep workers', { lane: { workers: 1, places: 4, underWay: 3, waiting: 1 } }],
  ['one place is free', 'fast fits', { lane: { workers: 1, places: 4, underWay: 3, waiting: 0 } }],
  ['the breaker is open', 'deep workers', { lane: { isBreakerOpen: true } }],
  ['nobody knows who is about', 'fast fits', { lane: undefined }],
  ['something is to be computed', 'deep question', { needs: needsOf('Calculate the total of all invoices.') }],
  [
    'it takes more than a few looks',
    'deep question',
    { needs: needsOf('Compare the retry policies of these clients.') },
  ],
  [
    'one call may not have so many tokens',
    'deep question',
    { class: { ...standard, subtask: { ...standard.subtask, tokens: 4_000 } } },
  ],
  ['a classifier says deep', 'deep question', { judge: { router: 'mine', path: 'deep', why: 'it is a survey' } }],
  [
    'a classifier says fast, and the documents are not indexed',
    'deep documents',
    { judge: { router: 'mine', path: 'fast' }, sources: { named: 1, isIndexed: false } },
  ],
])('when %s: %s', (_when, expected, more) => {
  expect(ways(more)).toBe(expected);
});

/** So many answers at once that take `ms`, all but `slow` of them, which take `slowMs`. */
const lately = (ms: number, slow = 0, slowMs = ms) =>
  rowsOf({ fast: Array.from({ length: 40 }, (_none, at) => answered(at, at < slow ? slowMs : ms)) });

describe('times decide, each on its own side of its bound:', () => {
  const wide = { ...standard, fastBudgetMs: 60_000 };
  test.each([
    [2_900, 'fast', 'whole'],
    [3_100, 'fast', 'streamed'],
    [9_900, 'fast', 'streamed'],
    [10_100, 'deep', undefined],
  ])('where nineteen of twenty take up to %d ms it goes %s, %s', (p95, path, given) => {
    // Three of forty: the 95th percentile, and not the 90th.
    const verdict = route(input({ class: wide, rows: lately(1_000, 3, p95) }));
    expect(verdict.numbers.expectedP95Ms).toBe(p95);
    expect([verdict.path, verdict.given]).toEqual([path, given]);
  });

  test('who asked for a stream gets one, however quick', () => {
    expect(route(input({ rows: lately(500), isStream: true })).given).toBe('streamed');
  });

  test.each([
    [5_900, 'fast fits'],
    [6_100, 'deep time'],
  ])('where nine of ten take up to %d ms of a budget of 6 s: %s', (p90, expected) => {
    const verdict = route(input({ rows: lately(1_000, 6, p90) }));
    expect(verdict.numbers.expectedP90Ms).toBe(p90);
    expect(`${verdict.path} ${verdict.by}`).toBe(p90 > 6_000 ? 'deep time' : expected);
  });

  test('of tasks that were planned, writing the answer says what one call takes', () => {
    const rows = rowsOf({ deep: Array.from({ length: 20 }, (_none, at) => planned(at, { synthesizing: 9_000 })) });
    expect(route(input({ rows }))).toMatchObject({ path: 'deep', by: 'time', numbers: { expectedP90Ms: 9_000 } });
  });
});

test('the steps of an answer at once may take together what its class allows, which is 1 to 10 s', () => {
  for (const [name, ms] of Object.entries({ quick: 5_000, standard: 6_000, thorough: 8_000 })) {
    const row = BUILT_IN_CLASSES[name as keyof typeof BUILT_IN_CLASSES];
    const { passages, model } = fastStepsMs(row);
    expect([row.fastBudgetMs, passages + model]).toEqual([ms, ms]);
    expect(passages).toBeLessThan(model);
  }
  const isTaken = (fastBudgetMs: number): boolean =>
    'config' in readConfigFile({ classes: { own: { extends: 'quick', fastBudgetMs } } });
  expect([999, 1_000, 10_000, 10_001].map(isTaken)).toEqual([false, true, true, false]);
});

test('a class that is answered from documents alone refuses a question without any, on each path', async () => {
  const request = await taskRequest({ goal: 'What is it?', sources: ['/docs'], path: 'fast' }, undefined);
  const asked = { ...request, sources: [] };
  expect(requestProblem(asked)).toBeUndefined();
  const strict = { ...asked, class: { ...asked.class, uncited: false } };
  expect(requestProblem(strict)).toMatch(/standard are answered from documents alone/);
  expect(requestProblem({ ...strict, path: 'deep' })).toMatch(/there is no source/);
});
