// How a person may change a plan, and what is refused of it in which words: before a worker looks at it, and by the worker.

import { editPlan } from '../../activities/revise-plan.ts';
import { researcher } from '../../activities/index.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { editedGraph, editShapeProblem, planEditProblem, type PlanEdit } from '../../protocol/plan-edit.ts';
import type { PlannedSubtask } from '../../protocol/plan.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import { specOf } from '../workflows/fan-out-ports.ts';

const PLAN: PlannedSubtask[] = [specOf('s1'), specOf('s2', ['s1']), specOf('s3', ['s1', 's2'])].map((spec) => ({
  ...spec,
  goal: `goal of ${spec.id}`,
}));
const { quick, standard } = BUILT_IN_CLASSES;
const request: TaskRequest = { v: 1, goal: 'g', sources: [], class: standard, tenant: 'default' };
const kinds = new Map([['researcher', researcher]]);
const edited = (edit: PlanEdit, asked = request) =>
  editPlan(PLAN, edit, asked, { kinds, defaultKind: 'researcher' }, 'queue', ['model']);

test('what needed a subtask that is dropped needs it no more; what is added is numbered on, and may need its like', () => {
  const edit = {
    drop: ['s1'],
    add: [
      { goal: 'a', needs: ['s2'] },
      { goal: 'b', needs: ['s4', 's1'] },
    ],
  };
  expect(editedGraph(PLAN, edit)).toEqual([
    { id: 's2', needs: [], mode: 'blocking' },
    { id: 's3', needs: ['s2'], mode: 'blocking' },
    { id: 's4', needs: ['s2'], mode: 'blocking' },
    { id: 's5', needs: ['s4'], mode: 'blocking' },
  ]);
});

test.each<[string, PlanEdit, RegExp]>([
  ['drops what is not there', { drop: ['s9'] }, /s9 is no subtask of this plan; it has s1, s2, s3/],
  ['changes what is not there', { change: { s9: {} } }, /s9 is no subtask of this plan/],
  ['drops and changes one', { drop: ['s1'], change: { s1: { title: 'x' } } }, /s1 is dropped and changed/],
  ['leaves nothing', { drop: ['s1', 's2', 's3'] }, /no subtask is left/],
  ['has more than the class allows', { add: [{ goal: 'a' }] }, /4 subtasks; class quick allows 3/],
  [
    'gives more tokens than the class',
    { change: { s1: { tokens: 60_001 } } },
    /s1: tokens is 60001; class quick allows 60000/,
  ],
  ['gives more turns than the class', { change: { s1: { turns: 6 } } }, /s1: turns is 6; class quick allows 5/],
  [
    'gives more seconds than the class',
    { change: { s1: { seconds: 46 } } },
    /s1: seconds is 46; class quick allows 45/,
  ],
  ['gives no tokens', { change: { s1: { tokens: -1 } } }, /s1: tokens is -1; it must be a whole number from 1000/],
  ['gives a number that is none', { change: { s1: { seconds: NaN } } }, /s1: seconds is NaN/],
  ['has an empty goal', { change: { s2: { goal: ' ' } } }, /s2: the goal is empty/],
  ['has a title without words', { change: { s2: { title: '' } } }, /s2: a title has 1 to 120 characters/],
  ['adds without a goal', { drop: ['s3'], add: [{ goal: '' }] }, /s4: the goal is empty/],
  [
    'needs what is not there',
    { drop: ['s3'], add: [{ goal: 'a', needs: ['s7'] }] },
    /needs s7, which is not in the plan/,
  ],
  ['waits for itself', { drop: ['s3'], add: [{ goal: 'a', needs: ['s4'] }] }, /s4 waits for itself/],
])('an edit that %s is refused in a sentence', (_what, edit, words) => {
  expect(editShapeProblem(edit)).toBeUndefined();
  expect(planEditProblem(PLAN, edit, quick)).toMatch(words);
});

test.each<[unknown, RegExp]>([
  [null, /has the form/],
  [[], /has the form/],
  [{ remove: [] }, /has no "remove"/],
  [{ drop: 's1' }, /list of ids/],
  [{ change: [] }, /names subtasks by their ids/],
  [{ change: { s1: { queue: 'mine' } } }, /s1: "queue" can't be changed/],
  [{ change: { s1: { tokens: '5' } } }, /s1: turns, tokens and seconds are numbers/],
  [{ change: { s1: { goal: 5 } } }, /s1: title and goal are texts/],
  [{ add: [{ title: 'no goal' }] }, /has the form \{ goal/],
  [{ add: [{ goal: 'g', needs: [1] }] }, /has the form \{ goal/],
])('what is no edit is refused, whoever sends it: %j', (edit, words) => {
  expect(editShapeProblem(edit)).toMatch(words);
});

test('limits, queue and models of an edited plan come from the class and the worker; a person may only lower limits', () => {
  const asked = { ...request, class: { ...standard, budget: { tokens: 100_000 } } };
  const made = edited(
    { drop: ['s3'], change: { s1: { tokens: 5_000, goal: 'other' } }, add: [{ goal: 'new' }] },
    asked,
  );
  if ('problem' in made) throw new Error(made.problem);
  // Four fifths of the budget, for three.
  const share = Math.floor((100_000 * 0.8) / 3);
  expect(made.subtasks.map(({ id, goal, limits, queue, models }) => [id, goal, limits.tokens, queue, models])).toEqual([
    ['s1', 'other', 5_000, 'queue', ['model']],
    ['s2', 'goal of s2', share, 'queue', ['model']],
    ['s4', 'new', share, 'queue', ['model']],
  ]);
  const before = edited({ change: { s2: { title: 'only its title' } } });
  const after = edited({ change: { s2: { goal: 'another goal' } } });
  const hashOf = (plan: ReturnType<typeof edited>) => ('problem' in plan ? '' : plan.subtasks[1]?.inputHash);
  expect(hashOf(before)).not.toBe(hashOf(after));
});

test('a kind that the worker has not is refused with those that it has', () => {
  expect(edited({ add: [{ goal: 'a', kind: 'nobody' }] })).toEqual({
    problem: 's4: there is no kind "nobody"; there are researcher',
  });
});
