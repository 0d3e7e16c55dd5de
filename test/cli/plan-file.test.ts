// plan-file.test.ts: what a person changed of a plan in a file becomes an edit, or a sentence that says why it can't.

import { planEditOf, readPlanFile } from '../../client/cli/plan-file.ts';
import type { TaskPlan } from '../../client/index.ts';

const PLAN: TaskPlan = {
  hash: 'a'.repeat(64),
  subtasks: ['s1', 's2', 's3'].map((id, i) => ({
    id,
    title: `Title ${id}`,
    kind: 'researcher',
    goal: `What of ${id}?`,
    needs: i === 0 ? [] : ['s1'],
    limits: { turns: 8, tokens: 40_000, seconds: 300, costUsd: 0.5 },
  })),
};
type Edited = { hash: string; subtasks: any[] };

/** What comes of the plan, changed as a person would. */
const edited = (change: (plan: Edited) => unknown): unknown => {
  const copy = structuredClone(PLAN) as Edited;
  change(copy);
  const read = readPlanFile(JSON.stringify(copy));
  return typeof read === 'string' ? read : planEditOf(PLAN, read);
};

test.each<[string, (plan: Edited) => unknown, unknown]>([
  ['nothing', () => undefined, undefined],
  ['the order', (plan) => plan.subtasks.reverse(), undefined],
  ['a part that is left out', (plan) => delete plan.subtasks[0].limits, undefined],
  [
    'words and limits',
    (plan) => Object.assign(plan.subtasks[1], { title: 'T', goal: 'g', limits: { turns: 3, tokens: 40_000 } }),
    { change: { s2: { title: 'T', goal: 'g', turns: 3 } } },
  ],
  ['one that is gone, whoever needed it', (plan) => plan.subtasks.shift(), { drop: ['s1'] }],
  [
    'one that is gone, also from needs',
    (plan) => {
      plan.subtasks.shift();
      for (const one of plan.subtasks) one.needs = [];
    },
    { drop: ['s1'] },
  ],
  [
    'one that is new',
    (plan) => plan.subtasks.push({ goal: 'Who?', title: 'W', kind: 'researcher', needs: ['s2'] }),
    { add: [{ goal: 'Who?', title: 'W', kind: 'researcher', needs: ['s2'] }] },
  ],
  ['the kind', (plan) => (plan.subtasks[0].kind = 'verifier'), /s1: its kind can’t be changed/],
  ['what it needs', (plan) => (plan.subtasks[2].needs = ['s2']), /s3: its needs can’t be changed/],
  ['dollars', (plan) => (plan.subtasks[0].limits.costUsd = 9), /s1: its costUsd can’t be changed/],
  ['an id', (plan) => (plan.subtasks[0].id = 's9'), /s9 is no subtask of this plan/],
  ['an id that stands twice', (plan) => plan.subtasks.push({ ...plan.subtasks[0] }), /s1 stands in it twice/],
  ['the hash', (plan) => (plan.hash = 'b'), /it is of another plan/],
  ['a field of no name', (plan) => (plan.subtasks[0].gaol = 'x'), /subtasks\.0 .*gaol/],
  ['a number that is a text', (plan) => (plan.subtasks[0].limits.turns = '3'), /subtasks\.0\.limits\.turns/],
])('an edit of %s', (_what, change, expected) => {
  const edit = edited(change);
  if (expected instanceof RegExp) expect(edit).toMatch(expected);
  else expect(edit).toEqual(expected);
});

test('what is no JSON is said to be none', () => {
  expect(readPlanFile('plan: 1')).toMatch(/^it is no JSON/);
  expect(readPlanFile('[]')).toMatch(/object/);
});
