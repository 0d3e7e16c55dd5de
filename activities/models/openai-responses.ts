// openai-responses.ts: the same through the Responses API, for providers that say so. Stateless: everything is sent each
// time and nothing is kept at the provider. What comes back is read by read-responses-stream.ts.

import { APIUserAbortError } from 'openai';
import type OpenAI from 'openai';
import type {
  FunctionTool,
  ResponseCreateParamsStreaming,
  ResponseInputItem,
} from 'openai/resources/responses/responses';
import { isObject } from '../text/json-values.ts';
import { signature } from './kept-reply.ts';
import type { CallOptions, ChatMessage, ModelReply, ModelRequest, ToolCall } from './provider.ts';
import { readResponses } from './read-responses-stream.ts';
import type { Features } from './request-features.ts';
import { serverEvents } from './server-events.ts';
import { heardBy } from './server-fetch.ts';

/** @param request as `fitRequest` makes it: with only those fields that the server takes. */
export async function askResponses(
  client: OpenAI,
  model: string,
  request: ModelRequest,
  features: Features,
  call: CallOptions,
): Promise<ModelReply> {
  const by = signature(client, 'responses', model);
  const response = await client.responses
    .create(paramsOf(model, request, features, by), {
      signal: call.signal,
      ...(call.headers ? { headers: call.headers } : {}),
      fetchOptions: heardBy(call.onBytes),
    })
    .asResponse();
  try {
    return await readResponses(serverEvents(response, call.onBytes), { request, client, by }, call);
  } catch (error) {
    if (call.signal.aborted) throw new APIUserAbortError();
    throw error;
  }
}

function paramsOf(
  model: string,
  { messages, tools = [], toolChoice = 'auto', format, maxOutputTokens }: ModelRequest,
  { format: form, strict, toolChoice: takesChoice, outputBound, store, sealed }: Features,
  own: string,
): ResponseCreateParamsStreaming {
  return {
    model,
    input: messages.flatMap((one) => asItems(one, own)),
    stream: true,
    ...(store ? { store: false } : {}),
    ...(sealed ? { include: ['reasoning.encrypted_content' as const] } : {}),
    ...(tools.length > 0
      ? {
          // Not strict, as in chat: schemas of MCP servers don't suit it, and arguments are checked anyway.
          tools: tools.map((tool) => ({
            type: 'function' as const,
            ...(strict ? { strict: false } : {}),
            ...tool,
          })) as FunctionTool[],
          ...(takesChoice ? { tool_choice: toolChoice } : {}),
        }
      : {}),
    ...(format && form === 'json_schema'
      ? { text: { format: { type: 'json_schema' as const, ...(strict ? { strict } : {}), ...format } } }
      : format && form === 'json_object'
        ? { text: { format: { type: 'json_object' as const } } }
        : {}),
    ...(maxOutputTokens !== undefined && outputBound !== 'none' ? { max_output_tokens: maxOutputTokens } : {}),
  };
}

/** @param own who is asked: what was kept of it goes back. */
function asItems(message: ChatMessage, own: string): ResponseInputItem[] {
  if (message.role === 'tool')
    return [{ type: 'function_call_output', call_id: message.callId, output: message.content }];
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  const kept = message.role === 'assistant' ? message.from?.kept : undefined;
  if (kept?.by === own && Array.isArray(kept.message)) return keptItems(kept.message.filter(isObject), calls);
  // Said of each: some servers know an item by its type alone, and refuse what the model said before without it.
  const said: ResponseInputItem[] =
    message.content === '' ? [] : [{ type: 'message', role: message.role, content: message.content }];
  return [...said, ...calls.map((call) => callItem(call, {}))];
}

/** The items of an earlier reply as they came. Without storage, a reasoning that holds nothing is unknown to the server. */
function keptItems(items: Record<string, unknown>[], calls: readonly ToolCall[]): ResponseInputItem[] {
  const isEmpty = ({ type, encrypted_content: sealed, content }: Record<string, unknown>): boolean =>
    type === 'reasoning' && !sealed && !(Array.isArray(content) && content.length > 0);
  const areWhole = !items.some(isEmpty);
  const asSent = items
    .filter((item) => !isEmpty(item))
    .flatMap((item): Record<string, unknown>[] => {
      if (item.type !== 'function_call') {
        const { id, ...rest } = withoutNulls(item);
        // An item that belongs to one that is gone must not name itself.
        return [areWhole && id !== undefined ? { id, ...rest } : rest];
      }
      const call = calls.find((one) => isObject(one.kept) && one.kept.at === item.at);
      return call && isObject(call.kept) ? [{ ...callItem(call, isObject(call.kept.more) ? call.kept.more : {}) }] : [];
    });
  return asSent as unknown as ResponseInputItem[];
}

const withoutNulls = (item: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));

const callItem = (call: ToolCall, more: Record<string, unknown>): ResponseInputItem => ({
  ...withoutNulls(more),
  type: 'function_call',
  call_id: call.id,
  name: call.name,
  arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
});
