// create-worker.ts: composition root: puts store, model, kinds and Workflow bundle into one Temporal Worker.
// Embeddable: reads no environment and ends no process.

import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import {
  createActivities,
  modelLine,
  modelLines,
  researcher,
  verifier,
  webTools,
  type EmbeddingsProvider,
  type McpAllow,
  type McpPool,
  type ModelLine,
  type ModelProvider,
  type SubAgentKind,
  type Tool,
  type WebOptions,
} from '../activities/index.ts';
import type { RequestClass } from '../protocol/classes.ts';
import { deepQueue } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import type { TokenKeeper } from './task-tokens.ts';

export interface CreateWorkerOptions {
  connection: NativeConnection;
  /** Default: `default`. */
  namespace?: string;
  store: Store;
  /** The models, first choice first: one is asked when those before it can't. Names used twice are refused. */
  models: readonly (ModelProvider | ModelLine)[];
  /** Other orders by class name, as names of models. Default: as listed in `models`, for every class. */
  orders?: Readonly<Record<string, readonly string[]>>;
  /** Makes vectors of passages and questions, fused with the search by words. Default: search goes by words alone. */
  embeddings?: EmbeddingsProvider;
  /** Absolute folders that documents may be read from. */
  roots: readonly string[];
  /** Most that a request's class may ask for. */
  ceiling: RequestClass;
  /** What is added to the built-ins. A name used twice is refused, with both owners. */
  extensions?: {
    /** Kinds of sub-agents beside `researcher` and `verifier`. */
    subAgents?: readonly SubAgentKind[];
    /** Tools of the `researcher` beside its own. */
    tools?: readonly Tool[];
  };
  /** What may be read of the web: sources that are addresses, and the `researcher`'s tool for them. Default: nothing. */
  web?: WebOptions;
  /** MCP servers whose tools kinds may have (`defineSubAgent({ mcp })`). The caller closes the pool. */
  mcp?: McpPool;
  /** MCP tools of kinds beside what they ask for themselves, by kind. */
  mcpTools?: Readonly<Record<string, McpAllow>>;
  /**
   * File whose exports are the Workflow types, when they are others than `masterAgent` alone; it must export that, too:
   * `export { masterAgent } from 'muster-agents/workflows'`. Bundled when the worker starts.
   */
  workflowsPath?: string;
  /** Activities at work at once. Default: 100. */
  slots?: number;
  /** Keeps the tokens of this worker's work, so that the next worker on this host takes it over at once. */
  tokens?: TokenKeeper;
}

/**
 * A Worker on the deployment's deep queue, ready to `run()`. Put `startSweeping` beside it: nothing else removes what
 * is over.
 */
export async function createWorker(options: CreateWorkerOptions): Promise<Worker> {
  const activities = createActivities({
    store: options.store,
    models: modelLines(
      options.models.map((one) => ('provider' in one ? one : modelLine(one))),
      options.orders,
    ),
    kinds: kindTable(options),
    ...(options.mcp ? { mcp: options.mcp } : {}),
    ...(options.embeddings ? { embeddings: options.embeddings } : {}),
    roots: options.roots,
    ...(options.web ? { web: options.web } : {}),
    ceiling: options.ceiling,
    worker: `${hostname()}/${process.pid}`,
  });
  return await Worker.create({
    connection: options.connection,
    namespace: options.namespace ?? 'default',
    taskQueue: deepQueue(await options.store.deploymentId()),
    ...(options.workflowsPath === undefined
      ? { workflowBundle: { codePath: bundlePath() } }
      : { workflowsPath: options.workflowsPath }),
    activities,
    ...TUNING,
    ...(options.tokens
      ? { interceptors: { activity: [(context) => ({ inbound: options.tokens?.interceptor(context) ?? {} })] } }
      : {}),
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

function kindTable({ extensions = {}, web, mcpTools = {} }: CreateWorkerOptions): Map<string, SubAgentKind> {
  const { subAgents = [], tools = [] } = extensions;
  const table = new Map<string, SubAgentKind>();
  const withTools = { ...researcher, tools: [...researcher.tools, ...webTools(web), ...tools] };
  for (const kind of [withTools, verifier, ...subAgents]) {
    const owner = table.get(kind.name);
    if (owner)
      throw new Error(`two sub-agent kinds are named "${kind.name}": "${owner.description}" and "${kind.description}"`);
    refuseTwins(kind);
    const allowed = mcpTools[kind.name];
    table.set(kind.name, allowed ? { ...kind, mcp: { ...kind.mcp, ...allowed } } : kind);
  }
  return table;
}

function refuseTwins({ name: kind, tools }: SubAgentKind): void {
  const seen = new Map<string, Tool>();
  for (const tool of tools) {
    const twin = seen.get(tool.name);
    if (twin)
      throw new Error(
        `two tools of the kind "${kind}" are named "${tool.name}": "${twin.description}" and "${tool.description}"`,
      );
    seen.set(tool.name, tool);
  }
}

/** The prebuilt bundle: beside the compiled rooms, also when these run from their sources. */
export function bundlePath(): string {
  const compiled = import.meta.url.endsWith('.js');
  return fileURLToPath(new URL(compiled ? '../workflow-bundle.js' : '../dist/workflow-bundle.js', import.meta.url));
}
