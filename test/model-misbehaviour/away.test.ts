// away.test.ts: what whoever looks at a task is told while its model can't be reached.

import { openaiProvider } from '../../activities/index.ts';
import { TEST_KEY, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

let deployment: TestDeployment;
beforeAll(async () => {
  deployment = await testDeployment();
  const baseURL = 'http://127.0.0.1:9/v1';
  await deployment.startWorker({ models: [openaiProvider({ model: 'away', apiKey: TEST_KEY, baseURL })] });
});
afterAll(() => deployment.stop());

test('whoever looks at a task whose model is away reads what asks the model, and what ends the task', async () => {
  const sources = [{ kind: 'path' as const, path: deployment.docs }];
  const handle = await deployment.client.start({ goal: 'How often does lighthouse poll?', sources });
  const note = async (): Promise<string> => (await handle.status()).note ?? '';
  await until('it is tried again', async () => /tried again/.test(await note()));
  expect(await note()).toMatch(
    /^planning is tried again, for the \d\w\w time now: .+ \(muster doctor --models asks the model, muster cancel ends the task\)$/,
  );
  await handle.cancel();
});
