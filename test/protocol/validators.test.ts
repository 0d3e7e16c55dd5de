// What is refused before anything starts, with the words a person reads.

import { BUILT_IN_CLASSES, ceilingProblem } from '../../protocol/classes.ts';
import { graphProblem } from '../../protocol/plan.ts';
import { isNew, itemsOf, type SeenReports } from '../../protocol/reports.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
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
  expect(requestProblem({ ...request, path: 'fast', sources: [] })).toBeUndefined();
  expect(requestProblem({ ...request, path: 'fast', approve: true })).toMatch(/no plan to approve/);
  expect(requestProblem({ ...request, path: 'fast', outputSchema: {} })).toMatch(/fits no schema/);
  const blob = { kind: 'blob', sha256: '0'.repeat(64), name: 'a.txt', bytes: 1 } as const;
  expect(requestProblem({ ...request, sources: [blob] })).toBeUndefined();
  expect(requestProblem({ ...request, sources: [{ ...blob, sha256: 'x' }] })).toMatch(/SHA-256/);
  expect(requestProblem({ ...request, sources: [{ ...blob, name: '../a.txt' }] })).toMatch(/slash/);
  expect(requestProblem({ ...request, sources: [{ kind: 'url', url: 'https://example.com/a?b#c' }] })).toBeUndefined();
  expect(requestProblem({ ...request, class: { ...request.class, join: { kind: 'quorum', k: 0 } } })).toMatch(
    /quorum is 0/,
  );
  for (const rounds of [-1, 3, 0.5, NaN])
    expect(requestProblem({ ...request, rounds })).toMatch(/further rounds are asked for; .* from 0 to 2/);
  expect(requestProblem({ ...request, rounds: 2 })).toBeUndefined();
  expect(requestProblem({ ...request, path: 'fast', rounds: 1 })).toMatch(/has no rounds/);
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

describe('what comes by Signal', () => {
  const item = { subtask: 's1', generation: 2, seq: 1, kind: 'finding', finding: { id: '', claim: '', at: '' } };
  const outcome = {
    subtask: 's1',
    generation: 2,
    status: 'done',
    usage: NO_USAGE,
    turns: 1,
    startedAt: 0,
    endedAt: 1,
    records: 3,
    findingCount: 0,
    digests: [],
    missing: [],
  };
  const finished = { ...item, kind: 'finished', visit: 7, outcome };

  test('is a report when it is of this run and has the shape of one, alone or in a list', () => {
    expect(itemsOf({ v: 1, run: 'r', ...item }, 'r')).toHaveLength(1);
    expect(itemsOf({ v: 1, run: 'r', items: [item, finished] }, 'r')).toHaveLength(2);
    expect(itemsOf({ v: 1, run: 'other', items: [item] }, 'r')).toEqual([]);
    expect(itemsOf({ v: 2, run: 'r', items: [item] }, 'r')).toEqual([]);
  });

  test.each([
    ['nothing', undefined],
    ['text', 'text'],
    ['a list', [item]],
    ['items that are no list', { v: 1, run: 'r', items: 7 }],
    ['a finding without its words', { v: 1, run: 'r', items: [{ ...item, finding: { claim: 7 } }] }],
    ['an interruption without a number', { v: 1, run: 'r', items: [{ ...item, kind: 'resumed', attempt: 'x' }] }],
    ['another kind', { v: 1, run: 'r', items: [{ ...item, kind: 'gossip' }] }],
    ['an ending of another subtask', { v: 1, run: 'r', items: [{ ...finished, subtask: 's2' }] }],
    ['an ending without usage', { v: 1, run: 'r', items: [{ ...finished, outcome: { ...outcome, usage: {} } }] }],
    ['an ending of no known way', { v: 1, run: 'r', items: [{ ...finished, outcome: { ...outcome, status: 'x' } }] }],
    [
      'a failure that says not which',
      { v: 1, run: 'r', items: [{ ...finished, outcome: { ...outcome, status: 'failed' } }] },
    ],
  ])('is no report when it is %s', (_what, payload) => {
    expect(itemsOf(payload, 'r')).toEqual([]);
  });

  test('counts once: a number that was seen, or a lower one, is a repeat', () => {
    const seen: SeenReports = {};
    const fresh = (change: object): boolean => isNew(seen, { ...item, ...change } as Parameters<typeof isNew>[1]);
    expect(fresh({})).toBe(true);
    expect(fresh({})).toBe(false);
    expect(fresh({ seq: 2 })).toBe(true);
    expect(fresh({ generation: 3 })).toBe(true);
    // Interruptions count by themselves, and neither keep findings out nor are kept out by them.
    const resumed = { kind: 'resumed', seq: 0, turns: 1 };
    expect(fresh({ ...resumed, attempt: 2 })).toBe(true);
    expect(fresh({ ...resumed, attempt: 2 })).toBe(false);
    expect(fresh({ ...resumed, attempt: 3 })).toBe(true);
    expect(fresh({ seq: 3 })).toBe(true);
  });
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
