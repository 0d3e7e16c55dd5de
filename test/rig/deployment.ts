// deployment.ts: a deployment of its own for a test: store, offline model with faults to inject, client, and workers,
// in this process or as real processes that can be killed.

import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { NativeConnection, Runtime, DefaultLogger } from '@temporalio/worker';
import { openaiProvider, type OpenAIProviderOptions, type SubAgentKind } from '../../activities/index.ts';
import { connect, type MusterClient } from '../../client/index.ts';
import { BUILT_IN_CLASSES, type RequestClass } from '../../protocol/classes.ts';
import { fastQueue } from '../../protocol/names.ts';
import { startSimulator, type Brain, type Simulator } from '../../simulator/server.ts';
import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { fileStore } from '../../store/file-store.ts';
import { storeFolder } from '../../store/home.ts';
import type { Store } from '../../store/store.ts';
import { createWorker, type CreateWorkerOptions } from '../../worker/create-worker.ts';
import { openFastLane, type FastLane } from '../../worker/fast-lane.ts';
import type { MusterWorker } from '../../worker/host-worker.ts';
import { takeOverOrphans } from '../../worker/orphans.ts';
import { until } from './until.ts';

export { until } from './until.ts';

const DIST = resolve(__dirname, '../../dist');

/** The key that every test worker uses: it must turn up nowhere. */
export const TEST_KEY = 'sk-test-4f1d0c7e9b2a-never-to-be-seen';

/** Signs what receivers on loopback are told. */
export const TEST_WEBHOOK_KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export const serverAddress = (): string => {
  const address = process.env.MUSTER_TEST_ADDRESS;
  if (!address || address === 'none') throw new Error('the test server is not there: run through npx jest');
  return address;
};

export interface WorkerOptions {
  ceiling?: Partial<RequestClass>;
  /** Default: `default`. */
  namespace?: string;
  /** What differs from the offline model. */
  provider?: Partial<OpenAIProviderOptions>;
  /** Other models than the offline one. */
  models?: CreateWorkerOptions['models'];
  subAgents?: readonly SubAgentKind[];
  /** File with other Workflow types than `masterAgent`. */
  workflowsPath?: string;
  slots?: number;
  web?: CreateWorkerOptions['web'];
  embeddings?: CreateWorkerOptions['embeddings'];
  mcp?: CreateWorkerOptions['mcp'];
  mcpTools?: CreateWorkerOptions['mcpTools'];
  /** Goes on with answers at once that a gateway left; a second Worker for Workflows costs each test a moment. Default: no. */
  takesFastTasks?: boolean;
  /** Goes on at once with what a killed process left, as a worker process does when it starts. Default: no. */
  takesOver?: boolean;
}

type FastOptions = Parameters<typeof openFastLane>[0];

export interface TestDeployment {
  home: string;
  /** A folder of documents that the workers may read. */
  docs: string;
  store: Store;
  model: Simulator;
  client: MusterClient;
  /** Starts a worker in this process; stopped with the deployment. */
  startWorker(options?: WorkerOptions): Promise<MusterWorker>;
  /** Opens a lane for answers at once in this process, for a gateway of the test's own; closed with the deployment. */
  openLane(options?: Pick<WorkerOptions, 'provider'> & Pick<FastOptions, 'fastSlots' | 'traces'>): Promise<FastLane>;
  /** Starts a worker as a process of its own, to be killed or for what only a process does: it costs five times as much. */
  spawnWorker(env?: Record<string, string>, heard?: (text: string) => void): Promise<ChildProcess>;
  stop(): Promise<void>;
}

export async function testDeployment(
  options: { latencyMs?: number; tokenMs?: number; brain?: Brain; models?: string[] } = {},
): Promise<TestDeployment> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'muster-deployment-')));
  const home = join(folder, '.muster');
  const docs = join(folder, 'docs');
  mkdirSync(home);
  cpSync(resolve(__dirname, '../fixtures/docs'), docs, { recursive: true });
  const store = fileStore(storeFolder(home));
  await store.deploymentId();
  const model = await startSimulator({
    latencyMs: options.latencyMs ?? 0,
    tokenMs: options.tokenMs ?? 0,
    ...(options.brain ? { brain: options.brain } : {}),
    ...(options.models ? { models: options.models } : {}),
  });
  const client = await connect({ address: serverAddress(), home });
  const stops: (() => Promise<unknown>)[] = [];

  return {
    home,
    docs,
    store,
    model,
    client,
    async startWorker({
      ceiling = {},
      provider = {},
      namespace = 'default',
      models,
      subAgents,
      workflowsPath,
      slots,
      web,
      embeddings,
      mcp,
      mcpTools,
      takesOver = false,
      takesFastTasks = false,
    } = {}) {
      quiet();
      const connection = await NativeConnection.connect({ address: serverAddress() });
      const worker = await createWorker({
        connection,
        namespace,
        store,
        takesFastTasks,
        models: models ?? [
          openaiProvider({
            model: 'muster-offline',
            apiKey: TEST_KEY,
            baseURL: model.url,
            offline: true,
            ...provider,
          }),
        ],
        roots: [folder],
        ceiling: { ...BUILT_IN_CLASSES.thorough, ...ceiling },
        ...(subAgents ? { extensions: { subAgents } } : {}),
        ...(workflowsPath === undefined ? {} : { workflowsPath }),
        ...(slots === undefined ? {} : { slots }),
        ...(web ? { web } : {}),
        ...(embeddings ? { embeddings } : {}),
        notify: { webhooks: { keys: { main: { secrets: [TEST_WEBHOOK_KEY] } }, allow: ['127.0.0.1'] } },
        ...(mcp ? { mcp } : {}),
        ...(mcpTools ? { mcpTools } : {}),
      });
      if (takesOver) await takeOverOrphans(home, '', connection, () => undefined);
      const running = worker.run();
      stops.push(async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await running;
        await connection.close();
      });
      return worker;
    },
    async openLane({ provider = {}, ...more } = {}) {
      quiet();
      const connection = await NativeConnection.connect({ address: serverAddress() });
      const lane = await openFastLane({
        connection,
        store,
        models: [
          openaiProvider({ model: 'muster-offline', apiKey: TEST_KEY, baseURL: model.url, offline: true, ...provider }),
        ],
        roots: [folder],
        ceiling: BUILT_IN_CLASSES.thorough,
        ...more,
      });
      stops.push(async () => {
        await lane.close();
        await connection.close();
      });
      return lane;
    },
    async spawnWorker(env = {}, heard?) {
      const own = { MUSTER_HOME: home, TEMPORAL_ADDRESS: serverAddress(), MUSTER_OFFLINE_URL: model.url };
      const child = await spawnReady(join(DIST, 'worker/main.js'), [], { ...own, ...env }, undefined, heard);
      stops.push(() => killed(child, 'SIGTERM'));
      return child;
    },
    async stop() {
      for (const stop of stops.reverse()) await stop();
      await client.close();
      await model.close();
      // What watches, and a thread, would keep all modules of the test file.
      await store.close();
      await closeCorpusThread();
    },
  };
}

/**
 * Starts a compiled entry and waits for its line `ready …`.
 * @param onReady told that line.
 * @param heard told of all that it writes.
 */
export async function spawnReady(
  entry: string,
  args: string[],
  env: Record<string, string>,
  onReady: (line: string) => void = () => undefined,
  heard?: (text: string) => void,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', heard ? 'pipe' : process.env.MUSTER_TEST_TALK ? 'inherit' : 'ignore'],
  });
  if (heard)
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => heard(data.toString()));
  await new Promise<void>((ready, failed) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (!line.startsWith('ready')) return;
      onReady(line);
      ready();
    });
    child.once('exit', (code) => failed(new Error(`${entry} ended with ${code}`)));
  });
  return child;
}

/** Sends a signal to a process, by its id, and waits until it is gone. */
export async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGCONT');
  child.kill(signal);
  await gone;
}

let installed = false;
function quiet(): void {
  if (installed) return;
  installed = true;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}

/** Of the server's two kinds of task queues. */
const ACTIVITIES = 2;

/**
 * Until the server knows who answers at once: it knows of a worker once that has polled; who asks before is told that there is none,
 * and believes it for two seconds.
 */
export async function untilAnswersAtOnce({ client, store }: TestDeployment): Promise<void> {
  const { workflowService, options } = client.temporal;
  const name = fastQueue(await store.deploymentId());
  await until('the server knows who answers at once', async () => {
    const { namespace } = options;
    const asked = { namespace, taskQueue: { name }, taskQueueType: ACTIVITIES };
    return ((await workflowService.describeTaskQueue(asked)).pollers ?? []).length > 0;
  });
}
