// in-words.ts: a request that says in words what it has no field for, as clients ask servers that take no response format or
// no tools: `<schema>` holds the answer's schema, named by its title; `<tools>` holds the tools, called as `<tool_call>`.

import { looseJson } from './brain/request/prompt.ts';
import { textOf, type ChatMessage, type ChatRequest, type JsonSchema, type Reply, type ToolSpec } from './wire.ts';

const CALL = /<tool_call>\s*([\s\S]*?)\s*<\/tool_call>/g;
const RESULT = /^<tool_result>\n([\s\S]*)\n<\/tool_result>$/;

export interface InWords {
  /** The same request with the fields that its words stand for. */
  request: ChatRequest;
  /** What the model says to that, as the words ask for it. */
  say(reply: Reply): Reply;
}

export function readInWords(request: ChatRequest): InWords {
  const told = request.messages.filter(({ role }, at) => role === 'system' || role === 'developer' || at === 0);
  const words = told.map(textOf).join('\n');
  const schema = blockIn(words, 'schema') as (JsonSchema & { title?: string }) | undefined;
  const listed = request.tools?.length ? undefined : (blockIn(words, 'tools') as ToolSpec['function'][] | undefined);
  const hasSchema = schema?.title !== undefined && !request.response_format?.json_schema;
  const tools = Array.isArray(listed)
    ? listed.map((one): ToolSpec => ({ type: 'function', function: one }))
    : undefined;
  const spoken = !request.tools?.length && request.messages.some(isSpoken);
  return {
    request: {
      ...request,
      ...(spoken ? { messages: request.messages.map(unspoken) } : {}),
      ...(tools ? { tools } : {}),
      ...(hasSchema
        ? { response_format: { type: 'json_schema', json_schema: { name: schema.title ?? '', schema } } }
        : {}),
    },
    say: (reply) =>
      tools && reply.toolCalls.length > 0
        ? { content: [reply.content, ...reply.toolCalls.map(asWords)].filter(Boolean).join('\n'), toolCalls: [] }
        : reply,
  };
}

function blockIn(words: string, tag: string): unknown {
  const at = words.lastIndexOf(`<${tag}>\n`);
  const end = words.indexOf(`\n</${tag}>`, at);
  return at < 0 || end < 0 ? undefined : looseJson(words.slice(at + tag.length + 2, end));
}

const asWords = ({ name, arguments: given }: Reply['toolCalls'][number]): string =>
  `<tool_call>{"name": ${JSON.stringify(name)}, "arguments": ${given}}</tool_call>`;

const isSpoken = (message: ChatMessage): boolean =>
  message.role === 'user'
    ? RESULT.test(textOf(message))
    : message.role === 'assistant' && textOf(message).includes('<tool_call>');

function unspoken(message: ChatMessage, at: number): ChatMessage {
  if (!isSpoken(message)) return message;
  const text = textOf(message);
  if (message.role === 'user')
    return { role: 'tool', tool_call_id: `in-words-${at}`, content: RESULT.exec(text)?.[1] ?? '' };
  const calls = [...text.matchAll(CALL)].map(([, json = ''], n) => {
    const { name, arguments: given } = (looseJson(json) ?? {}) as { name?: string; arguments?: unknown };
    return {
      id: `in-words-${at}-${n}`,
      type: 'function' as const,
      function: { name: name ?? '', arguments: JSON.stringify(given ?? {}) },
    };
  });
  return { role: 'assistant', content: text.replace(CALL, '').trim(), tool_calls: calls };
}
