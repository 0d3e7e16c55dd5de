// create-worker.ts: composition root: puts store, models, kinds and tools into the Activities of one Temporal Worker.
// Embeddable: reads no environment and ends no process.

import { hostname } from 'node:os';
import {
  createActivities,
  modelLine,
  modelLines,
  type CorpusLimits,
  type Deployment,
  type EmbeddingsProvider,
  type McpAllow,
  type McpPool,
  type ModelLine,
  type ModelProvider,
  type WebOptions,
} from '../activities/index.ts';
import type { Activities } from '../protocol/activities.ts';
import type { RequestClass } from '../protocol/classes.ts';
import { meant } from '../protocol/near-name.ts';
import { countedStore } from './counted-store.ts';
import type { TraceExports } from './export-traces.ts';
import type { Extension } from './extension.ts';
import { hostWorker, type HostOptions, type MusterWorker } from './host-worker.ts';
import { kindTable, DEFAULT_KIND } from './kind-table.ts';
import { notifierTable, type NotifyOptions } from './notifier-table.ts';

/** What the Activities of a worker work with. */
export interface ActivityOptions extends Pick<HostOptions, 'store'> {
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
  extensions?: Extension | readonly Extension[];
  /** Name of the kind that does what a plan gives to no kind that there is. Default: `researcher`. */
  defaultKind?: string;
  /** What may be read of the web: sources that are addresses, and the `researcher`'s tool for them. Default: nothing. */
  web?: WebOptions;
  /** How much one task may read; more is refused before any of it is. Default: 50,000 files, 2 GB. */
  corpus?: CorpusLimits;
  /** How receivers are told of tasks. Default: only by the extensions' notifiers. */
  notify?: NotifyOptions;
  /** Exports the traces of tasks that have ended, and tells servers of models and tools which span their call is. Default: neither. */
  traces?: TraceExports;
  /** MCP servers whose tools kinds may have (`defineSubAgent({ mcp })`). The caller closes the pool. */
  mcp?: McpPool;
  /** MCP tools of kinds beside what they ask for themselves, by kind. */
  mcpTools?: Readonly<Record<string, McpAllow>>;
}

export type CreateWorkerOptions = HostOptions & ActivityOptions;

/**
 * Workers on the deployment's two queues, which run and end as one: of tasks, and of what no answer waits for. Put
 * `startSweeping` beside it: nothing else removes what is over.
 */
export async function createWorker(options: CreateWorkerOptions): Promise<MusterWorker> {
  const counted = { ...options, store: countedStore(options.store) };
  return await hostWorker(counted, Promise.resolve(activitiesOf(counted)));
}

/** @throws as `deploymentOf`. */
export const activitiesOf = (options: ActivityOptions): Activities => createActivities(deploymentOf(options));

/**
 * What the Activities are given.
 * @throws Error when two kinds, tools of a kind, models or notifiers have one name, or there is no default kind of this name.
 */
export function deploymentOf(options: ActivityOptions): Deployment {
  const { extensions: given = [], defaultKind = DEFAULT_KIND, notify = {} } = options;
  const extensions = [given].flat() as readonly Extension[];
  const kinds = kindTable({ ...options, extensions });
  if (!kinds.has(defaultKind)) {
    const names = [...kinds.keys()];
    throw new Error(
      `there is no kind "${defaultKind}"${meant(defaultKind, names)} to be the default one; there are ${names.join(', ')}`,
    );
  }
  const models = [...options.models, ...extensions.flatMap((one) => one.models ?? [])];
  return {
    store: options.store,
    models: modelLines(
      models.map((one) => ('provider' in one ? one : modelLine(one))),
      options.orders,
    ),
    kinds,
    defaultKind,
    ...(options.traces ? { traces: options.traces } : {}),
    ...(options.mcp ? { mcp: options.mcp } : {}),
    ...(options.embeddings ? { embeddings: options.embeddings } : {}),
    roots: options.roots,
    ...(options.web ? { web: options.web } : {}),
    ...(options.corpus ? { corpus: options.corpus } : {}),
    notify: { ...notify, notifiers: notifierTable(notify, extensions) },
    ceiling: options.ceiling,
    worker: `${hostname()}/${process.pid}`,
  };
}
