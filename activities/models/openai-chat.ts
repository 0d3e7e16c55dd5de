// openai-chat.ts: one call through Chat Completions, which all compatible servers share: streamed, with tools, and the
// schema in the form that the server takes. What comes back is read by read-chat-stream.ts.

import { APIUserAbortError } from 'openai';
import type OpenAI from 'openai';
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { isObject } from '../text/json-values.ts';
import { signature } from './kept-reply.ts';
import type { CallOptions, ChatMessage, ModelReply, ModelRequest } from './provider.ts';
import { readChat } from './read-chat-stream.ts';
import type { Features } from './request-features.ts';
import { serverEvents } from './server-events.ts';
import { heardBy } from './server-fetch.ts';

/** @param request as `fitRequest` makes it: with only those fields that the server takes. */
export async function askChat(
  client: OpenAI,
  model: string,
  request: ModelRequest,
  features: Features,
  call: CallOptions,
): Promise<ModelReply> {
  const by = signature(client, 'chat', model);
  const response = await client.chat.completions
    .create(chatParams(model, request, features, by), {
      signal: call.signal,
      ...(call.headers ? { headers: call.headers } : {}),
      fetchOptions: heardBy(call.onBytes),
    })
    .asResponse();
  try {
    return await readChat(serverEvents(response, call.onBytes), { request, client, by }, call);
  } catch (error) {
    if (call.signal.aborted) throw new APIUserAbortError();
    throw error;
  }
}

function chatParams(
  model: string,
  { messages, tools = [], toolChoice = 'auto', format, maxOutputTokens }: ModelRequest,
  { format: form, strict, toolChoice: takesChoice, streamUsage, outputBound }: Features,
  own: string,
): ChatCompletionCreateParamsStreaming {
  return {
    model,
    messages: messages.map((one) => asParam(one, own)),
    stream: true,
    ...(streamUsage ? { stream_options: { include_usage: true } } : {}),
    ...(tools.length > 0
      ? {
          tools: tools.map((tool) => ({ type: 'function' as const, function: { ...tool } })),
          ...(takesChoice ? { tool_choice: toolChoice } : {}),
        }
      : {}),
    ...(format && form === 'json_schema'
      ? { response_format: { type: 'json_schema' as const, json_schema: { ...format, ...(strict ? { strict } : {}) } } }
      : format && form === 'json_object'
        ? { response_format: { type: 'json_object' as const } }
        : {}),
    ...(maxOutputTokens !== undefined && outputBound !== 'none' ? { [outputBound]: maxOutputTokens } : {}),
  };
}

/** What this server sent beside a message's words and calls. */
function keptOf(message: ChatMessage, own: string): Record<string, unknown> {
  const kept = message.role === 'assistant' ? message.from?.kept : undefined;
  return kept && kept.by === own && isObject(kept.message) ? kept.message : {};
}

/** @param own who is asked: what was kept of it goes back. */
function asParam(message: ChatMessage, own: string): ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const kept = keptOf(message, own);
  if (!message.toolCalls?.length) return { content: message.content, ...kept, role: 'assistant' };
  return {
    content: message.content === '' ? null : message.content,
    ...kept,
    role: 'assistant',
    tool_calls: message.toolCalls.map((call) => {
      const more = isObject(call.kept) ? call.kept : {};
      const inner = isObject(more.function) ? more.function : {};
      return {
        ...more,
        id: call.id,
        type: 'function' as const,
        function: {
          ...inner,
          name: call.name,
          arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
        },
      };
    }),
  };
}
