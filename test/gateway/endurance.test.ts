// Readers of a stream, by SSE and by WebSocket, a poller, and whatever may die, after each of a task's first events: each reader
// gets the whole log, each event once and in order, and percent never goes back. Long: `npm run test:long`.

import { resolve } from 'node:path';
import { killed, serverAddress, spawnReady, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { LONG } from '../rig/long.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { follow, idsOf, numbered } from './event-source-reader.ts';
import { followSocket } from './socket-reader.ts';

const GATEWAY = resolve(__dirname, '../../dist/gateway/main.js');
const DEATHS = ['the connection', 'the gateway', 'the worker', 'gateway and worker'] as const;
const AFTER = [1, 3, 5, 7, 9];
const RESET_AFTER = [3, 7];

(LONG ? describe : describe.skip)('while a task runs', () => {
  let it_: TestDeployment;
  beforeAll(async () => {
    it_ = await testDeployment({ latencyMs: 150, tokenMs: 2 });
  });
  afterAll(() => it_.stop());
  /** Whatever failed, none is left behind. */
  const gateways: Awaited<ReturnType<typeof spawnReady>>[] = [];
  afterEach(async () => {
    for (const one of gateways.splice(0)) await killed(one, 'SIGKILL');
  });

  async function spawnGateway(): Promise<{ child: Awaited<ReturnType<typeof spawnReady>>; url: string }> {
    let url = '';
    const env = { MUSTER_HOME: it_.home, TEMPORAL_ADDRESS: serverAddress() };
    const child = await spawnReady(GATEWAY, ['--port', '0'], env, (line) => (url = /url=(\S+)/.exec(line)?.[1] ?? ''));
    gateways.push(child);
    return { child, url };
  }

  /** Asks where the task stands, again and again; what was said of its percent. */
  function polling(address: string): () => Promise<number[]> {
    const percents: number[] = [];
    let polls = true;
    const all = (async () => {
      while (polls) {
        const task = await fetch(address)
          .then(async (response) => (response.ok ? ((await response.json()) as { percent: number }) : undefined))
          .catch(() => undefined);
        if (task) percents.push(task.percent);
        await new Promise((done) => setTimeout(done, 50));
      }
    })();
    return async () => {
      polls = false;
      await all;
      return percents;
    };
  }

  test.each(DEATHS.flatMap((what) => AFTER.map((n) => [what, n] as const)))(
    '%s dies after event %d, and its readers get the rest as the store has it, then done and 204',
    async (what, n) => {
      let gateway = await spawnGateway();
      let worker = await it_.spawnWorker();
      const proxy = await cuttingProxy(gateway.url, 0);
      const { taskId } = await it_.client.start({ goal: 'How often does Lighthouse poll?', sources: [it_.docs] });
      const reader = follow(`${proxy.url}/tasks/${taskId}/events`);
      const socket = followSocket(proxy.url, taskId);
      const stop = polling(`${proxy.url}/tasks/${taskId}`);
      await until(`event ${n} is read`, () => [reader, socket].every(({ seen }) => numbered(seen).length >= n));
      if (what === 'the connection') proxy.cut();
      if (what.includes('gateway')) await killed(gateway.child, 'SIGKILL');
      if (what.includes('worker')) await killed(worker, 'SIGKILL');
      if (what.includes('gateway')) {
        gateway = await spawnGateway();
        proxy.aim(gateway.url);
      }
      if (what.includes('worker')) worker = await it_.spawnWorker();
      await Promise.all([reader.ended, socket.ended]);
      reader.close();
      const percents = await stop();
      const stored = idsOf(await it_.store.readEvents(taskId));
      expect(numbered(reader.seen)).toEqual(stored);
      expect(numbered(socket.seen)).toEqual(stored);
      // Cut between the last event and `done`, a reader comes back behind the last event and is told 204.
      const last = reader.seen.at(-1);
      expect(last?.data).toMatchObject(last?.event === 'done' ? { status: 'completed' } : { type: 'task.closed' });
      expect(socket.seen.at(-1)?.data).toMatchObject({ status: 'completed' });
      expect(percents).toEqual(percents.toSorted((a, b) => a - b));
      const back = await fetch(`${gateway.url}/tasks/${taskId}/events`, {
        headers: { 'last-event-id': stored.at(-1) ?? '' },
      });
      expect(back.status).toBe(204);
      await killed(worker, 'SIGTERM');
      await killed(gateway.child, 'SIGTERM');
      await proxy.close();
    },
  );

  test.each(RESET_AFTER.flatMap((n) => [false, true].map((isKilled) => ({ n, isKilled }))))(
    'the task is reset after event $n (gateway killed, too: $isKilled), and its readers go on with its new run behind a snapshot',
    async ({ n, isKilled }) => {
      let gateway = await spawnGateway();
      const worker = await it_.spawnWorker();
      const proxy = await cuttingProxy(gateway.url, 0);
      const { taskId } = await it_.client.start({ goal: 'How often does Lighthouse poll?', sources: [it_.docs] });
      const readers = [follow(`${proxy.url}/tasks/${taskId}/events`), followSocket(proxy.url, taskId)];
      const stop = polling(`${proxy.url}/tasks/${taskId}`);
      await until(`event ${n} is read`, () => readers.every(({ seen }) => numbered(seen).length >= n));
      const { workflowService, options, workflow } = it_.client.temporal;
      const before = (await workflow.getHandle(taskId).describe()).runId;
      if (isKilled) await killed(gateway.child, 'SIGKILL');
      await workflowService.resetWorkflowExecution({
        namespace: options.namespace,
        workflowExecution: { workflowId: taskId, runId: before },
        reason: 'test',
        workflowTaskFinishEventId: 4 as never,
        requestId: `reset-${taskId}`,
      });
      if (isKilled) {
        gateway = await spawnGateway();
        proxy.aim(gateway.url);
      }
      await Promise.all(readers.map(({ ended }) => ended));
      const now = (await workflow.getHandle(taskId).describe()).runId;
      const stored = idsOf((await it_.store.readEvents(taskId)).filter(({ run }) => run === now));
      for (const reader of readers) {
        reader.close();
        const { seen } = reader;
        const at = seen.findIndex(({ event }) => event === 'snapshot');
        const old = numbered(seen.slice(0, at));
        expect(old).toEqual(old.map((_id, of) => `${before}:${of + 1}`));
        const from = Number(seen[at]?.id.split(':')[1]);
        expect(seen[at]?.id).toBe(`${now}:${from}`);
        expect(numbered(seen.slice(at + 1))).toEqual(stored.slice(from));
      }
      const percents = await stop();
      expect(percents).toEqual(percents.toSorted((a, b) => a - b));
      await killed(worker, 'SIGTERM');
      await killed(gateway.child, 'SIGTERM');
      await proxy.close();
    },
  );
});
