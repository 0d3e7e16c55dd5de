// Subtasks of one plan that ask for the same become one, and what needed one of them needs the one that is left.

import { mergeAdded, mergeSubtasks } from '../../activities/agents/merge-subtasks.ts';
import type { ProposedSubtask } from '../../activities/agents/planned-subtask.ts';
import { graphProblem } from '../../protocol/plan.ts';

const LIMITS = 'What are the rate limits of the Stripe API?';
const LIMITS_TOO = 'Find the rate limits that the Stripe API has.';
const OTHER = 'What are the rate limits of the GitHub API?';
const BEST = { kind: 'bestEffort', min: 1 } as const;

const one = (id: string, goal: string, needs: string[] = [], more: Partial<ProposedSubtask> = {}): ProposedSubtask => ({
  id,
  title: `T ${id}`,
  kind: 'researcher',
  goal,
  needs,
  mode: 'blocking',
  ...more,
});
const merge = (...planned: ProposedSubtask[]) => mergeSubtasks(planned, BEST);
const shown = ({ left }: { left: ProposedSubtask[] }): string[] =>
  left.map(({ id, title, needs }) => [id, title, ...needs].join(' '));

test('duplicates become the first of them, numbered anew, and all that needed one of them need that one', () => {
  const made = merge(
    one('s1', LIMITS),
    one('s2', OTHER),
    one('s3', LIMITS_TOO),
    one('s4', 'Which API is cheaper for small shops?', ['s2', 's3']),
    one('s5', 'Which limit is lower for small shops?', ['s1', 's3']),
  );
  expect(shown(made)).toEqual(['s1 T s1', 's2 T s2', 's3 T s4 s2 s1', 's4 T s5 s1']);
  expect(made.merged).toEqual([{ title: 'T s3', into: 's1' }]);
});

test('what needs duplicates is compared by what is left of them', () => {
  const follow = 'Which of these limits apply to test accounts?';
  const made = merge(one('s1', LIMITS), one('s2', LIMITS_TOO), one('s3', follow, ['s1']), one('s4', follow, ['s2']));
  expect(shown(made)).toEqual(['s1 T s1', 's2 T s3 s1']);
  expect(made.merged).toEqual([
    { title: 'T s2', into: 's1' },
    { title: 'T s4', into: 's2' },
  ]);
});

test('what works from other findings, by another kind, or behind the answer, is no duplicate', () => {
  const made = merge(
    one('s1', LIMITS),
    one('s2', OTHER),
    one('s3', LIMITS_TOO, ['s2']),
    one('s4', LIMITS, [], { kind: 'reader' }),
    one('s5', LIMITS, ['s1']),
    one('s6', LIMITS_TOO, [], { mode: 'background' }),
  );
  expect(made.left).toHaveLength(6);
  expect(made.merged).toEqual([]);
});

test('as many are left as the join asks for', () => {
  const planned = [one('s1', LIMITS), one('s2', LIMITS_TOO), one('s3', LIMITS)];
  expect(mergeSubtasks(planned, { kind: 'quorum', k: 2 }).left).toHaveLength(2);
  expect(mergeSubtasks(planned, { kind: 'bestEffort', min: 3 }).left).toHaveLength(3);
  expect(mergeSubtasks(planned, { kind: 'all' }).left).toHaveLength(1);
});

test('whatever the plan, no merge makes a subtask wait for itself, and nothing loses what it needs', () => {
  const goals = [LIMITS, LIMITS_TOO, OTHER, 'Who founded Siemens in Berlin?'];
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let merges = 0;
  for (let round = 0; round < 400; round += 1) {
    const planned = Array.from({ length: 2 + random(8) }, (_, at) => {
      const needs = Array.from({ length: at }, (_one, before) => `s${before + 1}`).filter(() => random(3) === 0);
      return one(`s${at + 1}`, goals[random(goals.length)] ?? '', needs);
    });
    const { left, merged } = mergeSubtasks(planned, BEST);
    merges += merged.length;
    expect(graphProblem(left)).toBeUndefined();
    expect(left.length + merged.length).toBe(planned.length);
    // Where it went, by its title: each need of it went to one of its needs.
    const places = new Map(left.map(({ title, id }) => [title, id]));
    for (const { title, into } of merged) places.set(title, into);
    for (const { title, needs } of planned) {
      const place = left.find(({ id }) => id === places.get(title));
      for (const need of needs) expect(place?.needs).toContain(places.get(`T ${need}`));
      expect(place?.needs).not.toContain(place?.id);
    }
  }
  expect(merges).toBeGreaterThan(100);
});

test('what a person adds to a plan becomes what is there, under its id; what they left or reworded stays', () => {
  const plan = [
    one('s1', LIMITS),
    one('s3', LIMITS_TOO),
    one('s4', LIMITS_TOO),
    one('s5', OTHER, ['s4']),
    one('s6', OTHER, ['s1']),
  ];
  const made = mergeAdded(plan, new Set(['s4', 's5', 's6']), BEST);
  expect(shown(made)).toEqual(['s1 T s1', 's3 T s3', 's5 T s5 s1']);
  expect(made.merged).toEqual([
    { title: 'T s4', into: 's1' },
    { title: 'T s6', into: 's5' },
  ]);
  expect(mergeAdded(plan, new Set(['s4']), { kind: 'quorum', k: 5 }).merged).toEqual([]);
});
