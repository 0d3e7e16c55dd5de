import { BUILT_IN_CLASSES, ceilingOf, ceilingProblem } from '../../protocol/classes.ts';

const { standard, thorough } = BUILT_IN_CLASSES;

test('a class that asks for longer silence than a worker allows is told both numbers', () => {
  const patient = { ...standard, subtask: { ...standard.subtask, callIdleSeconds: 1e9 } };
  expect(ceilingProblem(patient, thorough)).toMatch(/silence a call 1000000000, this worker allows 120/);
  expect(ceilingProblem(standard, thorough)).toBeUndefined();
});

test('a worker with a limit in dollars takes no class that has a higher one, or none', () => {
  const frugal = { ...thorough, budget: { costUsd: 2 } };
  expect(ceilingProblem(standard, frugal)).toMatch(/dollars a task without a limit, this worker allows 2/);
  expect(ceilingProblem({ ...standard, budget: { costUsd: 1 } }, frugal)).toBeUndefined();
});

test('a class that would be kept for longer than a worker allows is told both numbers', () => {
  expect(ceilingProblem({ ...standard, retentionDays: 3_650 }, thorough)).toMatch(/retentionDays 3650, .* allows 30/);
});

test('a worker takes all of its own classes, of which some have limits that others have not', () => {
  const own = { ...BUILT_IN_CLASSES, quick: { ...BUILT_IN_CLASSES.quick, budget: { costUsd: 1, tokens: 9 } } };
  const ceiling = ceilingOf(Object.values(own));
  for (const one of Object.values(own)) expect(ceilingProblem(one, ceiling)).toBeUndefined();
  const limited = Object.values(BUILT_IN_CLASSES).map((one, i) => ({ ...one, budget: { costUsd: i + 1 } }));
  expect(ceilingProblem({ ...standard, budget: { costUsd: 4 } }, ceilingOf(limited))).toMatch(
    /dollars a task 4, .* allows 3/,
  );
});
