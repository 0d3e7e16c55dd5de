// The answer so far on the real server: written from what is there while others are at work, never twice of the same findings, and
// never in the place of the task's own.

import {
  TaskCancelledError,
  TaskClosedError,
  defineClass,
  type AskedSoFar,
  type TaskHandle,
  type TaskInput,
} from '../../client/index.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import type { TaskMoney } from '../../protocol/progress.ts';
import type { Brain } from '../../simulator/server.ts';
import { call, finding, scripted } from '../agents/scripted.ts';
import { differencesIn } from '../rig/consistent.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { heldModel } from '../rig/held-model.ts';

const SEARCH = call('search_documents', { query: 'poll' });
const SEARCHES = /behind a search/;
const ADA = { name: 'ada', how: 'claimed' as const };

let it_: TestDeployment;
let brain: Brain;
beforeAll(async () => {
  it_ = await testDeployment({ brain: (request) => brain(request) });
  await it_.startWorker();
});
beforeEach(() => void it_.model.requests.splice(0));
afterAll(() => it_.stop());

/** Subtasks of these names that find one thing each: those that begin with `held` once `subs` is released, an answer once `answers` is. */
async function start(goals: string[], input: Partial<TaskInput> = {}, { holdsAnswers = false } = {}) {
  const script = scripted({
    plan: goals.map((goal) => ({ title: goal, goal })),
    turn: (goal, results) => (results.length === 0 && SEARCHES.test(goal) ? [SEARCH] : undefined),
    findings: (goal) => ({ findings: goal === 'nothing' ? [] : [finding(`claim of ${goal}`)], missing: [] }),
  });
  const subs = heldModel(
    (asked) =>
      /<subtask>\\nheld(?! behind)/.test(asked) || (/<subtask>\\nheld/.test(asked) && asked.includes('"role":"tool"')),
    script,
  );
  const answers = heldModel((_asked, step) => holdsAnswers && step === 'muster_answer', subs.brain);
  brain = answers.brain;
  const task = await it_.client.start({ goal: 'g', sources: [it_.docs], ...input });
  const held = goals.filter((goal) => goal.startsWith('held')).length;
  const others = goals.length - held;
  await until('what is held is at work, and the others are done', async () => {
    const { progress } = await task.status();
    return subs.waiting() === held && progress?.coverage.done === others;
  });
  return { task, subs, answers };
}
const written = (): number => it_.model.requests.filter(({ step }) => step === 'muster_answer').length;
const claims = (answer?: { sections: { claims: { text: string }[] }[] }): string[] =>
  (answer?.sections ?? []).flatMap((section) => section.claims.map(({ text }) => text)).sort();
function soFar(asked: AskedSoFar): Extract<AskedSoFar, { isFinal: false }> {
  if (asked.isFinal) throw new Error('it is the task’s own answer');
  return asked;
}
async function eventsOf(task: TaskHandle): Promise<TaskEvent[]> {
  const all: TaskEvent[] = [];
  for await (const event of task.events()) all.push(event);
  return all;
}
const told = (events: TaskEvent[]) => events.filter(({ type }) => type === 'answer.so-far');

test('somebody who asks while a sub-agent is at work gets what is there, and the task goes on to its own answer', async () => {
  const { task, subs } = await start(['one', 'held', 'two']);
  const first = soFar(await task.answerSoFar({ by: ADA }));
  expect(first).toMatchObject({ round: 1, isNew: true, stage: 'researching', usage: { modelCalls: 1 } });
  expect(claims(first.answer)).toEqual(['claim of s1/g1/1', 'claim of s3/g1/1']);
  expect(first.answer.citations).toMatchObject([{ source: 'lighthouse.md' }]);
  expect(first.answer.gaps).toContain('“held” is not done yet.');
  expect(first.coverage).toMatchObject({ done: 2, failed: 0, skipped: 0 });
  expect(first.open).toEqual([{ subtask: 's2', title: 'held', state: 'running', findings: 0 }]);
  // The same findings, the same answer.
  const again = soFar(await task.answerSoFar());
  expect(again).toMatchObject({ round: 1, isNew: false, answer: first.answer });
  expect(again.usage).toBeUndefined();
  expect(written()).toBe(1);
  subs.release();
  const result = await task.result();
  expect(result.outcome).toBe('completed');
  expect(claims(result.answer)).toEqual(['claim of s1/g1/1', 'claim of s2/g1/1', 'claim of s3/g1/1']);
  expect(result.coverage).toMatchObject({ done: 3, skipped: 0 });
  expect(result.coverage.gaps).toEqual([]);
  expect(written()).toBe(2);
  expect(result.usage.modelCalls).toBe(it_.model.requests.length);
  const events = await eventsOf(task);
  expect(told(events)).toMatchObject([{ round: 1, citations: 1, findings: 2, by: ADA }]);
  await until('the task is among those that closed, and all of it agrees', async () => {
    const [difference] = await differencesIn(it_.store);
    return difference === undefined;
  });
  const { spans } = await task.trace();
  expect(spans.filter(({ name }) => name === 'answer so far')).toHaveLength(1);
  // What has closed has its own answer.
  const asked = await task.answerSoFar();
  expect(asked).toMatchObject({ isFinal: true, result: { outcome: 'completed', answer: result.answer } });
  expect(written()).toBe(2);
});

test('all who ask at once share one answer, and what was found since is written of once', async () => {
  const { task, subs, answers } = await start(['one', 'held'], {}, { holdsAnswers: true });
  const three = [1, 2, 3].map(() => task.answerSoFar());
  await until(
    'it is being written, for all of them',
    async () => answers.waiting() === 1 && (await updatesOf(task)) === 3,
  );
  await task.command({ kind: 'add', goal: 'more' });
  await until('more is done', async () => (await task.status()).progress?.coverage.done === 2);
  const later = task.answerSoFar();
  await until('it is taken', async () => (await updatesOf(task)) === 5);
  // One at a time.
  expect(answers.waiting()).toBe(1);
  answers.release();
  const all = (await Promise.all(three)).map(soFar);
  expect(all.map(({ round }) => round)).toEqual([1, 1, 1]);
  expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
  const next = soFar(await later);
  expect(next).toMatchObject({ round: 2, isNew: true });
  expect(claims(next.answer)).toHaveLength(2);
  expect(written()).toBe(2);
  subs.release();
  expect((await task.result()).coverage.done).toBe(3);
});

test('one of its id asked twice is asked once, and no command of that id is taken', async () => {
  const { task, subs } = await start(['one', 'held']);
  const first = await task.answerSoFar({ id: 'k-1' });
  expect(await task.answerSoFar({ id: 'k-1' })).toEqual(first);
  const reused = expect.objectContaining({ isIdReused: true }) as unknown;
  await expect(task.command({ kind: 'finish' }, { id: 'k-1' })).rejects.toEqual(reused);
  await expect(task.answerSoFar({ id: 'k-1', stop: true })).rejects.toEqual(reused);
  await task.command({ kind: 'note', text: 'mind the tide' }, { id: 'k-2' });
  await expect(task.answerSoFar({ id: 'k-2' })).rejects.toEqual(reused);
  const workflow = it_.client.temporal.workflow.getHandle(task.taskId);
  await expect(workflow.executeUpdate('answerSoFar', { args: [{ v: 1, id: 'x' }] })).rejects.toThrow();
  subs.release();
  await task.result();
});

test('a paused task asks no model: the findings stand in it as they are', async () => {
  const { task, subs } = await start(['one', 'held']);
  await task.command({ kind: 'pause' });
  const plain = soFar(await task.answerSoFar());
  expect(plain.answer.sections).toMatchObject([{ heading: 'one', claims: [{ text: 'claim of one', citations: [1] }] }]);
  expect(plain.answer.notes.join()).toContain('The task is paused, so no model was asked');
  expect(plain.usage).toMatchObject({ modelCalls: 0 });
  expect(written()).toBe(0);
  await task.command({ kind: 'resume' });
  const full = soFar(await task.answerSoFar());
  expect(full).toMatchObject({ round: 2, isNew: true, usage: { modelCalls: 1 } });
  subs.release();
  await task.result();
});

test('what is reserved for sub-agents at work and the task’s own answer is not spent on another; what it may spend is reserved, too', async () => {
  const { task, subs, answers } = await start(
    ['one', 'held'],
    { class: defineClass('small', { extends: 'standard', budget: { tokens: 1e6 } }) },
    { holdsAnswers: true },
  );
  const money = async () => (await task.status()).progress?.money as TaskMoney;
  const { spent, reserved } = await money();
  const atWork = reserved.tokens;
  expect(atWork).toBeGreaterThan(10_000);
  // Of three quarters nothing is left but what the one at work may still spend.
  await task.command({ kind: 'extend', tokens: Math.ceil(((spent.tokens ?? 0) + atWork) / 0.75) - 1e6 });
  const { answer } = soFar(await task.answerSoFar());
  expect(answer.notes.join()).toContain('is reserved for its sub-agents and its own answer, so no model was asked');
  expect(written()).toBe(0);
  await task.command({ kind: 'extend', tokens: 40_000 });
  const asked = task.answerSoFar();
  await until('a model writes it', () => answers.waiting() === 1);
  expect((await money()).reserved.tokens - atWork).toBeGreaterThan(28_000);
  // Nothing is left for one more, which begins with what the answer gives back.
  await task.command({ kind: 'add', goal: 'more' });
  const stateOfMore = async () => (await task.status()).progress?.subtasks[2]?.state;
  await until('it is planned', async () => (await stateOfMore()) !== undefined);
  expect(await stateOfMore()).toBe('planned');
  answers.release();
  expect(soFar(await asked)).toMatchObject({ round: 2, isNew: true, usage: { modelCalls: 1 } });
  await until('more is done', async () => (await stateOfMore()) === 'done');
  expect((await money()).reserved.tokens).toBe(atWork);
  subs.release();
  expect((await task.result()).coverage).toMatchObject({ done: 3, skipped: 0 });
});

test('before anything is found no model is asked, and there is nothing to end with', async () => {
  const { task, subs } = await start(['held', 'held too']);
  const nothing = soFar(await task.answerSoFar());
  expect(nothing).toMatchObject({ round: 0, isNew: false, answer: { sections: [], citations: [] } });
  expect(nothing.open).toHaveLength(2);
  await expect(task.answerSoFar({ stop: true })).rejects.toThrow('no answer can be written now');
  expect(written()).toBe(0);
  subs.release();
  expect((await task.result()).coverage.done).toBe(2);
});

test('asked to stop, the task ends with its own answer from what is there, and says who wanted that', async () => {
  const { task } = await start(['one', 'held behind a search', 'two']);
  const asked = await task.answerSoFar({ stop: true, by: ADA, id: 'end' });
  if (!asked.isFinal) throw new Error('it goes on');
  const { result } = asked;
  expect(result).toMatchObject({ outcome: 'completed', coverage: { done: 2, skipped: 1 } });
  expect(claims(result.answer)).toEqual(['claim of s1/g1/1', 'claim of s3/g1/1']);
  expect(result.coverage.gaps.join()).toContain('“held behind a search” stopped: ada had the answer written before');
  // What it had read by then reached no answer.
  expect(result.waste).toMatchObject([{ subtask: 's2', generation: 1, reason: 'stopped' }]);
  expect(result.waste?.[0]?.tokens).toBeGreaterThan(0);
  // Asking once more, by the same id or another one, changes nothing.
  expect(await task.answerSoFar({ stop: true, by: ADA, id: 'end' })).toMatchObject({ isFinal: true });
  expect(await task.answerSoFar({ stop: true })).toMatchObject({ isFinal: true });
  await expect(task.command({ kind: 'answerNow' })).rejects.toBeInstanceOf(TaskClosedError);
  const events = await eventsOf(task);
  expect(told(events)).toEqual([]);
  expect(events.filter(({ type }) => type === 'command.applied')).toMatchObject([{ kind: 'answerNow', by: ADA }]);
  expect(written()).toBe(1);
});

test('a cancel that comes while it is written ends it, too, and what it had cost is booked', async () => {
  const { task, answers } = await start(['one', 'held'], {}, { holdsAnswers: true });
  const asked = [1, 2, 3].map(() => task.answerSoFar().catch((error: unknown) => error));
  await until('all wait for it', async () => answers.waiting() === 1 && (await updatesOf(task)) === 3);
  await task.cancel();
  for (const error of await Promise.all(asked)) expect(error).toBeInstanceOf(TaskCancelledError);
  const events = await eventsOf(task);
  expect(told(events)).toMatchObject([{ round: 1, failure: { type: 'Stopped' } }]);
  expect(events.at(-1)?.type).toBe('task.closed');
  answers.release();
});

test('while the own answer is written, that is waited for and no other one is written', async () => {
  const { task, answers } = await start(['one', 'two'], {}, { holdsAnswers: true });
  await until('it is being written', () => answers.waiting() === 1);
  const asked = task.answerSoFar();
  await until('it is taken', async () => (await updatesOf(task)) === 1);
  answers.release();
  expect(await asked).toMatchObject({ isFinal: true, result: { outcome: 'completed' } });
  expect(written()).toBe(1);
});

/** Updates that were accepted. */
async function updatesOf(task: TaskHandle): Promise<number> {
  const history = await it_.client.temporal.workflow.getHandle(task.taskId).fetchHistory();
  return (history.events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length;
}
