// Every task that closes leaves one row to the history of its class, and each of its subtasks one, whatever their ending; and
// none of their words.

import { NativeConnection } from '@temporalio/worker';
import type { TaskHandle } from '../../client/index.ts';
import { newState } from '../../workflows/state/state.ts';
import { goOn, lookAgain, standStill } from '../../workflows/state/at-work.ts';
import { closedRows } from '../../workflows/state/closed-rows.ts';
import { hold, release } from '../../workflows/state/standstill.ts';
import { addSubtask } from '../../workflows/state/tree.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import { startSweeping } from '../../worker/sweep.ts';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { heldModel, type HeldModel } from '../rig/held-model.ts';
import { specOf } from './fan-out-ports.ts';

const GOAL = 'Compare harbour, tidebook and lighthouse with respect to their limits';
const OF = { class: 'standard', path: 'deep' } as const;

let it_: TestDeployment | undefined;
let held: HeldModel | undefined;
afterAll(async () => {
  held?.release();
  await it_?.stop();
});

test('the history of a class has one row of each task that closed, however it ended, and one of each subtask, without a word', async () => {
  const deployment = await testDeployment({ brain: (request) => (held?.brain ?? offlineBrain)(request) });
  it_ = deployment;
  const { store, client, model, docs } = deployment;
  await deployment.startWorker();
  const start = (): Promise<TaskHandle> => client.start({ goal: GOAL, sources: [docs] });
  const closed = (handle: TaskHandle) => client.temporal.workflow.getHandle(handle.taskId).result();

  const completed = await client.start({
    goal: GOAL,
    sources: [docs],
    background: [{ goal: 'What does tidebook limit?' }, { goal: 'Nothing', kind: 'no-such-kind' }],
  });
  await closed(completed);
  await until('its background subtasks are over', async () => (await completed.status()).background?.state === 'over');
  model.inject({ kind: 'status', status: 401, times: 1, match: { step: 'muster_plan' } });
  const failed = await start();
  await expect(closed(failed)).rejects.toThrow();
  held = heldModel((_asked, name) => name === 'muster_findings');
  const cancelled = await start();
  await until('its calls are open', () => (held?.waiting() ?? 0) === 3);
  await cancelled.cancel();
  await expect(closed(cancelled)).rejects.toThrow();
  const terminated = await start();
  await until('it works', async () => (await terminated.status()).progress?.stage === 'researching');
  await client.temporal.workflow.getHandle(terminated.taskId).terminate('enough');

  const connection = await NativeConnection.connect({ address: serverAddress() });
  await until('a sweep has seen all four', async () => {
    await startSweeping(store, () => undefined, { connection, namespace: 'default' }).stop();
    return (await store.outcomes(OF, 10)).length === 4;
  });
  await startSweeping(store, () => undefined, { connection, namespace: 'default' }).stop();
  await connection.close();
  const tasks = await store.outcomes(OF, 10);
  expect(tasks.map(({ ending }) => ending)).toEqual(['terminated', 'cancelled', 'failed', 'completed']);
  expect(tasks.at(-1)).toMatchObject({ subtasks: 3, documents: expect.any(Number) as number, retries: 0 });
  expect(Object.keys(tasks.at(-1)?.stagesMs ?? {})).toEqual(
    expect.arrayContaining(['preparing', 'researching', 'synthesizing']),
  );
  const subtasks = await store.outcomes({ class: 'standard', kind: 'researcher' }, 20);
  // Of the terminated, the cancelled, and the completed with what was done behind its answer, which ended last.
  const stopped = Array.from({ length: 6 }, () => 'stopped');
  expect(subtasks.map(({ ending, mode }) => mode ?? ending)).toEqual([
    ...stopped,
    'background',
    'done',
    'done',
    'done',
  ]);
  expect(subtasks.slice(0, 3).every(({ totalMs }) => totalMs > 0)).toBe(true);
  expect(await store.outcomes({ class: 'standard', kind: 'no-such-kind' }, 10)).toMatchObject([
    { subtask: 'b2', ending: 'failed', mode: 'background' },
  ]);
  expect(JSON.stringify([tasks, subtasks])).not.toMatch(/harbour|tidebook|lighthouse|Compare/i);
});

test('the time in which a task stood still, or one of its subtasks alone, is in no row of the history', () => {
  const request = { v: 1, goal: GOAL, sources: [], class: BUILT_IN_CLASSES.quick, tenant: 't' } as const;
  const state = newState('t', 'r', 'r', { ...request, sources: [] }, 1_000);
  // By the task's own time, which stood still for 600 ms before the answer was written.
  Object.assign(state.entered, { preparing: 1_000, researching: 1_100, synthesizing: 1_300 });
  state.firstActivityAt = 1_050;
  hold(state.standstill, 'paused', 1_250);
  release(state.standstill, 'paused', 1_850);
  const one = addSubtask(state.tree, specOf('s1'));
  const [life] = one.lives;
  if (!life) throw new Error('it has a life');
  one.startedAt = 1_110;
  // Held before its first visit, asks a person while the task goes on and through its pause, and is done.
  standStill(one, life, 1_110);
  goOn(one, life, 1_130);
  life.beganAt = 1_140;
  standStill(one, life, 1_200);
  goOn(one, life, 1_900);
  life.state = 'done';
  one.endedAt = 1_950;
  lookAgain(one, 1_950);
  const { task, subtasks } = closedRows(state, 'completed', 2_000);
  expect(task).toMatchObject({
    totalMs: 400,
    queueMs: 50,
    stagesMs: { preparing: 100, researching: 200, synthesizing: 100 },
  });
  expect(subtasks).toMatchObject([{ subtask: 's1', ending: 'done', totalMs: 120, queueMs: 10 }]);
});
