// read-responses-stream.ts: a reply of the Responses API from its events, or from one whole body: items are told apart by their
// ids, else by their places, and whatever event a server leaves out is made up for by another that says the same.

import { APIError } from 'openai';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { isObject, jsonSlices, parsed } from '../text/json-values.ts';
import { CallAssembly } from './assemble-calls.ts';
import { callsInText } from './calls-in-text.ts';
import { callTokens } from './counts.ts';
import { keepable } from './kept-reply.ts';
import { refuseBadEnding } from './reply-endings.ts';
import { refuseEndless } from './output-format.ts';
import type { CallOptions, ModelReply, ToolCall } from './provider.ts';
import type { ReadingFor } from './read-chat-stream.ts';
import { json, readContent } from './read-content.ts';
import { Repetition } from './repeats.ts';
import { errorIn } from './server-words.ts';

type Item = Record<string, unknown>;

/** Fields that every server sends of an item; another one is kept for who sent it. */
const COMMON: Readonly<Record<string, readonly string[]>> = {
  message: ['type', 'id', 'role', 'status', 'content'],
  function_call: ['type', 'id', 'call_id', 'name', 'arguments', 'status'],
};

/** @throws SyntaxError when it broke off or does not end; APIError when it failed; what reading the events throws. */
export async function readResponses(
  events: AsyncIterable<unknown>,
  { request, client, by }: ReadingFor,
  { onText }: Pick<CallOptions, 'onText'>,
): Promise<ModelReply> {
  const tools = request.tools ?? [];
  const items: Item[] = [];
  let streamed = '';
  let usage: Item = {};
  let finish: string | undefined;
  let refusal = '';
  let written = '';
  const repetition = new Repetition(() => JSON.stringify(request.messages));
  let repeats = false;
  // Servers of other makes may leave the last event out; what is open then was cut off.
  let isOpen = true;
  for await (const event of events) {
    if (!isObject(event)) continue;
    const type = typeof event.type === 'string' ? event.type : `response.${String(event.status)}`;
    if (type === 'response.failed' || type === 'error') throw failureOf(event);
    // Text, arguments, reasoning: whatever is being written, one after the other.
    if (type.endsWith('.delta')) repeats = repetition.isIn((written += words(event.delta)));
    if (repeats) break;
    if (type === 'response.refusal.delta') refusal += words(event.delta);
    else if (type === 'response.output_text.delta') {
      isOpen = true;
      streamed += words(event.delta);
      refuseEndless(streamed);
      onText?.(streamed);
    } else if (type === 'response.output_text.done' && streamed === '') streamed = words(event.text);
    else if (type === 'response.content_part.done' && streamed === '') streamed = readContent(event.part).text;
    else if (type === 'response.output_item.added' || type === 'response.output_item.done') {
      isOpen = type.endsWith('added');
      if (isObject(event.item)) place(items, event.item, event.output_index, isOpen);
    } else if (type.startsWith('response.function_call_arguments.')) addArguments(items, event);
    else if (/^response\.(completed|incomplete|done)$/.test(type)) {
      isOpen = false;
      const response = isObject(event.response) ? event.response : event;
      if (response.status === 'failed') throw failureOf(event);
      if (isObject(response.usage)) usage = response.usage;
      if (streamed === '') streamed = words(response.output_text) || json(response.output_parsed);
      if (type.endsWith('incomplete') || response.status === 'incomplete') finish = reasonOf(response);
      const output = (Array.isArray(response.output) ? (response.output as unknown[]) : []).filter(isObject);
      if (output.length >= items.length) items.splice(0, items.length, ...output);
    }
  }
  for (const item of items) refuseEndless(typeof item.arguments === 'string' ? item.arguments : '');
  const made = items.filter(({ type }) => type === 'function_call');
  const text = textOf(items) ?? streamed;
  refusal ||= items.map(refusalIn).join('');
  if (!repeats) refuseBadEnding({ finish, refusal, isEmpty: text === '' && made.length === 0 });
  if (isOpen && !repeats && (isTorn(text) || (text === '' && made.length === 0) || !made.every(isWhole)))
    throw new SyntaxError('the model server ended its stream in the middle');
  const assembly = new CallAssembly(tools.map(({ name }) => name));
  items.forEach((item, at) => {
    if (item.type !== 'function_call') return;
    const { call_id: id, id: own, name, arguments: args } = item;
    assembly.add([{ id: id ?? own, index: at, name, arguments: args, at }]);
  });
  const assembled = assembly.calls().map(({ more, ...call }): ToolCall => {
    const at = Number(more.at);
    return { ...call, kept: { at, more: withoutFields(items[at] ?? {}, COMMON.function_call ?? []) } };
  });
  const reasoning = items
    .filter(({ type }) => type === 'reasoning')
    .map(({ content, summary }) => readContent(content).reasoning || readContent(summary).reasoning)
    .join('');
  const inText = assembled.length === 0 ? callsInText(text, tools, reasoning) : undefined;
  const kept = items.every(isCommon) ? undefined : keepable(by, items.map(placeholder), client);
  const toolCalls = inText?.calls ?? (kept ? assembled : assembled.map(({ kept: _kept, ...call }) => call));
  const shown = inText?.text ?? text;
  return {
    text: shown,
    toolCalls,
    ...callTokens(
      { input: usage.input_tokens ?? usage.prompt_tokens, output: usage.output_tokens ?? usage.completion_tokens },
      {
        input: () => estimateTokens(request.messages),
        output: () => estimateTokens(text + reasoning) + (assembled.length > 0 ? estimateTokens(assembled) : 0),
      },
    ),
    ...(repeats || (finish !== undefined && /length|max.*tokens/i.test(finish)) ? { isCutShort: true } : {}),
    ...(repeats ? { repeats } : {}),
    ...(shown.trim() === '' && toolCalls.length === 0 && reasoning !== '' ? { reasoning } : {}),
    ...(inText ? { areCallsInText: true as const } : {}),
    ...(kept ? { kept } : {}),
  };
}

/**
 * An item takes the place of the one that it ends: the one of its id, else the one that is open at its index. One that begins
 * with an id of its own ends none.
 */
function place(items: Item[], item: Item, index: unknown, isOpen: boolean): void {
  const same = items.findIndex(({ id }) => id !== undefined && id === item.id);
  const known =
    same >= 0 || (isOpen && item.id !== undefined)
      ? same
      : items.findIndex((one) => one.isOpen === true && one.index === index && one.type === item.type);
  const placed = { ...(known < 0 ? {} : items[known]), ...item, index, isOpen };
  if (known < 0) items.push(placed);
  else items[known] = placed;
}

/** Arguments in pieces, for servers that never send the item whole. */
function addArguments(items: Item[], event: Item): void {
  const calls = items.filter(({ type }) => type === 'function_call');
  const item =
    calls.find(({ id }) => id !== undefined && id === event.item_id) ??
    calls.findLast(({ index }) => index === event.output_index) ??
    calls.at(-1);
  if (!item || item.isOpen === false) return;
  if (String(event.type).endsWith('done')) item.arguments = event.arguments ?? item.arguments;
  else item.arguments = `${typeof item.arguments === 'string' ? item.arguments : ''}${words(event.delta)}`;
  refuseEndless(String(item.arguments));
}

/**
 * The words of the messages; of those that say which phase they are of, the final one's. Undefined when the items hold none, so
 * that only the stream has them.
 */
function textOf(items: readonly Item[]): string | undefined {
  const messages = items.filter(({ type }) => type === 'message');
  const said = messages
    .filter(({ phase }) => phase === undefined || phase === null || /final|answer/.test(words(phase)))
    .map(({ content }) => readContent(content).text)
    .join('');
  return said === '' && messages.every(({ phase }) => phase === undefined || phase === null) ? undefined : said;
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const isTorn = (text: string): boolean => jsonSlices(text).isOpen;
const isWhole = ({ arguments: args }: Item): boolean =>
  isObject(args) || (typeof args === 'string' && isObject(parsed(args)));

const withoutFields = (item: Item, names: readonly string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name) && !OURS.has(name)));
/** Marks of this file on an item. */
const OURS = new Set(['index', 'isOpen']);

/** Nothing in it is this server's own. */
const isCommon = (item: Item): boolean => {
  const common = COMMON[String(item.type)];
  return common !== undefined && Object.values(withoutFields(item, common)).every((value) => value === null);
};

/** An item as it goes back; a call is put there when it is known under which id. */
const placeholder = (item: Item, at: number): Item =>
  item.type === 'function_call' ? { type: 'function_call', at } : withoutFields(item, []);

/** In the shape of those that come with a status. */
function failureOf(event: Item): Error {
  const response = isObject(event.response) ? event.response : event;
  const said = errorIn(isObject(response.error) ? { error: response.error } : { ...event, type: 'error' });
  return new APIError(undefined, said ?? { message: 'it gave no reason' }, undefined, undefined);
}

/** Why it is incomplete: at its most tokens, where it does not say. */
const reasonOf = ({ incomplete_details: details }: Item): string =>
  isObject(details) && typeof details.reason === 'string' ? details.reason : 'max_output_tokens';

/** A message's parts that refuse. */
const refusalIn = ({ content }: Item): string =>
  Array.isArray(content)
    ? (content as unknown[])
        .map((part) => (isObject(part) && part.type === 'refusal' ? words(part.refusal) : ''))
        .join('')
    : '';
