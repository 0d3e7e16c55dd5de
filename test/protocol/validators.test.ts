// What is refused before anything starts, with the words a person reads.

import { BUILT_IN_CLASSES, ceilingProblem } from '../../protocol/classes.ts';
import { graphProblem } from '../../protocol/plan.ts';
import { admitReport, type Report, type SeenReports } from '../../protocol/reports.ts';
import { canonicalJson, requestHash } from '../../protocol/schemas/hash.ts';
import { goalProblem, requestProblem, type TaskRequest } from '../../protocol/task.ts';

const request: TaskRequest = {
  v: 1,
  goal: 'why?',
  sources: [{ kind: 'path', path: '/docs' }],
  class: BUILT_IN_CLASSES.quick,
  tenant: 'default',
};

test('an empty goal and a goal over 32 KiB are refused in words', () => {
  expect(goalProblem('  \n')).toMatch(/empty/);
  expect(goalProblem('é'.repeat(16 * 1024))).toBeUndefined();
  expect(goalProblem(`${'é'.repeat(16 * 1024)}x`)).toMatch(/32769 bytes/);
});

test('a request without sources, or with what this version can’t do, is refused in words', () => {
  expect(requestProblem(request)).toBeUndefined();
  expect(requestProblem({ ...request, sources: [] })).toMatch(/no source/);
  expect(requestProblem({ ...request, path: 'fast' })).toMatch(/fast path/);
  expect(requestProblem({ ...request, sources: [{ kind: 'blob', sha256: 'x' }] })).toMatch(/"blob"/);
  expect(requestProblem({ ...request, sources: [{ kind: 'url', url: 'https://example.com/a?b#c' }] })).toBeUndefined();
  expect(requestProblem({ ...request, class: { ...request.class, join: { kind: 'all' } } })).toMatch(/"all"/);
});

test('two requests are the same ask whatever the order of their keys and the numbers of their class', () => {
  const { goal, ...rest } = request;
  expect(requestHash({ ...rest, goal })).toBe(requestHash(request));
  expect(requestHash({ ...request, class: { ...request.class, deadlineSeconds: 1 } })).toBe(requestHash(request));
  expect(requestHash({ ...request, class: BUILT_IN_CLASSES.standard })).not.toBe(requestHash(request));
  expect(canonicalJson({ b: 1, a: { d: undefined, c: 2 } })).toBe('{"a":{"c":2},"b":1}');
});

test('a class above the worker’s ceiling is refused with both numbers', () => {
  expect(ceilingProblem(BUILT_IN_CLASSES.thorough, BUILT_IN_CLASSES.thorough)).toBeUndefined();
  expect(ceilingProblem(BUILT_IN_CLASSES.thorough, BUILT_IN_CLASSES.quick)).toMatch(/7200.*60/);
});

test('a plan that waits for itself or for nobody is refused', () => {
  expect(
    graphProblem([
      { id: 's1', needs: [] },
      { id: 's2', needs: ['s1'] },
    ]),
  ).toBeUndefined();
  expect(
    graphProblem([
      { id: 's1', needs: ['s2'] },
      { id: 's2', needs: ['s1'] },
    ]),
  ).toMatch(/waits for itself/);
  expect(graphProblem([{ id: 's1', needs: ['s9'] }])).toMatch(/s9/);
});

test('the master admits a report once, of its own run and the subtask’s current generation', () => {
  const seen: SeenReports = {};
  const report: Report = {
    v: 1,
    run: 'r',
    subtask: 's1',
    generation: 2,
    seq: 1,
    kind: 'finding',
    finding: { id: '', claim: '', at: '' },
  };
  const admit = (change: Partial<Report>) =>
    admitReport(seen, { ...report, ...change } as Report, 'r', (id) => (id === 's1' ? 2 : undefined));
  expect(admit({ run: 'other' })).toBe(false);
  expect(admit({ generation: 1 })).toBe(false);
  expect(admit({ subtask: 's7' })).toBe(false);
  expect(admit({})).toBe(true);
  expect(admit({})).toBe(false);
  expect(admit({ seq: 2 })).toBe(true);
  // A report of an interruption counts by itself, and neither keeps findings out nor is kept out by them.
  const resumed = { kind: 'resumed', seq: 0, turns: 1 } as const;
  expect(admit({ ...resumed, attempt: 2 })).toBe(true);
  expect(admit({ ...resumed, attempt: 2 })).toBe(false);
  expect(admit({ ...resumed, attempt: 3 })).toBe(true);
  expect(admit({ seq: 3 })).toBe(true);
});

test.each([
  ['ftp://example.com/', 'not an http or https address'],
  ['https://', 'not an http or https address'],
  ['https://exa mple.com/', 'not an http or https address'],
  ['https://user:hunter2@example.com/', 'user name or password'],
  [`https://example.com/${'a'.repeat(3_000)}`, 'more than 2048 characters'],
])('a caller who names %s as a source is told why not, without a password', (url, words) => {
  const problem = requestProblem({ ...request, sources: [{ kind: 'url', url }] });
  expect(problem).toContain(words);
  expect(problem).not.toContain('hunter2');
});
