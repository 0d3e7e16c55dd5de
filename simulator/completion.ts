// completion.ts: turns a reply into a Chat Completions body, or into the chunks of a stream.
// Uses no clock and no randomness: the same request gets the same bytes.

import { createHash } from 'node:crypto';
import { estimateTokens } from './canonical.ts';
import { ENDLESS_PIECE, type Quirks } from './misbehave.ts';
import type { ChatRequest, Reply, WireToolCall } from './wire.ts';

/** A fixed moment (2026-01-01), so that bodies do not differ from run to run. */
export const CREATED = 1_767_225_600;
const FINGERPRINT = 'fp_muster_offline';
/** A long answer is streamed in at most about this many chunks. */
const MAX_CHUNKS = 48;
const MIN_CHUNK = 24;

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

export interface Completion {
  id: string;
  model: string;
  content: string | null;
  toolCalls: WireToolCall[];
  finishReason: 'stop' | 'length' | 'tool_calls';
  usage: Usage;
  quirks: Quirks;
}

/** Gives ids and usage to a reply and holds it to the request's `max_tokens`. */
export function complete(request: ChatRequest, sha: string, reply: Reply, quirks: Quirks = {}): Completion {
  const toolCalls = reply.toolCalls.map((call, index): WireToolCall => {
    const id = createHash('sha256')
      .update(`${sha}/${quirks.sharesIds ? 0 : index}`)
      .digest('hex')
      .slice(0, 24);
    return { id: `call_${id}`, type: 'function', function: { name: call.name, arguments: call.arguments } };
  });
  const limit = request.max_completion_tokens ?? request.max_tokens;
  const room = typeof limit === 'number' && limit > 0 ? limit * 4 : Infinity;
  const isCut = quirks.isCutShort === true || reply.content.length > room;
  const content = reply.content.slice(0, room);
  const written = content.length + toolCalls.reduce((sum, call) => sum + call.function.arguments.length, 0);
  const prompt = inputTokens(request);
  const output = estimateTokens(written);
  return {
    id: `chatcmpl-${sha.slice(0, 24)}`,
    model: request.model,
    content: content === '' && toolCalls.length > 0 ? null : content,
    toolCalls,
    finishReason: toolCalls.length > 0 ? 'tool_calls' : isCut ? 'length' : 'stop',
    usage: { prompt_tokens: prompt, completion_tokens: output, total_tokens: prompt + output },
    quirks,
  };
}

/** What the request would cost to read: messages, tools and schema, about four characters a token. */
export function inputTokens(request: Partial<ChatRequest>): number {
  const { messages, tools, response_format } = request;
  const parts: unknown[] = [messages ?? [], tools ?? [], response_format ?? {}];
  return estimateTokens(parts.reduce<number>((sum, part) => sum + JSON.stringify(part).length, 0));
}

/** The body of an answer without `stream`. */
export function completionBody(completion: Completion): unknown {
  const { id, model, content, toolCalls, finishReason, usage, quirks } = completion;
  const calls = toolCalls.map((call) => ({
    ...call,
    function: { ...call.function, arguments: sentArguments(call, quirks) },
  }));
  return {
    id,
    object: 'chat.completion',
    created: CREATED,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          refusal: null,
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: quirks.hidesFinishReason ? null : finishReason,
      },
    ],
    ...(!quirks.hidesUsage && { usage }),
    system_fingerprint: FINGERPRINT,
  };
}

/** The chunks of a streamed answer: role first, then text, then tool calls, then the reason it ended. */
export function* completionChunks(completion: Completion, includeUsage: boolean): Generator<unknown> {
  const { content, toolCalls, finishReason, usage, quirks } = completion;
  const chunk = (choices: unknown[], usageOfChunk: Usage | null = null): unknown => ({
    id: completion.id,
    object: 'chat.completion.chunk',
    created: CREATED,
    model: completion.model,
    system_fingerprint: FINGERPRINT,
    choices,
    ...(includeUsage && !quirks.hidesUsage && { usage: usageOfChunk }),
  });
  const delta = (value: unknown, reason: string | null = null): unknown =>
    chunk([{ index: 0, delta: value, logprobs: null, finish_reason: reason }]);

  yield delta({ role: 'assistant', content: content === null ? null : '', refusal: null });
  for (const piece of textPieces(completion)) yield delta({ content: piece });
  for (const [index, call] of toolCalls.entries()) {
    const { name, arguments: args } = call.function;
    const begin = (sent: unknown): unknown =>
      delta({ tool_calls: [{ index, id: call.id, type: 'function', function: { name, arguments: sent } }] });
    if (quirks.objectArguments) {
      yield begin(sentArguments(call, quirks));
      continue;
    }
    yield begin('');
    for (const piece of pieces(args)) yield delta({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  if (!quirks.hidesFinishReason) yield delta({}, finishReason);
  if (includeUsage && !quirks.hidesUsage) yield chunk([], usage);
}

/** The arguments of a call as they go on the wire. */
export function sentArguments(call: WireToolCall, quirks: Quirks): unknown {
  return quirks.objectArguments ? (JSON.parse(call.function.arguments) as unknown) : call.function.arguments;
}

/** The text of an answer in pieces, as it is streamed. */
export function* textPieces({ content, quirks }: Completion): Generator<string> {
  if (!quirks.isEndless) return yield* pieces(content ?? '');
  for (let n = 1; ; n += 1) yield `${ENDLESS_PIECE}${n}: `;
}

/** Cuts text into pieces of even length, never through a surrogate pair. */
export function* pieces(text: string): Generator<string> {
  const size = Math.max(MIN_CHUNK, Math.ceil(text.length / MAX_CHUNKS));
  let start = 0;
  while (start < text.length) {
    let end = Math.min(start + size, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end += 1;
    yield text.slice(start, end);
    start = end;
  }
}
