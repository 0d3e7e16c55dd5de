// host.ts: what a sub-agent at work needs of its deployment.

import type { Store } from '../../store/store.ts';
import type { Tracing } from '../loop/call-headers.ts';
import type { ModelLines } from '../models/model-line.ts';
import type { McpPool } from '../tools/mcp/pool.ts';
import type { SubAgentKind } from './sub-agent.ts';

export interface AgentHost {
  store: Store;
  models: ModelLines;
  /** Kinds of sub-agents by name. */
  kinds: ReadonlyMap<string, SubAgentKind>;
  /** MCP servers whose tools kinds may have. Absent: none. */
  mcp?: McpPool;
  /** Which traces are kept. Absent: nobody traces. */
  traces?: Tracing;
  /** This process, in logs: host and pid. */
  worker: string;
}
