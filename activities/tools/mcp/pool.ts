// pool.ts: the MCP servers of a worker: one connection each, made when it is first needed, closed with the worker.

import type { McpServerConfig } from '../../../protocol/schemas/tools.ts';
import { McpConnection } from './connection.ts';

export interface McpPool {
  /** The server of this name; undefined when none is configured. */
  server(name: string): { config: McpServerConfig; connection: McpConnection } | undefined;
  /** Told what the worker's operator should know, in a sentence. */
  warn(message: string): void;
  /** Ends all connections and the processes behind them. */
  close(): Promise<void>;
}

/**
 * The MCP servers that a worker may use. Connects to none yet.
 * @param onWarning default: says nothing. A message is given once.
 */
export function mcpPool(servers: readonly McpServerConfig[], onWarning?: (message: string) => void): McpPool {
  const table = new Map(servers.map((config) => [config.name, { config, connection: new McpConnection(config) }]));
  const said = new Set<string>();
  return {
    server: (name) => table.get(name),
    warn: (message) => {
      if (said.has(message)) return;
      said.add(message);
      onWarning?.(message);
    },
    close: async () => {
      await Promise.all([...table.values()].map(({ connection }) => connection.close()));
    },
  };
}
