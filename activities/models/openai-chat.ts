// openai-chat.ts: one call through Chat Completions, which all compatible servers share: streamed, with tools, and the
// schema in the form that the server takes.

import { APIUserAbortError } from 'openai';
import type OpenAI from 'openai';
import type {
  ChatCompletionChunk,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { aboutTokens } from '../text/about-tokens.ts';
import { MAX_CALLS, refuseEndless, schemaInWords, type OutputFormat } from './output-format.ts';
import type { CallOptions, ChatMessage, ModelReply, ModelRequest, ToolCall } from './provider.ts';

export const askChat = (
  client: OpenAI,
  model: string,
  request: ModelRequest,
  format: OutputFormat,
  call: CallOptions,
): Promise<ModelReply> => readStream(client, chatParams(model, request, format), request, call);

function chatParams(model: string, request: ModelRequest, format: OutputFormat): ChatCompletionCreateParamsStreaming {
  return {
    model,
    messages: [...request.messages.map(asParam), ...schemaInWords(request, format)],
    stream: true,
    stream_options: { include_usage: true },
    ...(request.tools && request.tools.length > 0
      ? {
          tools: request.tools.map((tool) => ({ type: 'function' as const, function: { ...tool } })),
          tool_choice: request.toolChoice ?? 'auto',
        }
      : {}),
    ...(request.format && format === 'json_schema'
      ? { response_format: { type: 'json_schema' as const, json_schema: { ...request.format, strict: true } } }
      : request.format && format === 'json_object'
        ? { response_format: { type: 'json_object' as const } }
        : {}),
  };
}

function asParam(message: ChatMessage): ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content };
  if (message.role !== 'assistant' || !message.toolCalls?.length)
    return { role: message.role, content: message.content };
  return {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    tool_calls: message.toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: {
        name: call.name,
        arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
      },
    })),
  };
}

async function readStream(
  client: OpenAI,
  params: ChatCompletionCreateParamsStreaming,
  request: ModelRequest,
  { signal, onBytes, onText }: CallOptions,
): Promise<ModelReply> {
  const stream = await client.chat.completions.create(params, { signal });
  const calls: ToolCall[] = [];
  let text = '';
  let usage: ChatCompletionChunk['usage'];
  let isCutShort = false;
  let isFinished = false;
  let chunks = 0;
  for await (const chunk of stream) {
    onBytes();
    chunks += 1;
    if (chunk.usage) usage = chunk.usage;
    const finish = chunk.choices?.[0]?.finish_reason;
    if (finish) isFinished = true;
    if (finish === 'length') isCutShort = true;
    const delta = chunk.choices?.[0]?.delta;
    if (typeof delta?.content === 'string' && delta.content !== '') {
      text += delta.content;
      refuseEndless(text);
      onText?.(text);
    }
    for (const part of delta?.tool_calls ?? []) addCall(calls, part);
  }
  if (signal.aborted) throw new APIUserAbortError();
  // A stream that ends before its first chunk is a broken answer, not an empty one.
  if (chunks === 0) throw new SyntaxError('the model server sent an empty stream');
  // Gateways end a stream in order when the server behind them breaks off: half a call would be mended to another one.
  if (!isFinished && [text, ...calls.map((call) => call?.arguments)].some(isTorn))
    throw new SyntaxError('the model server ended its stream in the middle');
  return {
    text,
    toolCalls: calls.filter((call) => call !== undefined && call.name !== ''),
    // Some servers give no usage in streams: about four characters a token.
    inputTokens: usage?.prompt_tokens ?? aboutTokens(request.messages),
    outputTokens: usage?.completion_tokens ?? aboutTokens([text, calls]),
    ...(isCutShort ? { isCutShort } : {}),
  };
}

/** True for the beginning of a JSON object that has no end; what is written badly, or followed by words, has one. */
function isTorn(text: unknown): boolean {
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return false;
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth === 0 && char === '}') return false;
  }
  return true;
}

type CallDelta = NonNullable<ChatCompletionChunk['choices'][number]['delta']['tool_calls']>[number];

/** Some servers send arguments as an object, all at once; both forms are kept as they come. */
function addCall(calls: ToolCall[], part: CallDelta): void {
  const index = Number.isInteger(part.index) ? part.index : calls.length;
  // An index is a place in a list: a far one would make the list as long as that.
  if (index < 0 || index >= MAX_CALLS) throw new SyntaxError(`the model server sent more than ${MAX_CALLS} tool calls`);
  const call = (calls[index] ??= { id: '', name: '', arguments: '' });
  if (part.id) call.id = part.id;
  if (part.function?.name) call.name += part.function.name;
  const args: unknown = part.function?.arguments;
  if (typeof args === 'string' && typeof call.arguments === 'string') {
    call.arguments += args;
    refuseEndless(call.arguments);
  } else if (args !== null && typeof args === 'object') call.arguments = args as Record<string, unknown>;
}
