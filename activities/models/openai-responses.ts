// openai-responses.ts: the same through the Responses API, for providers that say so. Stateless: everything is sent each
// time and nothing is kept at the provider.

import { APIError, APIUserAbortError } from 'openai';
import type OpenAI from 'openai';
import type {
  ResponseCreateParamsStreaming,
  ResponseInputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { aboutTokens } from '../text/about-tokens.ts';
import { MAX_CALLS, refuseEndless, schemaInWords, type OutputFormat } from './output-format.ts';
import type { CallOptions, ChatMessage, ModelReply, ModelRequest, ToolCall } from './provider.ts';

export async function askResponses(
  client: OpenAI,
  model: string,
  request: ModelRequest,
  format: OutputFormat,
  { signal, onBytes, onText }: CallOptions,
): Promise<ModelReply> {
  const stream = await client.responses.create(paramsOf(model, request, format), { signal });
  const calls: ToolCall[] = [];
  let text = '';
  let usage: { input_tokens: number; output_tokens: number } | undefined;
  let isCutShort = false;
  // Servers of other makes may leave the last event out; what is open then was cut off.
  let isOpen = true;
  for await (const event of stream) {
    onBytes();
    if (event.type === 'response.output_item.added') {
      isOpen = true;
    } else if (event.type === 'response.output_text.delta') {
      isOpen = true;
      text += event.delta;
      refuseEndless(text);
      onText?.(text);
    } else if (event.type === 'response.output_item.done') {
      isOpen = false;
      if (event.item.type !== 'function_call') continue;
      if (calls.length === MAX_CALLS) throw new SyntaxError(`the model server sent more than ${MAX_CALLS} tool calls`);
      refuseEndless(event.item.arguments);
      calls.push({ id: event.item.call_id, name: event.item.name, arguments: event.item.arguments });
    } else if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      isOpen = false;
      usage = event.response.usage ?? undefined;
      isCutShort = event.type === 'response.incomplete';
    } else if (event.type === 'response.failed' || event.type === 'error') {
      throw failureOf(event);
    }
  }
  if (signal.aborted) throw new APIUserAbortError();
  if (isOpen) throw new SyntaxError('the model server ended its stream in the middle');
  return {
    text,
    toolCalls: calls,
    inputTokens: usage?.input_tokens ?? aboutTokens(request.messages),
    outputTokens: usage?.output_tokens ?? aboutTokens([text, calls]),
    ...(isCutShort ? { isCutShort } : {}),
  };
}

/** An error that comes in a stream has no status of its own; its code says which one it would have had. */
function failureOf(event: Extract<ResponseStreamEvent, { type: 'response.failed' | 'error' }>): Error {
  const { code, message } = (event.type === 'error' ? event : event.response.error) ?? {};
  const said = (message ?? 'no reason given').slice(0, 200);
  if (code === 'insufficient_quota' || code === 'rate_limit_exceeded')
    return APIError.generate(429, { error: { code, message: said } }, said, new Headers());
  return new SyntaxError(`the model server ended its answer with an error: ${said}`);
}

function paramsOf(model: string, request: ModelRequest, format: OutputFormat): ResponseCreateParamsStreaming {
  return {
    model,
    input: [...request.messages.flatMap(asItems), ...schemaInWords(request, format)],
    stream: true,
    store: false,
    ...(request.tools && request.tools.length > 0
      ? {
          // Not strict, as in chat: schemas of MCP servers don't suit it, and arguments are checked anyway.
          tools: request.tools.map((tool) => ({ type: 'function' as const, strict: false, ...tool })),
          tool_choice: request.toolChoice ?? 'auto',
        }
      : {}),
    ...(request.format && format === 'json_schema'
      ? { text: { format: { type: 'json_schema' as const, strict: true, ...request.format } } }
      : request.format && format === 'json_object'
        ? { text: { format: { type: 'json_object' as const } } }
        : {}),
  };
}

function asItems(message: ChatMessage): ResponseInputItem[] {
  if (message.role === 'tool')
    return [{ type: 'function_call_output', call_id: message.callId, output: message.content }];
  const said: ResponseInputItem[] = message.content === '' ? [] : [{ role: message.role, content: message.content }];
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  return [
    ...said,
    ...calls.map((call): ResponseInputItem => ({
      type: 'function_call',
      call_id: call.id,
      name: call.name,
      arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
    })),
  ];
}
