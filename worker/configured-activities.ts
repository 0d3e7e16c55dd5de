// configured-activities.ts: the Activities that a worker's configuration asks for. A module of its own because loading
// the rooms takes as long as starting the SDK's threads, and both can go on at once.

import { createActivities, mcpPool, type Deployment } from '../activities/index.ts';
import type { Activities } from '../protocol/activities.ts';
import type { Store } from '../store/store.ts';
import type { WorkerConfig } from './config.ts';
import { deploymentOf } from './create-worker.ts';
import type { TraceExports } from './export-traces.ts';
import { configuredModels } from './configured-models.ts';
import { modelMemory } from './model-memory.ts';

/**
 * @param say told what a person should know of MCP servers.
 * @param traces where they go. Default: nowhere.
 * @param as what the deployment is made to be before the Activities have it. Default: it is as configured.
 */
export function configuredActivities(
  { models, mcp: servers, mcpTools, web, corpus, roots, ceiling, extensions, notify }: WorkerConfig,
  store: Store,
  say: (line: string) => void,
  traces?: TraceExports,
  as: (deployment: Deployment) => Deployment = (deployment) => deployment,
): { activities: Activities; close(): Promise<void> } {
  const mcp = mcpPool(servers, say);
  const memory = modelMemory(store, say);
  const { lines, embeddings } = configuredModels(models, memory);
  const deployment = deploymentOf({
    store,
    models: lines,
    orders: models.orders,
    ...(embeddings ? { embeddings } : {}),
    extensions,
    notify,
    ...(traces ? { traces } : {}),
    mcp,
    mcpTools,
    ...(web ? { web } : {}),
    ...(corpus ? { corpus } : {}),
    roots,
    ceiling,
  });
  return {
    activities: createActivities(as(deployment)),
    close: async () => void (await Promise.all([mcp.close(), memory.settled()])),
  };
}
