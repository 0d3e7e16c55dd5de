import { BUILT_IN_CLASSES, ceilingProblem } from '../../protocol/classes.ts';

const { standard, thorough } = BUILT_IN_CLASSES;

test('a class that asks for longer silence than a worker allows is told both numbers', () => {
  const patient = { ...standard, subtask: { ...standard.subtask, callIdleSeconds: 1e9 } };
  expect(ceilingProblem(patient, thorough)).toMatch(/silence a call 1000000000, this worker allows 120/);
  expect(ceilingProblem(standard, thorough)).toBeUndefined();
});

test('a worker with a limit in dollars takes no class that has a higher one, or none', () => {
  const frugal = { ...thorough, budget: { costUsd: 2 } };
  expect(ceilingProblem(standard, frugal)).toMatch(/dollars a task Infinity, this worker allows 2/);
  expect(ceilingProblem({ ...standard, budget: { costUsd: 1 } }, frugal)).toBeUndefined();
});
