// create-worker.ts: composition root: puts store, model, kinds and Workflow bundle into one Temporal Worker.
// Embeddable: reads no environment and ends no process.

import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import {
  createActivities,
  researcher,
  type ModelProvider,
  type SubAgentKind,
  type WebOptions,
} from '../activities/index.ts';
import type { RequestClass } from '../protocol/classes.ts';
import { deepQueue } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';

export interface CreateWorkerOptions {
  connection: NativeConnection;
  /** Default: `default`. */
  namespace?: string;
  store: Store;
  provider: ModelProvider;
  /** Absolute folders that documents may be read from. */
  roots: readonly string[];
  /** What may be read of the web (sources that are addresses). Default: nothing. */
  web?: WebOptions;
  /** Most that a request's class may ask for. */
  ceiling: RequestClass;
  /** Kinds of sub-agents beside the built-in `researcher`. A name used twice is refused. */
  extensions?: { subAgents?: readonly SubAgentKind[] };
  /** Activities at work at once. Default: 100. */
  slots?: number;
}

/** A Worker on the deployment's deep queue, ready to `run()`. */
export async function createWorker(options: CreateWorkerOptions): Promise<Worker> {
  const activities = createActivities({
    store: options.store,
    provider: options.provider,
    kinds: kindTable([researcher, ...(options.extensions?.subAgents ?? [])]),
    roots: options.roots,
    ...(options.web ? { web: options.web } : {}),
    ceiling: options.ceiling,
    worker: `${hostname()}/${process.pid}`,
  });
  return await Worker.create({
    connection: options.connection,
    namespace: options.namespace ?? 'default',
    taskQueue: deepQueue(await options.store.deploymentId()),
    workflowBundle: { codePath: bundlePath() },
    activities,
    ...TUNING,
    maxConcurrentActivityTaskExecutions: options.slots ?? 100,
  });
}

const TUNING = {
  // A cancel reaches an Activity with the next heartbeat reply: within a second, not within 0.8 of the time-out.
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
  // After a worker's death its Workflows wait this long for it before another one may take them.
  stickyQueueScheduleToStartTimeout: '1s',
  // Sub-agents go on from their checkpoints elsewhere, so there is little to wait for.
  shutdownGraceTime: '1s',
  shutdownForceTime: '10s',
} satisfies Partial<WorkerOptions>;

function kindTable(kinds: readonly SubAgentKind[]): Map<string, SubAgentKind> {
  const table = new Map<string, SubAgentKind>();
  for (const kind of kinds) {
    const owner = table.get(kind.name);
    if (owner)
      throw new Error(`two sub-agent kinds are named "${kind.name}": "${owner.description}" and "${kind.description}"`);
    table.set(kind.name, kind);
  }
  return table;
}

/** The prebuilt bundle: beside the compiled rooms, also when these run from their sources. */
export function bundlePath(): string {
  const compiled = import.meta.url.endsWith('.js');
  return fileURLToPath(new URL(compiled ? '../workflow-bundle.js' : '../dist/workflow-bundle.js', import.meta.url));
}
