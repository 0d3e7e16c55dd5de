// responses.ts: the Responses API as an endpoint: a chat completion put on the wire as output items, whole or as events.
// How a request is read is responses-request.ts.

import { askedInChat } from './chat.ts';
import { CREATED, pieces, sentArguments, textPieces, type Completion } from './completion.ts';
import type { Asked } from './endpoint.ts';
import { chatOfResponses } from './responses-request.ts';
import type { WireToolCall } from './wire.ts';

type Json = Record<string, unknown>;

/** Reads the body of `POST /v1/responses`. @throws ApiError 400 */
export function readResponses(body: Json): Asked {
  return askedInChat(chatOfResponses(body), (completion) => ({
    outputTokens: completion.usage.completion_tokens,
    body: () => responseBody(completion, body),
    *frames() {
      let sequence = 0;
      for (const event of responseEvents(completion, body)) {
        yield `event: ${String(event.type)}\ndata: ${JSON.stringify({ ...event, sequence_number: sequence })}\n\n`;
        sequence += 1;
      }
    },
  }));
}

/** The body of an answer without `stream`, and what the last event of a stream carries. */
function responseBody(completion: Completion, request: Json): Json {
  const { usage, quirks, finishReason } = completion;
  const isCut = finishReason === 'length';
  return {
    ...envelope(completion, request),
    status: quirks.hidesFinishReason ? 'in_progress' : isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    output: [
      ...(completion.content === null ? [] : [messageItem(completion, completion.content)]),
      ...completion.toolCalls.map((call) => callItem(call, sentArguments(call, quirks))),
    ],
    usage: quirks.hidesUsage
      ? null
      : {
          input_tokens: usage.prompt_tokens,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: usage.completion_tokens,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: usage.total_tokens,
        },
  };
}

/** What a response says of itself from its first event on. */
function envelope({ id, model }: Completion, request: Json): Json {
  const asked = (name: string, otherwise: unknown): unknown => request[name] ?? otherwise;
  return {
    id: id.replace('chatcmpl-', 'resp_'),
    object: 'response',
    created_at: CREATED,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: asked('instructions', null),
    max_output_tokens: asked('max_output_tokens', null),
    model,
    output: [],
    parallel_tool_calls: asked('parallel_tool_calls', true),
    previous_response_id: null,
    store: false,
    temperature: asked('temperature', 1),
    text: asked('text', { format: { type: 'text' } }),
    tool_choice: asked('tool_choice', 'auto'),
    tools: asked('tools', []),
    top_p: asked('top_p', 1),
    truncation: 'disabled',
    usage: null,
    metadata: asked('metadata', {}),
  };
}

const textPart = (text: string): Json => ({ type: 'output_text', text, annotations: [], logprobs: [] });
const messageId = ({ id }: Completion): string => id.replace('chatcmpl-', 'msg_');
const callId = (call: WireToolCall): string => call.id.replace('call_', 'fc_');

const messageItem = (completion: Completion, text: string): Json => ({
  id: messageId(completion),
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [textPart(text)],
});

const callItem = (call: WireToolCall, args: unknown): Json => ({
  id: callId(call),
  type: 'function_call',
  call_id: call.id,
  name: call.function.name,
  arguments: args,
  status: 'completed',
});

function* responseEvents(completion: Completion, request: Json): Generator<Json> {
  const begun = envelope(completion, request);
  yield { type: 'response.created', response: begun };
  yield { type: 'response.in_progress', response: begun };
  let index = 0;
  if (completion.content !== null) yield* messageEvents(completion, completion.content, index++);
  for (const call of completion.toolCalls) yield* callEvents(completion, call, index++);
  if (completion.quirks.hidesFinishReason) return;
  const response = responseBody(completion, request);
  yield { type: `response.${String(response.status)}`, response };
}

function* messageEvents(completion: Completion, content: string, index: number): Generator<Json> {
  const item = messageItem(completion, content);
  const at = { output_index: index, item_id: item.id, content_index: 0 };
  yield added(index, { ...item, status: 'in_progress', content: [] });
  yield { type: 'response.content_part.added', ...at, part: textPart('') };
  for (const delta of textPieces(completion)) yield { type: 'response.output_text.delta', ...at, delta, logprobs: [] };
  yield { type: 'response.output_text.done', ...at, text: content, logprobs: [] };
  yield { type: 'response.content_part.done', ...at, part: textPart(content) };
  yield { type: 'response.output_item.done', output_index: index, item };
}

function* callEvents({ quirks }: Completion, call: WireToolCall, index: number): Generator<Json> {
  const args = sentArguments(call, quirks);
  const item = callItem(call, args);
  const at = { output_index: index, item_id: item.id };
  yield added(index, { ...item, status: 'in_progress', arguments: '' });
  if (typeof args === 'string') {
    for (const delta of pieces(args)) yield { type: 'response.function_call_arguments.delta', ...at, delta };
  }
  yield { type: 'response.function_call_arguments.done', ...at, name: call.function.name, arguments: args };
  yield { type: 'response.output_item.done', output_index: index, item };
}

const added = (index: number, item: Json): Json => ({
  type: 'response.output_item.added',
  output_index: index,
  item,
});
