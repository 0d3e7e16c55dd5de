// responses-request.ts: a Responses request as a chat request, so that the same model and the same checks serve both.
// Keeps no conversation: what refers to an earlier response is refused.

import { badRequest } from './api-error.ts';
import { checkRequest, isObject } from './check-request.ts';
import type { ChatRequest } from './wire.ts';

type Json = Record<string, unknown>;

/** The body of `POST /v1/responses` as a chat request. @throws ApiError 400 with the parameter's name */
export function chatOfResponses(body: Json): ChatRequest {
  for (const param of ['previous_response_id', 'conversation', 'prompt', 'background']) {
    if (body[param] !== undefined && body[param] !== null && body[param] !== false) {
      throw badRequest(`'${param}' is not supported: this server keeps no conversations. Send all items.`, param);
    }
  }
  const { model, instructions, tools, tool_choice: choice, text, stream } = body;
  const { parallel_tool_calls, max_output_tokens } = body;
  const messages = messagesOf(body.input);
  if (typeof instructions === 'string') messages.unshift({ role: 'system', content: instructions });
  return checkRequest({
    model,
    messages,
    ...(stream !== undefined && { stream }),
    ...(tools !== undefined && tools !== null && { tools: toolsOf(tools) }),
    ...(choice !== undefined && { tool_choice: choiceOf(choice) }),
    ...(isObject(text) && isObject(text.format) && { response_format: formatOf(text.format) }),
    ...(parallel_tool_calls !== undefined && { parallel_tool_calls }),
    ...(max_output_tokens !== undefined && { max_completion_tokens: max_output_tokens }),
  });
}

function messagesOf(input: unknown): Json[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  if (!Array.isArray(input) || input.length === 0) {
    throw badRequest("'input' must be a text or a non-empty array of items.", 'input');
  }
  const messages: Json[] = [];
  input.forEach((item: unknown, index) => addItem(messages, item, `input[${index}]`));
  return messages;
}

function addItem(messages: Json[], item: unknown, at: string): void {
  if (!isObject(item)) throw badRequest(`'${at}' must be an object.`, at);
  switch (item.type ?? 'message') {
    case 'message':
      messages.push({ role: item.role, content: item.content });
      return;
    case 'function_call': {
      const { call_id: id, name, arguments: args } = item;
      const call = { id, type: 'function', function: { name, arguments: args } };
      // Calls of one turn are items of their own here, and one message in chat.
      const last = messages.at(-1);
      if (last?.role === 'assistant') last.tool_calls = [...((last.tool_calls as Json[] | undefined) ?? []), call];
      else messages.push({ role: 'assistant', content: null, tool_calls: [call] });
      return;
    }
    case 'function_call_output':
      messages.push({ role: 'tool', tool_call_id: item.call_id, content: item.output });
      return;
    case 'reasoning':
      return;
    default:
      throw badRequest(`'${at}.type' ${JSON.stringify(item.type)} is not supported.`, `${at}.type`);
  }
}

function toolsOf(tools: unknown): Json[] {
  if (!Array.isArray(tools)) throw badRequest("'tools' must be an array.", 'tools');
  return tools.map((tool: unknown, index) => {
    if (!isObject(tool) || tool.type !== 'function') {
      throw badRequest(
        `'tools[${index}].type' must be function: this server runs no tools itself.`,
        `tools[${index}].type`,
      );
    }
    const { type, ...spec } = tool;
    return { type, function: spec };
  });
}

const choiceOf = (choice: unknown): unknown =>
  isObject(choice) && choice.type === 'function' ? { type: 'function', function: { name: choice.name } } : choice;

function formatOf({ type, ...spec }: Json): Json {
  return type === 'json_schema' ? { type, json_schema: spec } : { type };
}
