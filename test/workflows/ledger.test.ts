// A budget on the real server: it is reserved before work begins, what is not needed goes to others, and running out ends in an answer
// from what is there, which says what was left out.

import { defineClass } from '../../client/index.ts';
import { spentOf } from '../../protocol/budget.ts';
import type { TaskMoney } from '../../protocol/progress.ts';
import { call, scripted } from '../agents/scripted.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

let it_: TestDeployment;
/** Sub-agents that search as long as they may. */
const searching = (count: number) =>
  scripted({
    plan: Array.from({ length: count }, (_, at) => ({ title: `part ${at + 1}`, goal: `part ${at + 1}` })),
    turn: (_goal, results) => [call('search_documents', { query: `lighthouse ${results.length}`, limit: null })],
  });
let brain = searching(100);
beforeAll(async () => {
  it_ = await testDeployment({ latencyMs: 5, brain: (request) => brain(request) });
  await it_.startWorker({
    ceiling: { maxSubtasks: 100, subtask: { turns: 50, tokens: 1e6, seconds: 600, callIdleSeconds: 60 } },
  });
});
afterAll(() => it_.stop());

const EACH = 12_000;
const budgetFor = (count: number): number => Math.ceil((count * EACH) / 0.75);
const frugal = (tokens: number) => {
  const base = defineClass('frugal', { extends: 'standard', maxSubtasks: 100, budget: { tokens } });
  return { ...base, subtask: { ...base.subtask, turns: 50, tokens: EACH } };
};
/** Model calls that no sub-agent makes. */
const PLAN_AND_ANSWER = 2;

test('a hundred sub-agents with a budget for forty spend no more than it, and the answer says who was not begun', async () => {
  brain = searching(100);
  it_.model.requests.length = 0;
  const handle = await it_.client.start({ goal: 'g', sources: [it_.docs], class: frugal(budgetFor(40)) });
  const { outcome, usage, coverage, answer } = await handle.result();
  expect(outcome).toBe('completed');
  expect(answer?.citations.length).toBeGreaterThan(0);
  expect(spentOf(usage).tokens).toBeLessThan(budgetFor(40));
  const begun = Object.keys(usage.bySubtask ?? {});
  // Each holds all that it may spend until it ends, and then hardly anything is left.
  expect(begun.length).toBeGreaterThanOrEqual(40);
  expect(begun.length).toBeLessThan(50);
  expect(coverage).toMatchObject({ done: begun.length, failed: 0, skipped: 100 - begun.length });
  expect(coverage.gaps.filter((gap) => gap.includes("it was not begun: of the task's"))).toHaveLength(
    100 - begun.length,
  );
  const calls = Object.values(usage.bySubtask ?? {});
  expect(calls.reduce((sum, one) => sum + one.calls, 0)).toBe(usage.modelCalls - PLAN_AND_ANSWER);
}, 60_000);

test('who looks sees what is spent, what those at work may still spend, and what is left', async () => {
  brain = searching(3);
  it_.model.inject({ kind: 'stall', match: { contains: '\npart 1' }, times: 100 });
  const handle = await it_.client.start({ goal: 'g', sources: [it_.docs], class: frugal(48_000) });
  let money: TaskMoney | undefined;
  await until('only the one that hangs is at work', async () => {
    const { progress } = await handle.status();
    ({ money } = progress ?? {});
    return progress?.subtasks.map(({ state }) => state).join() === 'running,done,done';
  });
  const { tokens: spent = 0 } = money!.spent;
  expect(spent).toBeGreaterThan(10_000);
  expect(money).toEqual({
    spent: { tokens: spent, costUsd: 0 },
    reserved: { tokens: EACH, costUsd: 0 },
    left: { tokens: 48_000 - spent - EACH },
  });
  await handle.command({ kind: 'answerNow' });
  expect((await handle.result()).coverage).toMatchObject({ done: 2, skipped: 1 });
});
