// What a sub-agent tells of its interruptions: enough for whoever watches, too little to fill a history.

import { tellsResumed } from '../../activities/life/reporter.ts';

const told = (reportBudget: number): number[] =>
  Array.from({ length: 1_000 }, (_, i) => i + 1).filter((attempt) => tellsResumed(attempt, reportBudget));

test('a worker that dies a thousand times under one visit is told of three times, and the first attempt is none', () => {
  expect(told(500)).toEqual([2, 3, 4]);
});

test('where a task has many subtasks each tells less', () => {
  expect(told(1)).toEqual([2]);
});
