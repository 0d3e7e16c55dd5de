// metrics-run.ts: a worker and a gateway as processes whose metrics can be read, and a run in which everything happens that is
// counted.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backgroundId } from '../../protocol/names.ts';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { storeFolder } from '../../store/home.ts';
import { killed, spawnReady, TEST_WEBHOOK_KEY, testDeployment } from './deployment.ts';
import { startReceiver } from './receiver.ts';
import { until } from './until.ts';
import { freePort } from './free-port.ts';

export interface MetricsRun {
  /** `host:port` of each `/metrics`: the worker's and the gateway's. */
  targets: string[];
  /** Lets everything happen, and returns when it has. */
  happens(): Promise<void>;
  stop(): Promise<void>;
}

const ASK = 'How often does Lighthouse poll?';
const COMPARE = 'Compare harbour, tidebook and lighthouse with respect to their limits';

export async function startMetricsRun(): Promise<MetricsRun> {
  const it_ = await testDeployment({ latencyMs: 100, tokenMs: 2 });
  const { client, docs, home, model } = it_;
  const [worker, gateway] = [await freePort(), await freePort()];
  const config = join(home, '../muster.json');
  const prices = { input: 2, output: 3 };
  const named = ['first', 'second'].map((name) => ({ name, model: 'muster-offline', prices }));
  writeFileSync(
    config,
    JSON.stringify({
      metrics: { worker, gateway },
      providers: [{ name: 'offline', baseURL: model.url, models: named }],
      webhooks: { keys: { main: { keyFrom: 'HOOK_KEY' } }, allow: ['127.0.0.1'] },
    }),
  );
  const env = { MUSTER_CONFIG: config, HOOK_KEY: TEST_WEBHOOK_KEY };
  await it_.spawnWorker(env);
  let url = '';
  const api = await spawnReady(
    resolve(__dirname, '../../dist/gateway/main.js'),
    ['--port', '0'],
    { ...env, MUSTER_HOME: home, TEMPORAL_ADDRESS: process.env.MUSTER_TEST_ADDRESS ?? '' },
    (line) => (url = /url=(\S+)/.exec(line)?.[1] ?? ''),
  );
  const [glad, gone] = await Promise.all([startReceiver(), startReceiver()]);
  gone.answer({ status: 410 });
  const post = async (body: object): Promise<string> => {
    const answer = await fetch(`${url}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return ((await answer.json()) as { task_id?: string }).task_id ?? '';
  };
  const end = (taskId: string): Promise<unknown> =>
    client.temporal.workflow
      .getHandle(taskId)
      .result()
      .catch(() => undefined);

  return {
    targets: [`127.0.0.1:${worker}`, `127.0.0.1:${gateway}`],
    async happens() {
      const fault = { kind: 'status', status: 503 } as const;
      const match = { step: 'muster_findings' };
      const notify = [glad, gone].map((one) => ({ kind: 'webhook' as const, to: one.url, key: 'main' }));
      model.inject({ ...fault, times: 1, match });
      const told = await client.start({
        goal: COMPARE,
        sources: [docs],
        notify,
      });
      await told.result();
      const alsoTold = await client.start({ goal: ASK, sources: [docs], class: 'quick', notify: notify.slice(0, 1) });
      await end(alsoTold.taskId);
      model.inject({ ...fault, times: 2, match });
      await end(await post({ goal: ASK, sources: [docs], class: 'quick' }));
      model.inject({ kind: 'bad-output', output: 'wrong-schema', times: 1, match });
      await end(await post({ goal: ASK, sources: [docs], class: 'quick' }));
      model.inject({ kind: 'status', status: 401, times: 2, match: { step: 'muster_plan' } });
      await end(await post({ goal: ASK, sources: [docs], class: 'quick' }));
      await post({ goal: '' });
      // What a reader finds where the result should be is no file.
      const ended = await client.start({ goal: ASK, sources: [docs], class: 'quick' });
      await end(ended.taskId);
      const place = join(storeFolder(home), 'tasks', sha256(ended.taskId), 'result.json');
      for (const _twice of [1, 2]) {
        rmSync(place, { recursive: true, force: true });
        mkdirSync(place);
        await fetch(`${url}/tasks/${ended.taskId}/result`);
        await new Promise((done) => setTimeout(done, 2_500));
      }
      // Its background child goes on to wait: what was given up may be asked for again.
      await until('both receivers are told or given up', async () => {
        const types = (await it_.store.readEvents(backgroundId(told.taskId))).map(({ type }) => type);
        return types.includes('delivery.sent') && types.includes('delivery.failed');
      });
    },
    async stop() {
      await killed(api, 'SIGTERM');
      await Promise.all([glad.close(), gone.close()]);
      await it_.stop();
    },
  };
}
