// mcp-kinds.ts: whether the kinds that get tools of MCP servers are there: for a mistyped one the setting would just do nothing.

import { meant } from '../protocol/near-name.ts';

/** Kinds that every worker has. */
export const BUILT_IN_KINDS: readonly string[] = ['researcher', 'verifier'];

/** Each kind under `mcpTools` that nobody defines, in a sentence. */
export function unknownKinds(mcpTools: Readonly<Record<string, unknown>>, added: readonly string[]): string[] {
  const kinds = [...BUILT_IN_KINDS, ...added];
  return Object.keys(mcpTools)
    .filter((kind) => !kinds.includes(kind))
    .map(
      (kind) => `mcpTools: there is no kind of sub-agent "${kind}"${meant(kind, kinds)}; there are ${kinds.join(', ')}`,
    );
}
