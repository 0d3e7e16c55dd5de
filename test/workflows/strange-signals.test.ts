// Anybody with access may send a Signal, by hand too: what is none of ours changes nothing and stops nothing.

import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

describe('a task that is sent', () => {
  let it_: TestDeployment;
  beforeEach(async () => {
    it_ = await testDeployment({ latencyMs: 300 });
  });
  afterEach(() => it_.stop());

  test('Signals without payload, with text, null or odd objects goes on to its answer', async () => {
    await it_.startWorker();
    const task = await it_.client.start({
      goal: 'How often does Lighthouse poll the harbour service?',
      sources: [it_.docs],
    });
    await until('it researches', async () => (await task.status()).progress?.stage === 'researching');
    const handle = it_.client.temporal.workflow.getHandle(task.taskId);
    const { runId: run } = await handle.describe();
    const odd = { v: 1, run, subtask: 's1', generation: 1, seq: 99, kind: 'finding' };
    for (const name of ['answer', 'report']) {
      await handle.signal(name);
      for (const payload of [
        null,
        'text',
        7,
        [],
        {},
        { handle: 7 },
        odd,
        { ...odd, finding: { claim: 7 } },
        { ...odd, kind: 'resumed', attempt: 'x' },
      ])
        await handle.signal(name, payload);
    }
    const result = await task.result({ timeoutSeconds: 20 });
    expect(result.answer?.citations.map(({ quote }) => quote)).toContain('It polls every 15 seconds.');
  });
});
