// host-worker.ts: the Temporal Workers of one process: that of tasks, one for answers at once and one for what no answer waits for,
// each with slots of its own. Their queues, Workflow bundle and tuning. Knows the Activities by name only, so that it comes up while they are loaded.

import { fileURLToPath } from 'node:url';
import type { Context } from '@temporalio/activity';
import {
  Worker,
  type ActivityInboundCallsInterceptor,
  type NativeConnection,
  type WorkerOptions,
} from '@temporalio/worker';
import type { Activities } from '../protocol/activities.ts';
import { backgroundQueue, deepQueue, fastQueue } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import { metrics } from '../telemetry/metrics/registry.ts';
import { logScope } from './log-scope.ts';
import { traceHeadersInterceptor } from './trace-headers.ts';
import type { TokenKeeper } from './task-tokens.ts';

export interface HostOptions {
  connection: NativeConnection;
  /** Default: `default`. */
  namespace?: string;
  store: Store;
  /**
   * File whose exports are the Workflow types, when they are others than `masterAgent` alone; it must export these, too:
   * `export { background, forget, masterAgent } from 'muster-agents/workflows'`. Bundled when the worker starts.
   */
  workflowsPath?: string;
  /** Activities at work at once. Default: 100. */
  slots?: number;
  /** Of those that no answer waits for (notifications, background subtasks), at work at once beside them. Default: 20. */
  backgroundSlots?: number;
  /** Answers at once, of the fast path, at work at once beside them. Default: 16. */
  fastSlots?: number;
  /** Goes on with answers at once that a gateway began and left. Default: true. */
  takesFastTasks?: boolean;
  /** True takes up few Workflow Tasks at once: where one of them killed a worker, it shows which. Default: false. */
  careful?: boolean;
  /** Keeps the tokens of this worker's work, so that the next worker on this host takes it over at once. */
  tokens?: TokenKeeper;
}

/** The Workers of a process as one: they run and end together. */
export type MusterWorker = Pick<Worker, 'run' | 'runUntil' | 'shutdown' | 'getState'>;

/**
 * Workers on the deployment's deep queue and on its background queue, ready to `run()` when the Activities are there, too.
 * @throws what `activities` rejects with.
 */
export async function hostWorker(options: HostOptions, activities: Promise<Activities>): Promise<MusterWorker> {
  const deployment = await options.store.deploymentId();
  const { slots = 100, backgroundSlots = 20, fastSlots = FAST_SLOTS, takesFastTasks = true } = options;
  const fastLane: Lane = { name: 'fast', taskQueue: fastQueue(deployment), slots: fastSlots };
  const [deep, background, fast] = await Promise.all([
    startWorker(options, activities, { name: 'deep', taskQueue: deepQueue(deployment), slots }),
    startActivityWorker(options, activities, {
      name: 'background',
      taskQueue: backgroundQueue(deployment),
      slots: backgroundSlots,
    }),
    takesFastTasks ? startWorker(options, activities, fastLane) : startActivityWorker(options, activities, fastLane),
    activities,
  ]);
  return together([deep, background, fast]);
}

/**
 * A Worker on the fast queue alone, for a process that starts tasks there by the same connection: they begin with the reply to
 * their start, and so does their first Activity.
 * @param graceMs how long what is at work may go on when it is to end. Default: 10,000, the most that a fast budget may be.
 * @throws what `activities` rejects with.
 */
export async function hostFastWorker(
  options: HostOptions & { graceMs?: number },
  activities: Promise<Activities>,
): Promise<MusterWorker> {
  const { fastSlots = FAST_SLOTS, graceMs = FAST_GRACE_MS } = options;
  const taskQueue = fastQueue(await options.store.deploymentId());
  const [worker] = await Promise.all([
    startWorker(
      options,
      activities,
      { name: 'fast', taskQueue, slots: fastSlots },
      {
        // Each poll holds a place: those of answers are beside them, or the last of them could not begin here at once.
        maxConcurrentActivityTaskExecutions: fastSlots + LANE_POLLS,
        activityTaskPollerBehavior: { type: 'simple-maximum', maximum: LANE_POLLS },
        shutdownGraceTime: graceMs,
        shutdownForceTime: graceMs + FORCE_MS,
      },
    ),
    activities,
  ]);
  return worker;
}

/** Answers at once at work at once. */
const FAST_SLOTS = 16;
/** For answers whose gateway died: few come so. */
const LANE_POLLS = 2;
const FAST_GRACE_MS = 10_000;
const FORCE_MS = 5_000;

/** A queue of the deployment, and how much of it may be at work here at once. */
interface Lane {
  name: 'deep' | 'background' | 'fast';
  taskQueue: string;
  slots: number;
}

async function startWorker(
  options: HostOptions,
  activities: Promise<Activities>,
  lane: Lane,
  more: Partial<WorkerOptions> = {},
): Promise<Worker> {
  return await Worker.create({
    ...laneOptions(options, activities, lane),
    ...(options.workflowsPath === undefined
      ? { workflowBundle: { codePath: bundlePath() } }
      : { workflowsPath: options.workflowsPath, bundlerOptions: { preloadModules: SANDBOX_MODULES } }),
    ...TUNING,
    // The fewest that the SDK can do with: one of a Workflow that goes on here, and one of a Workflow that is new here.
    ...(options.careful ? { maxConcurrentWorkflowTaskExecutions: 2 } : {}),
    ...more,
  });
}

/** For Activities alone. */
const startActivityWorker = (options: HostOptions, activities: Promise<Activities>, lane: Lane): Promise<Worker> =>
  Worker.create({ ...laneOptions(options, activities, lane), ...ACTIVITY_TUNING });

function laneOptions(options: HostOptions, activities: Promise<Activities>, { name, taskQueue, slots }: Lane) {
  metrics.set('muster_activity_slots', { queue: name }, slots);
  return { ...sharedOptions(options, activities, name), taskQueue, maxConcurrentActivityTaskExecutions: slots };
}

const sharedOptions = (options: HostOptions, activities: Promise<Activities>, queue: Lane['name']) => ({
  connection: options.connection,
  namespace: options.namespace ?? 'default',
  activities: whenLoaded(activities),
  interceptors: {
    // Those of the prebuilt bundle are in it; a Worker without Workflows has no use for them.
    workflowModules: options.workflowsPath === undefined ? [] : [...WORKFLOW_INTERCEPTORS, OWN_ERRORS],
    activity: [
      logScope,
      (context: Context) => ({ inbound: traceHeadersInterceptor(context) }),
      () => ({ inbound: counted(queue) }),
      ...(options.tokens ? [heldBy(options.tokens)] : []),
    ],
  },
});

const heldBy = (tokens: TokenKeeper) => (context: Context) => ({ inbound: tokens.interceptor(context) });

/** Counts the Activities at work. */
const counted = (queue: Lane['name']): ActivityInboundCallsInterceptor => ({
  async execute(input, next) {
    metrics.add('muster_activities_running', { queue });
    try {
      return await next(input);
    } finally {
      metrics.add('muster_activities_running', { queue }, -1);
    }
  },
});

/** When one of them ends, whyever, the others do. */
function together(all: readonly Worker[]): MusterWorker {
  const shutdown = (): void => {
    for (const one of all) if (one.getState() === 'RUNNING') one.shutdown();
  };
  const run = async (): Promise<void> => {
    const ends = await Promise.allSettled(all.map((one) => one.run().finally(shutdown)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
  return {
    run,
    runUntil: async <R>(work: Promise<R> | (() => Promise<R>)): Promise<R> =>
      // One that has ended by itself ends the others' work, too.
      await all.reduce<() => Promise<R>>(
        (inner, one) => () => one.runUntil(inner),
        async () => await (typeof work === 'function' ? work() : work),
      )(),
    shutdown,
    getState: () => all[0]?.getState() ?? 'STOPPED',
  };
}

const NAMES: Readonly<Record<keyof Activities, true>> = {
  joinSession: true,
  prepareSources: true,
  planTask: true,
  answerDirectly: true,
  revisePlan: true,
  runSubAgents: true,
  synthesize: true,
  answerSoFar: true,
  findConflicts: true,
  verifyAnswer: true,
  shapeAnswer: true,
  saveResult: true,
  recordTask: true,
  planSubtask: true,
  planRound: true,
  commandSubAgent: true,
  deliver: true,
  forgetTask: true,
  checkTask: true,
  planBackground: true,
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

/** What each Workflow has around it. */
export const WORKFLOW_INTERCEPTORS = [
  fileURLToPath(new URL(`../telemetry/workflow-headers${extension()}`, import.meta.url)),
];

/** What masters of somebody's own have around them beside it. */
const OWN_ERRORS = fileURLToPath(new URL(`../workflows/own-errors${extension()}`, import.meta.url));

const ACTIVITY_TUNING = {
  // A cancel reaches an Activity with the next heartbeat reply: within a second, not within 0.8 of the time-out.
  maxHeartbeatThrottleInterval: '1s',
  defaultHeartbeatThrottleInterval: '1s',
  // Sub-agents go on from their checkpoints elsewhere, so there is little to wait for.
  shutdownGraceTime: '1s',
  shutdownForceTime: '10s',
} satisfies Partial<WorkerOptions>;

const TUNING = {
  ...ACTIVITY_TUNING,
  // A wide fan-out is handed out by polls, each of which brings one Activity: with ten, the last sub-agent waits for nine
  // rounds of them.
  activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 20 },
  // The first of a wide fan-out's sub-agents are handed over with the reply that sends them, instead of by a poll each; no
  // more than that, so that other workers of a fleet get their part. Only free slots are given so, so nobody is overtaken.
  maxEagerActivityReservationsPerWorkflowTask: 50,
  // One activation of a Workflow beyond this aborts the whole process, and then that of every worker that takes the task
  // up. The widest task's takes a quarter of a second; on a machine that much else shares, that may be some seconds.
  ...({ isolateExecutionTimeout: '60s' } as object),
  // After a worker's death its Workflows wait this long for it before another one may take them.
  stickyQueueScheduleToStartTimeout: '1s',
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
