// What is cut for people is said to be cut: what one sub-agent did not find, remarks, and reasons of a failure.

import { MAX_REMARKS_A_TASK, MOST_GAPS_A_SUBTASK } from '../../protocol/limits.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import { coordinate, shortfall } from '../../workflows/coordinate.ts';
import { bookVisit } from '../../workflows/endings.ts';
import { newLedger } from '../../workflows/state/ledger.ts';
import { addSubtask, change, newTree, shownLife } from '../../workflows/state/tree.ts';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { done, failed, specOf } from '../workflows/fan-out-ports.ts';
import { call, finding, scripted } from './scripted.ts';

let it_: TestDeployment | undefined;
afterEach(async () => {
  await it_?.stop();
  it_ = undefined;
});

test('of a hundred things that a sub-agent did not find the answer names the first, and says how many more there are', async () => {
  const missing = Array.from({ length: 100 }, (_, n) => `Nothing was found about pier ${n}.`);
  it_ = await testDeployment({
    brain: scripted({
      plan: [{ title: 'All piers', goal: 'piers' }],
      turn: (_goal, results) => (results.length === 0 ? [call('search_documents', { query: 'pier' })] : undefined),
      findings: () => ({ findings: [finding('It polls.')], missing }),
    }),
  });
  await it_.startWorker();
  const { answer, coverage } = await (await it_.client.start({ goal: 'piers', sources: [it_.docs] })).result();
  const told = [...missing.slice(0, MOST_GAPS_A_SUBTASK), '“All piers” leaves 80 more open.'];
  expect(coverage.gaps).toEqual(expect.arrayContaining(told));
  expect(answer?.gaps).toEqual(expect.arrayContaining(told));
  expect(answer?.gaps).not.toContain(missing[MOST_GAPS_A_SUBTASK]);
});

test('of more remarks than a task keeps it is told that there are more', () => {
  const tree = newTree();
  const one = addSubtask(tree, specOf('s1'));
  const remarks: string[] = [];
  const emitted: string[] = [];
  const context = { tree, ledger: newLedger(), remarks, emit: ({ type }: { type: string }) => void emitted.push(type) };
  const said = Array.from({ length: MAX_REMARKS_A_TASK + 20 }, (_, n) => `No tool number ${n}.`);
  for (let visit = 0; visit < 2; visit += 1)
    bookVisit({ ...context, isBeforeLives: false }, one, shownLife(one), { ...done(one), remarks: said });
  expect(remarks).toEqual([
    ...said.slice(0, MAX_REMARKS_A_TASK),
    `More was remarked; no more than ${MAX_REMARKS_A_TASK} remarks are told.`,
  ]);
  expect(emitted).toHaveLength(MAX_REMARKS_A_TASK);
});

test('a task all of whose subtasks failed names the first reasons, and how many more there are', () => {
  const tree = newTree();
  const all = Array.from({ length: 11 }, (_, at) => addSubtask(tree, specOf(`s${at + 1}`)));
  for (const one of all) {
    const ending = failed(one) as Extract<Outcome, { status: 'failed' }>;
    coordinate({ kind: 'all' }, tree, one, ending);
    change(tree, one, () => Object.assign(shownLife(one), { state: 'failed', failure: ending.failure }));
  }
  const { message = '' } = shortfall({ kind: 'all' }, tree) ?? {};
  expect(message).toContain('s8 “');
  expect(message).not.toContain('s9 “');
  expect(message).toMatch(/ and 3 more$/);
});
