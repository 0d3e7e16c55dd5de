// Records a history for each shape that has none yet: MUSTER_RECORD=1 npx jest record-histories. Never writes over one:
// a kept history stands for tasks that are under way somewhere.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { TaskHandle } from '../../client/index.ts';
import { testDeployment, until, type TestDeployment } from '../rig/deployment.ts';

const FOLDER = join(__dirname, 'histories');
const GOAL = 'Compare harbour, tidebook and lighthouse with respect to their limits';

const SCENARIOS: Record<string, (it: TestDeployment, start: () => Promise<TaskHandle>) => Promise<TaskHandle>> = {
  async plain(_it, start) {
    return await start();
  },
  async retry(it, start) {
    it.model.inject({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '1' },
      match: { step: 'muster_findings', nth: 2 },
    });
    return await start();
  },
  async cancel(it, start) {
    it.model.inject({ kind: 'stall', times: 9, match: { step: 'muster_findings', nth: 4 } });
    const handle = await start();
    await until('a call hangs', async () => it.model.inFlight > 0 && it.model.requests.length >= 4);
    await handle.cancel('recorded');
    return handle;
  },
  async 'late-report'(it, start) {
    it.model.inject({ kind: 'delay', ms: 3_000, match: { step: 'muster_findings', nth: 6 } });
    const handle = await start();
    await until('one subtask is done', async () => ((await handle.status()).progress?.coverage.done ?? 0) >= 1);
    const { progress } = await handle.status();
    const done = progress!.subtasks.find((one) => one.state === 'done')!;
    const workflow = it.client.temporal.workflow.getHandle(handle.taskId);
    const run = (await workflow.describe()).runId;
    await workflow.signal('report', {
      v: 1,
      run,
      subtask: done.id,
      generation: 1,
      seq: 99,
      kind: 'finding',
      finding: { id: `${done.id}/g1/99`, claim: 'late', at: 'x:1' },
    });
    return handle;
  },
  async failure(it, start) {
    it.model.inject({ kind: 'status', status: 401, times: 99, match: { step: 'muster_findings' } });
    return await start();
  },
};

const record = process.env.MUSTER_RECORD ? test : test.skip;

record.each(Object.keys(SCENARIOS).filter((name) => !existsSync(join(FOLDER, `${name}.json`))))(
  'records %s',
  async (name) => {
    const it = await testDeployment({ latencyMs: 50 });
    try {
      await it.startWorker();
      const handle = await SCENARIOS[name]!(it, () => it.client.start({ goal: GOAL, sources: [it.docs] }));
      await handle.result().catch(() => undefined);
      const history = await it.client.temporal.workflow.getHandle(handle.taskId).fetchHistory();
      // Who worked, and where its files lie, is nobody's business and of no use to a replay.
      const hidden: Record<string, string> = { identity: 'worker', stackTrace: '' };
      const plain = JSON.parse(historyToJSON(history), (key, value: unknown) => hidden[key] ?? value) as unknown;
      writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(plain, null, 1)}\n`);
    } finally {
      await it.stop();
    }
  },
);
