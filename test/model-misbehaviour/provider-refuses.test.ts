// What a provider refuses for good, and the key it is called with.

import { execFileSync } from 'node:child_process';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TaskFailedError } from '../../client/index.ts';
import { TEST_KEY, testDeployment, type TestDeployment } from '../rig/deployment.ts';

const GOAL = 'How often does Lighthouse poll the harbour service?';

describe('a task whose model', () => {
  let it_: TestDeployment;
  beforeEach(async () => {
    it_ = await testDeployment();
  });
  afterEach(() => it_.stop());

  const run = async () => {
    const handle = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
    return await handle.result();
  };
  const failure = async () => {
    const error = await run().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TaskFailedError);
    return error as TaskFailedError;
  };

  test('refuses the key fails at once, says so, and shows no key', async () => {
    await it_.startWorker();
    it_.model.inject({
      kind: 'status',
      status: 401,
      times: 9,
      body: { error: { message: `Incorrect API key provided: ${TEST_KEY}` } },
    });
    const error = await failure();
    expect(error.failure).toMatchObject({ type: 'ModelKeyRefused' });
    expect(error.hint).toContain('OPENAI_API_KEY');
    expect(JSON.stringify(error)).not.toContain(TEST_KEY);
    expect(it_.model.requests).toHaveLength(1);
  });

  test('is not known to the server fails at once and names the model', async () => {
    await it_.startWorker({ provider: { model: 'gpt-nope' } });
    const error = await failure();
    expect(error.failure).toMatchObject({ type: 'ModelNotFound' });
    expect(error.message).toContain('"gpt-nope"');
  });

  test('is called with a key leaves it in no history, log, heartbeat or result', async () => {
    await it_.startWorker();
    const handle = await it_.client.start({ goal: GOAL, sources: [it_.docs] });
    await handle.result();
    const history = historyToJSON(await it_.client.temporal.workflow.getHandle(handle.taskId).fetchHistory());
    const encoded = Buffer.from(TEST_KEY).toString('base64').slice(4, 20);
    expect(history).not.toContain(TEST_KEY);
    expect(history).not.toContain(encoded);
    expect(execFileSync('sh', ['-c', `grep -rl "${TEST_KEY}" "${it_.home}" || true`]).toString()).toBe('');
  });
});
