// research.ts: a sub-agent's turn: search for the question and its parts, read around a cut sentence, or answer.
// Keeps nothing between turns: all it knows is in the messages.

import type { ChatRequest, JsonSchema, Reply, ToolSpec } from '../wire.ts';
import type { Kind } from './question/kinds.ts';
import { readQuestion, type Question } from './question/question.ts';
import { shareOf, type Found } from './quotes/asked.ts';
import { BEGINNING, beginningsIn, toBegin } from './quotes/beginnings.ts';
import { chooseQuotes } from './quotes/choose-quotes.ts';
import { isOpenList } from './quotes/extent.ts';
import { asGiven, writeFindings } from './quotes/findings.ts';
import { packagesIn } from './quotes/leads-on.ts';
import { AROUND, neighbourOf } from './quotes/neighbours.ts';
import { ofVersion } from './quotes/of-version.ts';
import { readPassages, type Choice } from './quotes/score.ts';
import { absentNames, gapsOf, isFarFrom, isOffTopic, MOST_NEAR } from './report/gaps.ts';
import { inContext } from './report/in-context.ts';
import { isBeside, withoutPlace } from './report/stretch.ts';
import { toReadOn } from './report/to-read-on.ts';
import { askCall, asksFirst, replyOf } from './request/asks-first.ts';
import { readBesides, unknownOf } from './request/besides.ts';
import { notesIn } from './request/notes.ts';
import { asObject, followTrail, type Passage, type Trail } from './request/passages.ts';
import { jsonBlock, type Prompt } from './request/prompt.ts';
import { isRefused, type Refusals } from './request/reask.ts';
import { answeredBy, hasShared, shareCall, sharedIn, type Finding } from './request/shared.ts';
import { calledBy, namesIn, nameTerms } from './words/names.ts';
import { inOneWord } from './words/two-words.ts';
import { contentTerms, stem } from './words/words.ts';

const MAX_QUERIES = 6;
const MAX_QUERY = 1_000;
const MAX_READS = 2;
/** Findings that are shown to others while it goes on. */
const MAX_SHARED = 2;
/** Passages that are read closely. */
const MAX_READINGS = 60;

/** The tools this turn may use, known by their schemas and never by their names. */
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

/** One turn of a sub-agent. */
export function research(prompt: Prompt, tools: ResearchTools, refusals: Refusals): Reply {
  const names = calledBy(jsonBlock(prompt.blocks, 'documents'));
  const known = (word: string): boolean => names.has(word);
  const context = claimsIn(jsonBlock(prompt.blocks, 'needs'));
  const { asked: told, isBesides } = readBesides(
    prompt.blocks.get('subtask') ?? prompt.blocks.get('goal') ?? prompt.text,
  );
  const asks = tools.ask && asksFirst(told);
  const said = asks && tools.ask && replyOf(prompt.after, tools.ask);
  if (asks && tools.ask && !said) return { content: '', toolCalls: [askCall(asks, tools.ask)] };
  const asked = asks ? [said?.reply, asks.rest].filter((part) => part !== undefined).join(': ') : told;
  const notes = notesIn(prompt.after);
  const goal = [asked, ...notes.map(({ text }) => text)].join('\n');
  const trail = followTrail(prompt.after, (tool) => tools.others.has(tool));
  const neighbour = neighbourOf(goal, trail);
  const question = readQuestion(neighbour.question ?? goal, known, context);
  const fromOthers = trail.turns === 0 ? answeredBy(question, sharedIn(prompt.after)) : [];
  if (fromOthers.length > 0) return { content: JSON.stringify({ findings: fromOthers, missing: [] }), toolCalls: [] };
  const all = [...(neighbour.entry ? [neighbour.entry] : []), ...trail.passages];
  const passages = ofVersion(question.text, isBesides ? unknownOf(all, context) : all);
  const read = readPassages(question, [...passages.slice(0, MAX_READINGS), ...beginningsIn(question, trail.reads)]);
  const choices = chooseQuotes(question, read, refusals);
  const unread = notes.filter(({ isNew }) => isNew).slice(0, MAX_FOLLOW);
  if (unread.length > 0 && trail.turns > 0 && tools.search) {
    const { search } = tools;
    return { content: '', toolCalls: unread.map(({ text }) => searchCall(search, text.slice(0, MAX_QUERY))) };
  }
  // What a first sub-agent followed up was found by it.
  const isOver = isBesides && trail.turns > 0;
  const toolCalls = isOver
    ? []
    : nextCalls(
        question,
        trail,
        { choices, known, near: neighbour.near, begin: toBegin(question, read) },
        tools,
        context,
      );
  const isOnTopic = !isOffTopic(question, read.readings);
  const given = isOnTopic ? asGiven(question, choices, trail.reads) : [];
  const findings = writeFindings(question, given);
  if (toolCalls.length > 0) {
    // Beside another call: alone it would take a turn.
    const { share } = tools;
    const shares = share && !hasShared(prompt.after, share) ? findings.slice(0, MAX_SHARED) : [];
    return { content: '', toolCalls: [...toolCalls, ...shares.flatMap((one) => (share ? shareCall(share, one) : []))] };
  }
  const missing = gapsOf(question, { choices: given.length > 0 ? choices : [], given }, read, isBesides);
  const isNear = missing.length > 0 && (isBesides || isFarFrom(question, choices, read));
  if (!isNear && refusals.unnamed === 0)
    addContext(question, read, { findings, given, isAnswered: missing.length === 0 }, refusals);
  if (isNear) findings.splice(MOST_NEAR);
  else if (missing.length > 0 && isPlain(question)) findings.splice(MOST_UNANSWERED);
  const isToldElsewhere = isOnTopic && absentNames(question, read.readings).length === 0;
  if (
    isToldElsewhere &&
    !isBesides &&
    (missing.length > 0 || TOLD_AT_LENGTH.has(question.kind)) &&
    refusals.unnamed === 0
  )
    findings.push(...toReadOn(read, findings, refusals));
  if (asks && said?.reply === undefined) missing.push(`Nobody said what was asked: ${asks.question}`);
  if (findings.length === 0 && missing.length === 0) missing.push('Nothing was found that answers this question.');
  return { content: JSON.stringify({ findings, missing }), toolCalls: [] };
}

/** The place of the quote that has most of the question, as a finding behind that one. Beside an answer it must speak of the question,
 * too; of what a thing is all that follows does, but for the other items of a list. */
function addContext(
  question: Question,
  { weights }: Found,
  { findings, given, isAnswered }: { findings: Finding[]; given: readonly Choice[]; isAnswered: boolean },
  refusals: Refusals,
): void {
  const most = Math.max(...given.map(({ quotable }) => quotable.covers));
  const at = given.findIndex(({ quotable }) => quotable.covers === most);
  const best = given[at];
  if (!best || (!isAnswered && shareOf(question.weights, best.quotable.terms) < CLOSE)) return;
  const context = inContext(
    best,
    given.map(({ quotable }) => quotable.unit),
  );
  if (!context || isRefused(context.quote, refusals)) return;
  const said = new Set(contentTerms(withoutPlace(context.claim)));
  const isTold = question.kind === 'definition' && best.quotable.unit.kind !== 'item';
  if (isAnswered && !isTold && shareOf(weights, said) < OF_IT) return;
  const citations = [{ source: best.reading.passage.source, quote: context.quote }];
  findings.splice(at + 1, 0, { claim: context.claim, citations });
}

/** Findings where a plain question is not answered, what stands around the best of them included. */
const MOST_UNANSWERED = 3;
/** In one part, about one thing at most: several things are told of in several places. */
const isPlain = ({ parts, names }: Question): boolean => parts.length === 0 && names.length < 2;

/** Share of the question in a quote that does not answer it, from which on its place may. */
const CLOSE = 0.4;
/** Share of the question in what stands around a quote, for it to speak of it. */
const OF_IT = 0.4;

/** Kinds of questions whose answers one sentence seldom holds. */
const TOLD_AT_LENGTH: ReadonlySet<Kind> = new Set(['how-to', 'difference']);

/** First the searches, then what a passage cuts off, then none. */
function nextCalls(
  question: Question,
  trail: Trail,
  {
    choices,
    known,
    near,
    begin,
  }: {
    choices: Choice[];
    known: (word: string) => boolean;
    near: Passage | undefined;
    begin: string | undefined;
  },
  { search, read }: ResearchTools,
  context: string[],
): Reply['toolCalls'] {
  if (trail.turns === 0) return search ? queriesFor(question, context).map((query) => searchCall(search, query)) : [];
  if (trail.turns === 1 && near && read && trail.reads.length === 0)
    return [readCall(read, near.source, near.line - AROUND, 2 * AROUND)];
  if (trail.turns === 1 && begin !== undefined && read) return [readCall(read, begin, 1, BEGINNING)];
  if (trail.turns === 1 && search) {
    const more = followUps(question, choices, known).map((query) => searchCall(search, query));
    if (more.length > 0) return more;
  }
  if (trail.turns > 2 || trail.reads.length > 0 || !read) return [];
  const cut = choices.filter((one) => one.quotable.unit.isCut || isOpenList(question, one)).slice(0, MAX_READS);
  return cut.map(({ reading: { passage } }) => readCall(read, passage.source, passage.line - 5));
}

/** What the best passages name and the question does not, with the words of the question that they leave open. */
function followUps({ words }: Question, choices: readonly Choice[], known: (word: string) => boolean): string[] {
  const asked = new Set(words.flatMap((word) => word.terms));
  const queries = choices.map(({ reading, quotable }) => {
    const open = words.filter((word) => !word.terms.some((term) => reading.terms.has(term)));
    const [needed] = packagesIn(quotable.unit.text);
    if (needed && asked.has(stem(needed.name)))
      return `${needed.name} ${needed.version} ${open.map((one) => one.text).join(' ')}`.trim();
    if (open.length === 0) return '';
    const text = `${quotable.unit.text}\n${quotable.heading}\n${reading.passage.text.slice(0, 1200)}`.replace(
      NOISE,
      ' ',
    );
    const news = namesIn(text, known)
      .filter((name) => name.text.length <= 40 && !nameTerms(name.text).some((term) => asked.has(term)))
      .sort((a, b) => Number(known(b.key)) - Number(known(a.key)))
      .slice(0, MAX_NEWS);
    return [...news, ...open].map((one) => one.text).join(' ');
  });
  return [...new Set(queries.filter((query) => query !== ''))].slice(0, MAX_FOLLOW);
}

/** Code blocks, addresses, HTML and images name much that nobody asks for. */
const NOISE = /```[^`]*(?:```|$)|!\[[^[\]]*\]\([^()]*\)|\]\([^()]*\)|<[^<>]*>|https?:\S+/g;
const MAX_NEWS = 4;
const MAX_FOLLOW = 3;

/** The whole question as it is, each of its parts with the names, and each of its names with what is asked of all. */
function queriesFor({ text, kind, parts, names, words }: Question, context: string[]): string[] {
  const named = names.map((name) => name.text).slice(0, 4);
  const withNames = (part: string): string => [part, ...named.filter((name) => !part.includes(name))].join(' ');
  const common = words.filter((word) => !word.isName).map((word) => word.text);
  // "Texas or North Carolina": each of them is needed to tell.
  const sure = names.filter((name) => name.isSure || / or /.test(text));
  const each = sure.length > 1 ? sure.map((name) => [name.text, ...common].join(' ')) : [];
  const found = context.length > 0 ? [`${text} ${context.slice(0, 5).join(' ')}`] : [];
  const told = kind === 'definition' ? [[...words.map((word) => word.text), WHERE_DEFINED].join(' ')] : [];
  const queries = [text, inOneWord(text), ...found, ...told, ...parts.map(withNames), ...each].map((query) =>
    query.replace(/\s+/g, ' ').trim().slice(0, MAX_QUERY),
  );
  return [...new Set(queries)].slice(0, MAX_QUERIES);
}

/** What documents head the place with that tells what a thing is. */
const WHERE_DEFINED = 'overview introduction';

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
function readCall(read: ToolSpec, source: string, line: number, count = 60): Reply['toolCalls'][number] {
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

/** All claims in the findings of earlier subtasks, however they are nested. */
function claimsIn(needs: unknown, depth = 0): string[] {
  if (Array.isArray(needs)) return needs.flatMap((item) => claimsIn(item, depth + 1));
  if (typeof needs !== 'object' || needs === null || depth > 6) return [];
  const { claim, ...rest } = asObject(needs);
  return [
    ...(typeof claim === 'string' && !isBeside(claim) ? [claim] : []),
    ...Object.values(rest).flatMap((item) => claimsIn(item, depth + 1)),
  ];
}
