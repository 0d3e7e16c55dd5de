// One tenant has many tasks queued: another one's task begins, and goes on, as if a few were ahead of it. The order is what
// counts: a worker with one slot comes when all of them are there. `npm run soak` queues five hundred.

import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { figure, WHOLE } from './scale.ts';

const MANY = WHOLE ? 500 : 60;
const GOAL = 'What does the lighthouse do when nobody takes an alarm?';

let it_: TestDeployment;
beforeAll(async () => {
  it_ = await testDeployment();
});
afterAll(() => it_.stop());

test('with many tasks of one tenant queued, another tenant’s task begins and ends with a few of them ahead', async () => {
  const start = (tenant: string) => it_.client.start({ goal: GOAL, sources: [it_.docs], tenant, class: 'quick' });
  const noisy: string[] = [];
  while (noisy.length < MANY)
    for (const { taskId } of await Promise.all(Array.from({ length: 20 }, () => start('noisy')))) noisy.push(taskId);
  const quiet = await start('quiet');
  await it_.startWorker({ slots: 1 });
  await until('the quiet one has begun', async () => (await it_.store.getTask(quiet.taskId)) !== undefined);
  const ahead = (await it_.store.tasks(MANY + 1)).filter(({ tenant }) => tenant === 'noisy').length;
  await until('the quiet one is done', async () => (await it_.store.getResult(quiet.taskId)) !== undefined);
  // Not its first step alone: all its Activities go by its tenant.
  const done = (await Promise.all(noisy.map((taskId) => it_.store.getResult(taskId)))).filter(Boolean).length;
  const { workflow } = it_.client.temporal;
  for (const taskId of noisy)
    await workflow
      .getHandle(taskId)
      .terminate()
      .catch(() => undefined);
  figure('of five hundred queued before another tenant’s task', { ahead, done });
  expect(ahead).toBeLessThan(8);
  expect(done).toBeLessThan(8);
});
