// What a planner, a person or a caller puts behind the answer: what of a proposal is refused in which words, and what is made of it.

import { researcher } from '../../activities/index.ts';
import { backgroundSubtasks } from '../../activities/plan-background.ts';
import { checkPlan } from '../../activities/plan-task.ts';
import { editPlan } from '../../activities/revise-plan.ts';
import { planShape } from '../../activities/text/prompts/plan-prompt.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { planEditProblem } from '../../protocol/plan-edit.ts';
import type { PlannedSubtask } from '../../protocol/plan.ts';
import type { TaskRequest } from '../../protocol/task.ts';

const request: TaskRequest = {
  v: 1,
  goal: 'g',
  sources: [],
  class: BUILT_IN_CLASSES.standard,
  tenant: 'default',
  askPerson: true,
  background: [{ goal: 'later' }],
};
const kinds = { kinds: new Map([['researcher', researcher]]), defaultKind: 'researcher' };
const proposed = (...parts: { needs?: number[]; background?: boolean }[]) =>
  checkPlan(
    { subtasks: parts.map((one) => ({ title: 't', kind: 'researcher', goal: 'g', needs: [], ...one })) },
    request,
    kinds,
    'queue',
  );
const shownOf = (subtasks: readonly PlannedSubtask[]) =>
  subtasks.map(({ id, needs, mode, mayAskPerson }) => [id, needs.join(), mode, mayAskPerson ?? false]);

test('a planner that puts a subtask behind the answer gets one there, which asks no person; one that says nothing gets none', () => {
  const { accepted, problems } = proposed({}, { background: false }, { needs: [1], background: true });
  expect(problems).toEqual([]);
  expect(shownOf(accepted)).toEqual([
    ['s1', '', 'blocking', true],
    ['s2', '', 'blocking', true],
    ['s3', 's1', 'background', false],
  ]);
  // Servers that hold a model to a schema want each field named; a model that leaves it out is understood.
  const { schema, zod } = planShape(['researcher']);
  expect(JSON.stringify(schema)).toContain('"required":["title","kind","goal","needs","background"]');
  expect(zod.safeParse({ subtasks: [{ title: 't', kind: 'researcher', goal: 'g', needs: [] }] }).success).toBe(true);
});

test('a plan whose answer would wait for what runs behind it is refused in a sentence, and where that comes again it is waited for', () => {
  const late = proposed({ background: true }, { needs: [1], background: true }, { needs: [2] }, { background: true });
  expect(late.problems).toEqual([
    expect.stringMatching(/the answer waits for subtask s3, which needs s2: but that one/),
  ]);
  expect(late.accepted.map(({ mode }) => mode)).toEqual(['blocking', 'blocking', 'blocking', 'background']);
  const nothing = proposed({ background: true }, { background: true });
  expect(nothing.problems).toEqual([expect.stringContaining('nothing to write the answer from')]);
  expect(nothing.accepted.map(({ mode }) => mode)).toEqual(['blocking', 'blocking']);
});

test('an edited plan keeps what is behind the answer there, puts more there, and takes it back; none in which an answer waits passes', () => {
  const { accepted } = proposed({}, { background: true }, {});
  const edited = (edit: Parameters<typeof editPlan>[1]) => {
    const made = editPlan(accepted, edit, request, kinds, 'queue');
    return 'problem' in made ? made.problem : shownOf(made.subtasks);
  };
  expect(
    edited({ change: { s3: { background: true } }, add: [{ goal: 'a', needs: ['s2'], background: true }] }),
  ).toEqual([
    ['s1', '', 'blocking', true],
    ['s2', '', 'background', false],
    ['s3', '', 'background', false],
    ['s4', 's2', 'background', false],
  ]);
  expect(edited({ change: { s2: { background: false } }, add: [{ goal: 'a', needs: ['s2'] }] })).toMatchObject({
    1: ['s2', '', 'blocking', true],
    3: ['s4', 's2', 'blocking', true],
  });
  const row = request.class;
  expect(planEditProblem(accepted, { add: [{ goal: 'a', needs: ['s2'] }] }, row)).toMatch(/waits for subtask s4/);
  expect(planEditProblem(accepted, { drop: ['s1', 's3'] }, row)).toMatch(/nothing to write the answer from/);
});

test('what a caller puts behind the answer asks no person', () => {
  const made = backgroundSubtasks(request, { queue: 'queue', defaultKind: 'researcher', models: [] });
  expect(shownOf(made)).toEqual([['b1', '', 'background', false]]);
});
