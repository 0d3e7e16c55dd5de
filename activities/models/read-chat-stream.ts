// read-chat-stream.ts: a reply of Chat Completions from its chunks, or from one whole body, whatever the server leaves out,
// repeats or adds. What it meant to say is kept; what it did not say is not made up.

import type OpenAI from 'openai';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { endOf, isObject, jsonSlices, parsed } from '../text/json-values.ts';
import { CallAssembly } from './assemble-calls.ts';
import { callsInText } from './calls-in-text.ts';
import { callTokens, tokenCount } from './counts.ts';
import { mergeDelta, keepable, withoutEmptyFields } from './kept-reply.ts';
import { refuseBadEnding } from './reply-endings.ts';
import { refuseEndless } from './output-format.ts';
import type { CallOptions, ModelReply, ModelRequest, ToolCall, ToolSchema } from './provider.ts';
import { json, readContent, reasoningIn } from './read-content.ts';
import { Repetition } from './repeats.ts';

/** What every server sends; the rest is this one's own. */
const COMMON = new Set(['role', 'content', 'tool_calls', 'function_call', 'refusal', 'annotations', 'audio', 'name']);

export interface ReadingFor {
  request: ModelRequest;
  client: OpenAI;
  /** Who answers, for what is kept of it. */
  by: string;
}

/** @throws SyntaxError when it broke off or does not end; what reading the events throws. */
export async function readChat(
  events: AsyncIterable<unknown>,
  { request, client, by }: ReadingFor,
  { onText }: Pick<CallOptions, 'onText'>,
): Promise<ModelReply> {
  const tools = request.tools ?? [];
  const calls = new CallAssembly(tools.map(({ name }) => name));
  const usage: { input?: unknown; output?: unknown } = {};
  let text = '';
  let reasoning = '';
  let own: Record<string, unknown> = {};
  let parts: unknown[] | undefined;
  let finish = '';
  let refusal = '';
  let speaker: unknown;
  let argued = '';
  const asked = (): string => JSON.stringify(request.messages);
  const loops = [new Repetition(asked), new Repetition(asked), new Repetition(asked)];
  let repeats = false;
  let chunks = 0;
  const say = (more: string): void => {
    if (more === '') return;
    text += more;
    refuseEndless(text);
    onText?.(text);
  };
  for await (const chunk of events) {
    chunks += 1;
    if (!isObject(chunk)) continue;
    const choices = (Array.isArray(chunk.choices) ? (chunk.choices as unknown[]) : []).filter(isObject);
    // It stands in the chunk, else on a choice or in a field of the server's own.
    for (const one of [...Object.values(chunk), ...choices, chunk]) if (isObject(one)) readUsage(one.usage, usage);
    // One answer is asked for: what comes as several choices are its parts. Words of a second one are another answer.
    for (const choice of choices) {
      if (typeof choice.finish_reason === 'string') finish = choice.finish_reason;
      const delta = partOf(choice);
      if (Array.isArray(delta.content))
        parts = withParts(
          parts ?? [],
          delta.content.filter((part) => !isCall(part)),
        );
      const said = readContent(delta.content);
      if (said.text !== '') speaker ??= choice.index;
      if (choice.index !== speaker) said.text = '';
      const fields = withoutEmptyFields(
        Object.fromEntries(Object.entries(delta).filter(([name]) => !COMMON.has(name))),
      );
      reasoning += said.reasoning + reasoningIn(fields);
      refuseEndless(reasoning);
      own = mergeDelta(own, { ...fields, ...emptyReasoning(delta) }) as Record<string, unknown>;
      // Some say all of it again behind the last piece.
      say(isAgain(said.text, text, !isObject(choice.delta)) ? said.text.slice(text.length) : said.text);
      const made = callsIn(delta, choice);
      if (made.length > 0) calls.add(made);
      if (typeof delta.refusal === 'string') refusal += delta.refusal;
      argued += argumentsIn(delta);
    }
    repeats = [text, reasoning, argued].some((written, at) => loops[at]?.isIn(written));
    if (repeats) break;
  }
  if (text.trim() === '') text = json(own.parsed);
  // A stream that ends before its first chunk is a broken answer, not an empty one.
  if (chunks === 0) throw new SyntaxError('the model server sent an empty stream');
  const assembled = calls.calls();
  if (!repeats)
    refuseBadEnding({ finish, refusal, isEmpty: `${text}${reasoning}`.trim() === '' && assembled.length === 0 });
  // Gateways end a stream in order when the server behind them breaks off: half a call would be mended to another one.
  if (finish === '' && !repeats && (jsonSlices(text).isOpen || assembled.some((call) => isTorn(call, tools))))
    throw new SyntaxError('the model server ended its stream in the middle');
  const inText = assembled.length === 0 ? callsInText(text, tools, reasoning) : undefined;
  const toolCalls =
    inText?.calls ??
    assembled.map(({ more, ...call }): ToolCall => (Object.keys(more).length > 0 ? { ...call, kept: more } : call));
  const message = { ...own, ...(parts ? { content: parts } : {}) };
  const kept = keepable(by, Object.keys(message).length > 0 ? message : undefined, client);
  const shown = inText?.text ?? text;
  return {
    text: shown,
    toolCalls,
    ...callTokens(
      { input: usage.input, output: usage.output },
      {
        input: () => estimateTokens(request.messages),
        output: () => estimateTokens(text + reasoning) + (assembled.length > 0 ? estimateTokens(toolCalls) : 0),
      },
    ),
    ...(repeats || /length|max.?tokens/i.test(finish) ? { isCutShort: true } : {}),
    ...(repeats ? { repeats } : {}),
    ...(shown.trim() === '' && toolCalls.length === 0 && reasoning !== '' ? { reasoning } : {}),
    ...(inText ? { areCallsInText: true as const } : {}),
    ...(kept ? { kept } : {}),
  };
}

/** A reasoning that is empty: those who want it back want that one, too. */
const emptyReasoning = ({ reasoning_content: empty }: Record<string, unknown>): Record<string, unknown> =>
  empty === '' ? { reasoning_content: empty } : {};

/** What a choice adds: a piece, a whole message, or text as the older completions had it. */
function partOf({ delta, message, text }: Record<string, unknown>): Record<string, unknown> {
  if (isObject(delta)) return delta;
  return isObject(message) ? message : typeof text === 'string' ? { content: text } : {};
}

/** Whether a piece begins with all that was said before it: some send everything so far each time. */
const isAgain = (piece: string, before: string, isWhole: boolean): boolean =>
  piece.startsWith(before) && (isWhole || (before.length >= SURELY_AGAIN && piece.length > before.length));
const SURELY_AGAIN = 6;

/** The parts of calls, in whatever form: a list, one alone, by their numbers, as JSON, on the choice, among the content. */
function callsIn(delta: Record<string, unknown>, choice: Record<string, unknown>): unknown[] {
  const given = delta.tool_calls ?? choice.tool_calls;
  const calls = typeof given === 'string' ? parsed(given) : given;
  if (Array.isArray(calls)) return calls as unknown[];
  if (isObject(calls)) return 'function' in calls || 'name' in calls ? [calls] : Object.values(calls);
  if (isObject(delta.function_call)) return [{ function: delta.function_call }];
  return (Array.isArray(delta.content) ? (delta.content as unknown[]) : []).flatMap((part) =>
    isCall(part) ? [{ id: part.id, function: { name: part.name, arguments: part.input } }] : [],
  );
}

const isCall = (part: unknown): part is Record<string, unknown> => isObject(part) && part.type === 'tool_use';

function argumentsIn({ tool_calls: calls, function_call: call }: Record<string, unknown>): string {
  const parts: unknown[] = Array.isArray(calls) ? calls : [{ function: call }];
  return parts
    .map((part) => (isObject(part) && isObject(part.function) ? part.function.arguments : undefined))
    .filter((args) => typeof args === 'string')
    .join('');
}

/** Counts of later chunks replace those of earlier ones; a chunk without one changes nothing. */
function readUsage(value: unknown, usage: { input?: unknown; output?: unknown }): void {
  if (!isObject(value)) return;
  usage.input = counted(value.prompt_tokens ?? value.input_tokens, usage.input);
  usage.output = counted(value.completion_tokens ?? value.output_tokens, usage.output);
}

/** A zero behind a count says that this chunk has none. */
const counted = (next: unknown, before: unknown): unknown =>
  next === undefined || next === null || (tokenCount(next) === 0 && before !== undefined) ? before : next;

/**
 * True for arguments that begin as an object and have no end, and for none at all where the tool has some. What is written badly,
 * or followed by words, has an end.
 */
function isTorn({ name, arguments: args }: ToolCall, tools: readonly ToolSchema[]): boolean {
  if (typeof args !== 'string') return false;
  if (args.trim() !== '') return args.trimStart().startsWith('{') && endOf(args, args.indexOf('{')) === undefined;
  const properties = tools.find((tool) => tool.name === name)?.parameters.properties;
  return isObject(properties) && Object.keys(properties).length > 0;
}

/** Content that comes as a list goes on where its last part does. */
function withParts(before: unknown[], more: unknown[]): unknown[] {
  return more.reduce<unknown[]>((list, part) => {
    const last = list.at(-1);
    return isObject(last) && isObject(part) && last.type === part.type
      ? list.with(-1, mergeDelta(last, part))
      : [...list, part];
  }, before);
}
