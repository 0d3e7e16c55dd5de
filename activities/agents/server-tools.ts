// server-tools.ts: the tools of MCP servers that one sub-agent works with: how long it waits for servers that are starting,
// and how much of a request their declarations may take.

import { mcpTools, type McpAllow } from '../tools/mcp/mcp-tools.ts';
import type { McpPool } from '../tools/mcp/pool.ts';
import type { Tool } from '../tools/tool.ts';
import type { SubtaskLimits } from '../../protocol/classes.ts';

/** Bytes of declarations that a model may always be offered, however little it may spend. */
const LEAST_TOOL_BYTES = 32_000;
const BYTES_A_TOKEN = 4;

/** @param about the goals that it works for, by whose words tools are chosen when there are too many. */
export async function serverTools(
  pool: McpPool,
  allow: McpAllow,
  own: readonly Tool[],
  about: string,
  { tokens, turns, seconds }: SubtaskLimits,
  signal: AbortSignal,
): Promise<{ tools: Tool[]; remarks: string[] }> {
  // Asked anew for each sub-agent: what a server offers may change.
  return await mcpTools(pool, allow, {
    signal,
    about,
    taken: own.map(({ name }) => name),
    // The other half is for the work itself, which can be done without them.
    waitMs: (seconds / 2) * 1_000,
    maxBytes: Math.max(LEAST_TOOL_BYTES, (tokens / turns / 2) * BYTES_A_TOKEN),
  });
}
