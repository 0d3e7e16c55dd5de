// research.ts: a sub-agent's turn: search, follow up, read around a cut sentence, or answer.
// Keeps nothing between turns: all it knows is in the messages.

import type { ChatRequest, JsonSchema, Reply, ToolSpec } from '../wire.ts';
import { chooseQuotes, writeFindings } from './findings.ts';
import { isOffTopic, missingOf, notMentioned } from './missing.ts';
import { calledBy } from './names.ts';
import { asObject, followTrail, type Trail } from './passages.ts';
import { jsonBlock, type Prompt } from './prompt.ts';
import { firstQueries, followUps, type Lead } from './queries.ts';
import { readQuestion, type Question } from './question.ts';
import type { Ranking } from './rank.ts';
import type { Refusals } from './reask.ts';
import type { Choice } from './relevance.ts';

/** Turns that may search, and turns that may call any tool. */
const SEARCH_TURNS = 3;
const TOOL_TURNS = 4;
const MAX_READS = 2;

/** The tools this turn may use, known by their schemas and never by their names. */
export interface ResearchTools {
  search: ToolSpec | undefined;
  read: ToolSpec | undefined;
}

export function findTools(request: ChatRequest): ResearchTools {
  if (request.tool_choice === 'none') return { search: undefined, read: undefined };
  const choice = request.tool_choice;
  const named = typeof choice === 'object' ? choice?.function.name : undefined;
  const tools = (request.tools ?? []).filter((tool) => named === undefined || tool.function.name === named);
  return {
    search: tools.find((tool) => requires(tool, 'query')),
    read: tools.find((tool) => requires(tool, 'source')),
  };
}

function requires({ function: { parameters } }: ToolSpec, name: string): boolean {
  const type = parameters?.properties?.[name]?.type;
  return parameters?.required?.includes(name) === true && (type === undefined || type === 'string');
}

/** One turn of a sub-agent. */
export function research(prompt: Prompt, tools: ResearchTools, refusals: Refusals): Reply {
  const names = calledBy(jsonBlock(prompt.blocks, 'documents'));
  const known = (word: string): boolean => names.has(word);
  const context = claimsIn(jsonBlock(prompt.blocks, 'needs'));
  const goal = prompt.blocks.get('subtask') ?? prompt.blocks.get('goal') ?? prompt.text;
  const question = readQuestion(goal, known, context);
  const trail = followTrail(prompt.after);
  const chosen = chooseQuotes(question, trail, refusals);
  const toolCalls = nextCalls(question, trail, chosen, tools, known, context);
  if (toolCalls.length > 0) return { content: '', toolCalls };
  const offTopic = isOffTopic(question, chosen.ranking);
  const findings = offTopic ? [] : writeFindings(question, chosen.choices, trail.reads);
  const missing = missingOf(question, chosen.ranking);
  if (chosen.isLoose && missing.length === 0)
    missing.push(
      ...notMentioned(
        question,
        chosen.choices.map(({ ranked }) => ranked),
      ),
    );
  if (findings.length === 0 && missing.length === 0) missing.push('Nothing was found that answers this question.');
  return { content: JSON.stringify({ findings, missing }), toolCalls: [] };
}

function nextCalls(
  question: Question,
  trail: Trail,
  { choices, ranking }: { choices: Choice[]; ranking: Ranking },
  tools: ResearchTools,
  known: (word: string) => boolean,
  context: string[],
): Reply['toolCalls'] {
  const { search, read } = tools;
  if (trail.turns >= TOOL_TURNS) return [];
  const calls: Reply['toolCalls'] = [];
  if (search && trail.turns < SEARCH_TURNS && wantsMore(question, trail, choices, ranking)) {
    const queries =
      trail.turns === 0
        ? firstQueries(question, context, known)
        : followUps(question, bestOf(choices, ranking), trail, known);
    for (const query of queries) calls.push(searchCall(search, query));
  }
  if (read && trail.turns > 0) {
    const done = new Set(trail.reads.map((one) => one.source));
    const cut = choices.slice(0, 4).filter(({ unit, ranked }) => unit.isCut && !done.has(ranked.passage.source));
    for (const { ranked } of cut.slice(0, MAX_READS))
      calls.push(readCall(read, ranked.passage.source, ranked.passage.line));
  }
  return calls;
}

/** The second turn always looks further; a third only when the last found something new and words are still open. */
function wantsMore(question: Question, trail: Trail, choices: readonly Choice[], ranking: Ranking): boolean {
  if (trail.turns < 2) return true;
  if (trail.news === 0 || question.words.length === 0) return false;
  const top = choices.slice(0, 4).map((choice) => choice.ranked);
  const open = [...ranking.weights.keys()].filter((term) => !top.some((one) => one.counts.has(term)));
  return open.length > 0 || top.some((one) => one.passage.turn === trail.turns - 1);
}

/** The passages to follow up: the quoted ones, then the next by score. */
function bestOf(choices: readonly Choice[], { ranked }: Ranking): Lead[] {
  const quoted = choices.slice(0, 3).map((choice) => ({ ranked: choice.ranked, quote: choice.unit.text }));
  const others = ranked.filter((one) => !quoted.some((lead) => lead.ranked === one)).slice(0, 5 - quoted.length);
  return [...quoted, ...others.map((one) => ({ ranked: one, quote: '' }))];
}

/** A call of the searching tool: as many passages as it gives, if that can be said. */
function searchCall(search: ToolSpec, query: string): Reply['toolCalls'][number] {
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
function readCall(read: ToolSpec, source: string, line: number): Reply['toolCalls'][number] {
  const { properties = {} } = read.function.parameters ?? {};
  const args: Record<string, unknown> = { source };
  const from = LINE.find((name) => properties[name]);
  const lines = LINES.find((name) => properties[name]);
  if (from && line > 0) args[from] = Math.max(1, line - 5);
  if (lines) args[lines] = 60;
  // Strict schemas require every key; what is not known is null.
  for (const name of read.function.parameters?.required ?? []) args[name] ??= null;
  return { name: read.function.name, arguments: JSON.stringify(args) };
}

/** All claims in the findings of earlier subtasks, however they are nested. */
function claimsIn(needs: unknown, depth = 0): string[] {
  if (Array.isArray(needs)) return needs.flatMap((item) => claimsIn(item, depth + 1));
  if (typeof needs !== 'object' || needs === null || depth > 6) return [];
  const { claim, ...rest } = asObject(needs);
  return [
    ...(typeof claim === 'string' ? [claim] : []),
    ...Object.values(rest).flatMap((item) => claimsIn(item, depth + 1)),
  ];
}
