// openai-responses.ts: the same through the Responses API, for providers that say so. Stateless: everything is sent each
// time and nothing is kept at the provider.

import { APIUserAbortError } from 'openai';
import type OpenAI from 'openai';
import type {
  ResponseCreateParamsStreaming,
  ResponseInputItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { aboutTokens } from './about-tokens.ts';
import { refuseEndless, schemaInWords, type OutputFormat } from './output-format.ts';
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
  let events = 0;
  for await (const event of stream) {
    onBytes();
    events += 1;
    if (event.type === 'response.output_text.delta') {
      text += event.delta;
      refuseEndless(text);
      onText?.(text);
    } else if (event.type === 'response.output_item.done' && event.item.type === 'function_call') {
      calls.push({ id: event.item.call_id, name: event.item.name, arguments: event.item.arguments });
    } else if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      usage = event.response.usage ?? undefined;
      isCutShort = event.type === 'response.incomplete';
    } else if (event.type === 'response.failed' || event.type === 'error') {
      throw new SyntaxError(`the model server ended its answer with an error: ${reasonOf(event)}`);
    }
  }
  if (signal.aborted) throw new APIUserAbortError();
  if (events === 0) throw new SyntaxError('the model server sent an empty stream');
  return {
    text,
    toolCalls: calls,
    inputTokens: usage?.input_tokens ?? aboutTokens(request.messages),
    outputTokens: usage?.output_tokens ?? aboutTokens([text, calls]),
    ...(isCutShort ? { isCutShort } : {}),
  };
}

function reasonOf(event: Extract<ResponseStreamEvent, { type: 'response.failed' | 'error' }>): string {
  const message = event.type === 'error' ? event.message : event.response.error?.message;
  return (message ?? 'no reason given').slice(0, 200);
}

function paramsOf(model: string, request: ModelRequest, format: OutputFormat): ResponseCreateParamsStreaming {
  const input = request.messages.flatMap(asItems);
  if (request.format && format !== 'json_schema') {
    input.push({
      role: 'system',
      content: schemaInWords(request.format.schema),
    });
  }
  return {
    model,
    input,
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
