// kind-table.ts: the kinds of sub-agents that a worker has, built in and added, each with its tools. A name that is used
// twice is refused with both owners.

import {
  defineSubAgent,
  researcher,
  verifier,
  webTools,
  type McpAllow,
  type SubAgentKind,
  type Tool,
  type WebOptions,
} from '../activities/index.ts';
import { namesUsedTwice } from '../protocol/schemas/extensions.ts';
import type { Extension } from './extension.ts';
import { unknownKinds } from './mcp-kinds.ts';

/** The kind that a plan falls back on unless the deployment names another. */
export const DEFAULT_KIND = researcher.name;

export interface KindOptions {
  extensions?: readonly Extension[];
  /** What may be read of the web. Default: nothing. */
  web?: WebOptions | undefined;
  /** MCP tools of kinds beside what they ask for themselves, by kind. */
  mcpTools?: Readonly<Record<string, McpAllow>>;
}

interface Owned<T> {
  value: T;
  from: string;
}

/** Kinds by name. @throws Error with every name that is used twice, or gets MCP tools and is none; DefinitionError for what is no kind, or has what is no tool. */
export function kindTable(options: KindOptions): Map<string, SubAgentKind> {
  const { mcpTools = {} } = options;
  const added = (options.extensions ?? []).flatMap(({ kinds = [], subAgents = [] }) => [...kinds, ...subAgents]);
  const unknown = unknownKinds(
    mcpTools,
    added.map(({ name }) => name),
  );
  const problems = [...kindProblems(options), ...unknown];
  if (problems.length > 0) throw new Error(problems.join('; '));
  return new Map(
    kindsOf(options).map(({ value: kind }) => {
      const allowed = mcpTools[kind.name];
      return [kind.name, defineSubAgent(allowed ? { ...kind, mcp: { ...kind.mcp, ...allowed } } : kind)];
    }),
  );
}

/** Names that two kinds, or two tools of one kind, have. */
export function kindProblems(options: KindOptions): string[] {
  const kinds = kindsOf(options);
  const added = addedTools(options);
  const ownerOf = (tool: Tool, kind: Owned<SubAgentKind>): string =>
    added.find(({ value }) => value === tool)?.from ?? kind.from;
  return [
    ...namesUsedTwice(
      'kinds of sub-agents',
      kinds.map(({ value: { name }, from }) => ({ name, from })),
    ),
    ...kinds.flatMap((kind) =>
      namesUsedTwice(
        `tools of the kind "${kind.value.name}"`,
        kind.value.tools.map((tool) => ({ name: tool.name, from: ownerOf(tool, kind) })),
      ),
    ),
  ];
}

function kindsOf({ extensions = [], web, ...rest }: KindOptions): Owned<SubAgentKind>[] {
  const added = addedTools({ extensions, web, ...rest }).map(({ value }) => value);
  const withTools = { ...researcher, tools: [...researcher.tools, ...webTools(web), ...added] };
  return [
    ...[withTools, verifier].map((value) => ({ value, from: 'built in' })),
    ...extensions.flatMap(({ from, kinds = [], subAgents = [] }) =>
      [...kinds, ...subAgents].map((value) => ({ value, from: owner(from, value) })),
    ),
  ];
}

const addedTools = ({ extensions = [] }: KindOptions): Owned<Tool>[] =>
  extensions.flatMap(({ from, tools = [] }) => tools.map((value) => ({ value, from: owner(from, value) })));

const owner = (from: string | undefined, { description }: { description: string }): string =>
  from === undefined ? `described as "${description}"` : `from ${from}`;
