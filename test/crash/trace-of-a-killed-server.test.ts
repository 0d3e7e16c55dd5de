// The trace of a task whose Temporal server was killed under it: one tree. Takes a server of its own, so it runs by `npm run
// test:long` alone.

import type { LogRecord } from '../../protocol/log-records.ts';
import { traceIdOf } from '../../telemetry/trace-context.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { heldModel, type HeldModel } from '../rig/held-model.ts';
import { LONG } from '../rig/long.ts';
import { startOtlpReceiver, type OtlpReceiver } from '../rig/otlp-receiver.ts';
import { ownServer, type OwnServer } from '../rig/own-server.ts';
import { expectWhole, tookOf } from '../telemetry/recorded-task.ts';

const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';

(LONG ? describe : describe.skip)('a Temporal server', () => {
  let server: OwnServer;
  let it_: TestDeployment;
  let model: HeldModel;
  let otlp: OtlpReceiver;

  beforeAll(async () => {
    server = await ownServer();
    model = heldModel((asked, name) => name === 'muster_findings' && asked.includes('"role":"tool"'));
    it_ = await testDeployment({ brain: model.brain });
    otlp = await startOtlpReceiver();
  });
  afterAll(async () => {
    model.release();
    await it_.stop();
    await otlp.close();
    server.stop();
  });

  test('that is killed while model calls are open, and comes back, leaves one tree: no orphan, no span twice', async () => {
    await it_.spawnWorker(otlp.env);
    const { taskId } = await it_.client.start({ goal: COMPARE, sources: [it_.docs] });
    await until('its calls are open', () => model.waiting() >= 3);
    await server.kill();
    model.release();
    server.comeBack();
    const handle = await it_.client.get(taskId);
    expect((await handle.result()).outcome).toBe('completed');
    await until('its trace has come', () => otlp.spans.some(({ name }) => name === 'invoke_workflow muster'));
    const root = expectWhole(otlp.spans);
    expect([root.traceId, root.error]).toEqual([traceIdOf(taskId), undefined]);
    const run = (await it_.store.getTask(taskId))?.run ?? '';
    for (const subtask of ['s1', 's2', 's3']) {
      const log = await it_.store.readLog<LogRecord>({ run, subtask, generation: 1 });
      const [life, ...others] = otlp.spans.filter(({ attributes }) => attributes['gen_ai.agent.id'] === subtask);
      expect(others).toEqual([]);
      const took = tookOf(log);
      expect(Math.abs((life?.end ?? 0) - (life?.start ?? 0) - took)).toBeLessThan(took * 0.1);
      const calls = otlp.spans.filter(({ parentId, name }) => parentId === life?.spanId && name.startsWith('chat '));
      expect(calls).toHaveLength(log.filter(({ t }) => t === 'model' || t === 'fault').length);
    }
  });
});
