// deployment.ts: a deployment of its own for a bench, as it would run: a durable tuned server, a worker and a model as
// processes of their own, the client in this one. All of it in a folder that is gone afterwards.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect, type MusterClient, type TaskInput, type TaskResult } from '../client/index.ts';
import type { RequestRecord } from '../simulator/server.ts';
import { fileStore } from '../store/file-store.ts';
import { storeFolder } from '../store/home.ts';
import { startChild, type Child } from './child.ts';
import type { Cleanup } from './cleanup.ts';
import { goalOf, writeHandbook } from './handbook.ts';

export const LATENCY_MS = 200;
/** The class of the bench's tasks: `standard` with room for many subtasks. */
export const BENCH_CLASS = 'bench';
export const MAX_SUBTASKS = 100;

export interface BenchDeployment {
  home: string;
  /** Folder of the documents. */
  docs: string;
  address: string;
  /** Base URL of the scripted model. */
  modelUrl: string;
  client: MusterClient;
  /** @param env beside its own. Default: nothing. */
  startWorker(env?: Record<string, string>): Promise<Child>;
  /** Starts the task with this many sub-agents. */
  startTask(subAgents: number, more?: Pick<TaskInput, 'join' | 'notify'>): ReturnType<MusterClient['start']>;
  /** The model calls that have ended, oldest first. */
  modelCalls(): Promise<RequestRecord[]>;
  /** Model calls that are open now. */
  openCalls(): Promise<number>;
}

/**
 * Starts server, model and client; a worker only when asked.
 * @param options.config parts of the config file beside its classes. Default: none.
 * @param options.latencyMs of each model call. Default: 200.
 * @param options.directMs that an answer at once takes longer. Default: 0.
 * @param options.tokenMs of each piece of a streamed answer. Default: 0.
 * @param options.apartMs how much later each sub-agent's findings are said than those of the one before. Default: 0.
 */
export async function benchDeployment(
  cleanup: Cleanup,
  {
    maxSubtasks = MAX_SUBTASKS,
    apartMs = 0,
    latencyMs = LATENCY_MS,
    directMs = 0,
    tokenMs = 0,
    config = {},
  }: {
    maxSubtasks?: number;
    apartMs?: number;
    latencyMs?: number;
    directMs?: number;
    tokenMs?: number;
    config?: object;
  } = {},
): Promise<BenchDeployment> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'muster-bench-')));
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, '.muster');
  const docs = join(folder, 'handbook');
  mkdirSync(home);
  writeHandbook(docs);
  // Worker and client go by the same file.
  process.env.MUSTER_CONFIG = join(folder, 'config.json');
  const classes = { [BENCH_CLASS]: { extends: 'standard', maxSubtasks } };
  writeFileSync(process.env.MUSTER_CONFIG, JSON.stringify({ ...config, classes }));

  const address = await startServer(home, cleanup);
  const model = await startChild(new URL('./scripted-model.js', import.meta.url), {
    args: [latencyMs, apartMs, directMs, tokenMs].map(String),
    cleanup,
  });
  const deployment = await fileStore(storeFolder(home)).deploymentId();
  const client = await connect({ address, home, deployment, namespace: 'default' });
  cleanup.add(() => client.close());
  const asked = async (): Promise<{ requests: RequestRecord[]; inFlight: number }> => {
    const response = await fetch(new URL('/_simulator/requests', model.said));
    return (await response.json()) as Awaited<ReturnType<typeof asked>>;
  };
  return {
    home,
    docs,
    address,
    modelUrl: model.said,
    client,
    startWorker: (env = {}) =>
      startChild(new URL('../worker/main.js', import.meta.url), {
        env: {
          MUSTER_HOME: home,
          MUSTER_OFFLINE_URL: model.said,
          MUSTER_EXIT_WITH_PARENT: '1',
          TEMPORAL_ADDRESS: address,
          ...env,
        },
        cleanup,
      }),
    startTask: (subAgents, more = {}) =>
      client.start({ goal: goalOf(subAgents), sources: [docs], class: BENCH_CLASS, ...more }),
    modelCalls: async () => (await asked()).requests,
    openCalls: async () => (await asked()).inFlight,
  };
}

/** A row counts only when the task did all of its work. @throws Error when a sub-agent or a citation is missing */
export function refuseIncomplete({ coverage, answer, usage }: TaskResult, subAgents: number): void {
  const calls = 2 * subAgents + 2;
  if (coverage.done === subAgents && answer?.citations.length === subAgents && usage.modelCalls === calls) return;
  throw new Error(
    `the task is not what the bench asks for: ${coverage.done} of ${subAgents} done, ` +
      `${answer?.citations.length} citations, ${usage.modelCalls} of ${calls} model calls`,
  );
}

/**
 * Takes the caller's own settings out of the environment: a bench has its own, but for how the server is got and tuned.
 * Node reads NODE_EXTRA_CA_CERTS at each start of a process (50 ms for a system's whole bundle); nothing here speaks TLS.
 */
export function forgetSettings(): void {
  for (const name of Object.keys(process.env)) {
    if (/^(MUSTER_(?!TEMPORAL_|CACHE_DIR)|TEMPORAL_|OPENAI_|NODE_EXTRA_CA_CERTS$)/.test(name)) delete process.env[name];
  }
}

async function startServer(home: string, cleanup: Cleanup): Promise<string> {
  const script = fileURLToPath(new URL('../../temporal-dev.sh', import.meta.url));
  const run = (...args: string[]) =>
    promisify(execFile)('bash', [script, ...args], {
      env: { ...process.env, MUSTER_HOME: home, TEMPORAL_ADDRESS: '' },
    });
  // Waits for a start that is under way.
  cleanup.add(() => run('--stop'));
  const { stdout } = await run();
  const address = /^address=(.*)$/m.exec(stdout)?.[1];
  if (!address) throw new Error('temporal-dev.sh named no address');
  return address;
}
