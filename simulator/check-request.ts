// check-request.ts: what makes a chat request malformed. Throws ApiError 400 with the parameter's name.

import { badRequest } from './api-error.ts';
import type { ChatMessage, ChatRequest } from './wire.ts';

const ROLES = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses a body. @throws ApiError 400 */
export function parseBody(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('We could not parse the JSON body of your request.');
  }
  if (!isObject(value)) throw badRequest('The body of your request must be a JSON object.');
  return value;
}

/** The body as a chat request. @throws ApiError 400 */
export function checkRequest(body: Record<string, unknown>): ChatRequest {
  if (typeof body.model !== 'string' || body.model === '') throw badRequest('You must provide a model.', 'model');
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    throw badRequest('You must provide a non-empty array of messages.', 'messages');
  }
  body.messages.forEach((message: unknown, index) => checkMessage(message, `messages[${index}]`));
  checkToolResults(body.messages as ChatMessage[]);
  const names = checkTools(body.tools);
  checkToolChoice(body.tool_choice, names);
  checkFormat(body.response_format);
  if (body.stream !== undefined && body.stream !== null && typeof body.stream !== 'boolean') {
    throw badRequest("'stream' must be a boolean.", 'stream');
  }
  return body as unknown as ChatRequest;
}

function checkMessage(message: unknown, at: string): void {
  if (!isObject(message)) throw badRequest(`'${at}' must be an object.`, at);
  if (typeof message.role !== 'string' || !ROLES.has(message.role)) {
    throw badRequest(`'${at}.role' must be one of ${[...ROLES].join(', ')}.`, `${at}.role`);
  }
  const { content } = message;
  const calls = message.tool_calls;
  if (calls !== undefined && calls !== null && !(Array.isArray(calls) && calls.every(isToolCall))) {
    throw badRequest(`'${at}.tool_calls' must be an array of function calls.`, `${at}.tool_calls`);
  }
  const missing = content === undefined || content === null;
  if (missing && message.role !== 'assistant') {
    throw badRequest(`'${at}.content' is missing.`, `${at}.content`);
  }
  if (!missing && typeof content !== 'string' && !(Array.isArray(content) && content.every(isObject))) {
    throw badRequest(`'${at}.content' must be a string or an array of parts.`, `${at}.content`);
  }
  if (message.role === 'tool' && typeof message.tool_call_id !== 'string') {
    throw badRequest(`'${at}.tool_call_id' is missing.`, `${at}.tool_call_id`);
  }
}

const isToolCall = (call: unknown): boolean =>
  isObject(call) && typeof call.id === 'string' && isObject(call.function) && typeof call.function.name === 'string';

/** Each tool result follows a call of that id, and each call has its result: OpenAI refuses anything else. */
function checkToolResults(messages: ChatMessage[]): void {
  let open = new Set<string>();
  messages.forEach((message, index) => {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id ?? '')) {
        throw badRequest(
          `'messages[${index}]': a message with role 'tool' must answer a preceding message with 'tool_calls'.`,
          `messages[${index}].tool_call_id`,
        );
      }
      return;
    }
    if (open.size > 0) throw unanswered(open);
    open = new Set((message.tool_calls ?? []).map((call) => call.id));
  });
  if (open.size > 0) throw unanswered(open);
}

const unanswered = (ids: Set<string>): Error =>
  badRequest(
    `An assistant message with 'tool_calls' must be followed by tool messages answering each. Missing: ${[...ids].join(', ')}.`,
    'messages',
  );

function checkTools(tools: unknown): Set<string> {
  const names = new Set<string>();
  if (tools === undefined || tools === null) return names;
  if (!Array.isArray(tools)) throw badRequest("'tools' must be an array.", 'tools');
  tools.forEach((tool: unknown, index) => {
    const spec = isObject(tool) ? tool.function : undefined;
    if (!isObject(spec) || typeof spec.name !== 'string' || spec.name === '') {
      throw badRequest(`'tools[${index}].function.name' is missing.`, `tools[${index}].function.name`);
    }
    if (spec.parameters !== undefined && spec.parameters !== null && !isObject(spec.parameters)) {
      throw badRequest(
        `'tools[${index}].function.parameters' must be a schema.`,
        `tools[${index}].function.parameters`,
      );
    }
    names.add(spec.name);
  });
  return names;
}

function checkToolChoice(choice: unknown, names: Set<string>): void {
  if (choice === undefined || choice === null || choice === 'none' || choice === 'auto') return;
  if (choice === 'required') {
    if (names.size === 0) throw badRequest("'tool_choice' is 'required' but no tools are given.", 'tool_choice');
    return;
  }
  const named = isObject(choice) && isObject(choice.function) ? choice.function.name : undefined;
  if (typeof named !== 'string') {
    throw badRequest("'tool_choice' must be none, auto, required or a named function.", 'tool_choice');
  }
  if (!names.has(named)) throw badRequest(`Tool choice '${named}' is not among 'tools'.`, 'tool_choice');
}

function checkFormat(format: unknown): void {
  if (format === undefined || format === null) return;
  const type = isObject(format) ? format.type : undefined;
  if (type !== 'text' && type !== 'json_object' && type !== 'json_schema') {
    throw badRequest("'response_format.type' must be text, json_object or json_schema.", 'response_format');
  }
  if (type !== 'json_schema') return;
  const spec = (format as Record<string, unknown>).json_schema;
  if (!isObject(spec) || typeof spec.name !== 'string' || spec.name === '') {
    throw badRequest("'response_format.json_schema.name' is missing.", 'response_format.json_schema.name');
  }
}
