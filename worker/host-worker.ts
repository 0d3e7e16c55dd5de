// host-worker.ts: the Temporal Worker of one process: its queue, its Workflow bundle, its tuning. Knows the Activities by
// name only, so that it comes up while they are still being loaded.

import { fileURLToPath } from 'node:url';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../protocol/activities.ts';
import { deepQueue } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import type { TokenKeeper } from './task-tokens.ts';

export interface HostOptions {
  connection: NativeConnection;
  /** Default: `default`. */
  namespace?: string;
  store: Store;
  /**
   * File whose exports are the Workflow types, when they are others than `masterAgent` alone; it must export that, too:
   * `export { masterAgent } from 'muster-agents/workflows'`. Bundled when the worker starts.
   */
  workflowsPath?: string;
  /** Activities at work at once. Default: 100. */
  slots?: number;
  /** True takes up few Workflow Tasks at once: where one of them killed a worker, it shows which. Default: false. */
  careful?: boolean;
  /** Keeps the tokens of this worker's work, so that the next worker on this host takes it over at once. */
  tokens?: TokenKeeper;
}

/**
 * A Worker on the deployment's deep queue, ready to `run()` when the Activities are there, too.
 * @throws what `activities` rejects with.
 */
export async function hostWorker(options: HostOptions, activities: Promise<Activities>): Promise<Worker> {
  const [worker] = await Promise.all([startWorker(options, activities), activities]);
  return worker;
}

async function startWorker(options: HostOptions, activities: Promise<Activities>): Promise<Worker> {
  return await Worker.create({
    connection: options.connection,
    namespace: options.namespace ?? 'default',
    taskQueue: deepQueue(await options.store.deploymentId()),
    ...(options.workflowsPath === undefined
      ? { workflowBundle: { codePath: bundlePath() } }
      : { workflowsPath: options.workflowsPath, bundlerOptions: { preloadModules: SANDBOX_MODULES } }),
    activities: whenLoaded(activities),
    ...TUNING,
    ...(options.tokens
      ? { interceptors: { activity: [(context) => ({ inbound: options.tokens?.interceptor(context) ?? {} })] } }
      : {}),
    maxConcurrentActivityTaskExecutions: options.slots ?? 100,
    // The fewest that the SDK can do with: one of a Workflow that goes on here, and one of a Workflow that is new here.
    ...(options.careful ? { maxConcurrentWorkflowTaskExecutions: 2 } : {}),
  });
}

const NAMES: Readonly<Record<keyof Activities, true>> = {
  prepareSources: true,
  planTask: true,
  runSubAgents: true,
  synthesize: true,
  verifyAnswer: true,
  shapeAnswer: true,
  recordTask: true,
  commandSubAgent: true,
};

type AnyActivity = (input: unknown) => Promise<unknown>;

function whenLoaded(activities: Promise<Activities>): Record<string, AnyActivity> {
  const named =
    (name: string): AnyActivity =>
    async (input) =>
      await ((await activities) as unknown as Record<string, AnyActivity>)[name]?.(input);
  return Object.fromEntries(Object.keys(NAMES).map((name) => [name, named(name)]));
}

/** What each Workflow sandbox loads before any Workflow. */
export const SANDBOX_MODULES = [fileURLToPath(new URL(`../workflows/stack-traces${extension()}`, import.meta.url))];

const TUNING = {
  // A wide fan-out is handed out by polls, each of which brings one Activity: with ten, the last sub-agent waits for nine
  // rounds of them.
  activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 20 },
  // The first of a wide fan-out's sub-agents are handed over with the reply that sends them, instead of by a poll each; no
  // more than that, so that other workers of a fleet get their part. Only free slots are given so, so nobody is overtaken.
  maxEagerActivityReservationsPerWorkflowTask: 50,
  // One activation of a Workflow beyond this aborts the whole process, and then that of every worker that takes the task
  // up. The widest task's takes a quarter of a second; on a machine that much else shares, that may be some seconds.
  ...({ isolateExecutionTimeout: '60s' } as object),
  // A cancel reaches an Activity with the next heartbeat reply: within a second, not within 0.8 of the time-out.
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
  // After a worker's death its Workflows wait this long for it before another one may take them.
  stickyQueueScheduleToStartTimeout: '1s',
  // Sub-agents go on from their checkpoints elsewhere, so there is little to wait for.
  shutdownGraceTime: '1s',
  shutdownForceTime: '10s',
} satisfies Partial<WorkerOptions>;

/** The prebuilt bundle: beside the compiled rooms, also when these run from their sources. */
export function bundlePath(): string {
  const compiled = extension() === '.js';
  return fileURLToPath(new URL(compiled ? '../workflow-bundle.js' : '../dist/workflow-bundle.js', import.meta.url));
}

/** Of this room's files, compiled or not. */
function extension(): string {
  return import.meta.url.endsWith('.js') ? '.js' : '.ts';
}
