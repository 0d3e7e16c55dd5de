// configured-activities.ts: the Activities that a worker's configuration asks for. A module of its own because loading
// the rooms takes as long as starting the SDK's threads, and both can go on at once.

import { mcpPool } from '../activities/index.ts';
import type { Activities } from '../protocol/activities.ts';
import type { Store } from '../store/store.ts';
import type { WorkerConfig } from './config.ts';
import { activitiesOf } from './create-worker.ts';
import { configuredModels } from './configured-models.ts';
import { modelMemory } from './model-memory.ts';

/** @param say told what a person should know of MCP servers. */
export function configuredActivities(
  { models, mcp: servers, mcpTools, web, corpus, roots, ceiling, extensions }: WorkerConfig,
  store: Store,
  say: (line: string) => void,
): { activities: Activities; close(): Promise<void> } {
  const mcp = mcpPool(servers, say);
  const memory = modelMemory(store, say);
  const { lines, embeddings } = configuredModels(models, memory);
  const activities = activitiesOf({
    store,
    models: lines,
    orders: models.orders,
    ...(embeddings ? { embeddings } : {}),
    extensions,
    mcp,
    mcpTools,
    ...(web ? { web } : {}),
    ...(corpus ? { corpus } : {}),
    roots,
    ceiling,
  });
  return { activities, close: async () => void (await Promise.all([mcp.close(), memory.settled()])) };
}
