// a-task-meets-a-plan.test.ts: a whole task under a fault plan: it ends, and asked again it meets the same faults.

import { testDeployment, type TestDeployment } from '../rig/deployment.ts';
import type { FaultPlan } from '../../simulator/server.ts';

const GOAL = 'Compare what harbour, lighthouse and tidebook do when a message is repeated';
const PLAN: FaultPlan = {
  seed: 11,
  speed: 100,
  latency: { min: 0.3, max: 45 },
  faults: [
    { kind: 'status', status: 429, retryAfterSeconds: 5, rate: 0.06 },
    { kind: 'status', status: 503, rate: 0.06 },
    { kind: 'garbage', rate: 0.06 },
    { kind: 'cut', rate: 0.06 },
    { kind: 'bad-tool-call', call: 'duplicated', rate: 0.06 },
  ],
};

let deployment: TestDeployment;
beforeAll(async () => {
  deployment = await testDeployment();
  await deployment.startWorker();
});
afterAll(() => deployment.stop());

/** Runs the task under the plan from its beginning; what each content met, in an order of its own. */
async function metBy(goal: string): Promise<string[]> {
  const { model, client, docs } = deployment;
  model.setPlan(PLAN);
  const before = model.requests.length;
  const handle = await client.start({ goal, sources: [docs] });
  expect((await handle.result()).outcome).toBe('completed');
  return model.requests
    .slice(before)
    .map(({ messagesSha, step, faultVariant = 'none' }) => `${step} ${messagesSha} ${faultVariant}`)
    .sort();
}

test('a task that is asked again meets the same faults at the same calls, and ends all the same', async () => {
  const first = await metBy(GOAL);
  expect(first.filter((one) => !one.endsWith('none')).length).toBeGreaterThan(0);
  expect(await metBy(GOAL)).toEqual(first);
});
