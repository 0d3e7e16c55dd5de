// deployment.ts: what the composition root hands to every Activity: where things are kept, who thinks, what is allowed.

import type { RequestClass } from '../protocol/classes.ts';
import type { Store } from '../store/store.ts';
import type { SubAgentKind } from './agents/sub-agent.ts';
import type { McpPool } from './mcp/pool.ts';
import type { EmbeddingsProvider } from './models/embeddings.ts';
import type { ModelLines } from './models/model-line.ts';
import type { WebOptions } from './web/web-options.ts';

export interface Deployment {
  store: Store;
  models: ModelLines;
  /** Makes vectors of passages and questions. Absent: search goes by words alone. */
  embeddings?: EmbeddingsProvider;
  /** Kinds of sub-agents by name. */
  kinds: ReadonlyMap<string, SubAgentKind>;
  /** MCP servers whose tools kinds may have. Absent: none. */
  mcp?: McpPool;
  /** Folders that documents may be read from, absolute. */
  roots: readonly string[];
  /** What may be read of the web. Absent: nothing. */
  web?: WebOptions;
  /** Most that any class may ask for here. */
  ceiling: RequestClass;
  /** This process, in logs: host and pid. */
  worker: string;
}
