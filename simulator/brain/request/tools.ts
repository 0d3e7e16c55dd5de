// tools.ts: the tools that a request offers, known by their schemas and never by their names, and how they are called.

import type { ChatRequest, JsonSchema, Reply, ToolSpec } from '../../wire.ts';

/** The tools that this turn may use. */
export interface ResearchTools {
  search: ToolSpec | undefined;
  read: ToolSpec | undefined;
  /** Asks a person. */
  ask: ToolSpec | undefined;
  /** Shows a finding to the sub-agents beside this one. */
  share: ToolSpec | undefined;
  /** Names of all but those that search and read. */
  others: ReadonlySet<string>;
}

export function findTools(request: ChatRequest): ResearchTools {
  if (request.tool_choice === 'none')
    return { search: undefined, read: undefined, ask: undefined, share: undefined, others: new Set() };
  const choice = request.tool_choice;
  const named = typeof choice === 'object' ? choice?.function.name : undefined;
  const tools = (request.tools ?? []).filter((tool) => named === undefined || tool.function.name === named);
  const search = tools.find((tool) => requires(tool, 'query'));
  const read = tools.find((tool) => requires(tool, 'source'));
  const others = tools.filter((tool) => tool !== search && tool !== read).map((tool) => tool.function.name);
  const ask = tools.find((tool) => requires(tool, 'question') && tool.function.parameters?.properties?.choices);
  const share = tools.find((tool) => requires(tool, 'claim') && tool.function.parameters?.properties?.citations);
  return { search, read, ask, share, others: new Set(others) };
}

function requires({ function: { parameters } }: ToolSpec, name: string): boolean {
  const type = parameters?.properties?.[name]?.type;
  return parameters?.required?.includes(name) === true && (type === undefined || type === 'string');
}

/** A call of the searching tool: as many passages as it gives, if that can be said. */
export function searchCall(search: ToolSpec, query: string): Reply['toolCalls'][number] {
  const { properties = {}, required = [] } = search.function.parameters ?? {};
  const args: Record<string, unknown> = { query };
  const count = COUNT.find((name) => properties[name]);
  if (count !== undefined) args[count] = Math.min(MAX_RESULTS, mostOf(properties[count]) ?? 1);
  for (const name of required) args[name] ??= null;
  return { name: search.function.name, arguments: JSON.stringify(args) };
}

/** The upper bound of a number in a schema, which may stand beside `null`. */
function mostOf(schema: JsonSchema | undefined): number | undefined {
  return schema?.maximum ?? schema?.anyOf?.map(mostOf).find((most) => most !== undefined);
}

const COUNT = ['limit', 'count', 'maxResults', 'top'];
const MAX_RESULTS = 10;
const LINE = ['line', 'from', 'start', 'startLine', 'offset'];
const LINES = ['lines', 'limit', 'count', 'maxLines'];

/** A call of the reading tool, with the place in whichever optional parameters its schema has. */
export function readCall(read: ToolSpec, source: string, line: number, count = 60): Reply['toolCalls'][number] {
  const { properties = {} } = read.function.parameters ?? {};
  const args: Record<string, unknown> = { source };
  const from = LINE.find((name) => properties[name]);
  const lines = LINES.find((name) => properties[name]);
  if (from) args[from] = Math.max(1, line);
  if (lines) args[lines] = Math.min(count, mostOf(properties[lines]) ?? count);
  // Strict schemas require every key; what is not known is null.
  for (const name of read.function.parameters?.required ?? []) args[name] ??= null;
  return { name: read.function.name, arguments: JSON.stringify(args) };
}
