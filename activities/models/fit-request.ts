// fit-request.ts: a request as a server takes it: what it knows no field for is said in words, and those stand where it takes
// words of the system. Pure.

import { block, jsonBlock } from '../text/blocks.ts';
import type { ChatMessage, ModelRequest } from './provider.ts';
import type { Features } from './request-features.ts';

/** The request with only those fields that the server takes. The same request and features give the same. */
export function fitRequest(request: ModelRequest, features: Features): ModelRequest {
  const { tools = [], format, messages, inWords: wanted, ...rest } = request;
  const hasTools = tools.length > 0 && features.tools === 'native';
  // A server that holds the model to a format leaves no room for a call in words.
  const mayCallInWords = tools.length > 0 && !hasTools && request.toolChoice !== 'none';
  const hasFormat =
    format && features.format !== 'words' && !mayCallInWords && (!hasTools || features.formatBesideTools);
  const words = [
    ...(tools.length > 0 && !hasTools ? [toolsInWords(request)] : []),
    ...(format && (!(hasFormat && features.format === 'json_schema') || wanted === 'schema')
      ? [schemaInWords(format, tools.length > 0)]
      : []),
  ];
  const spoken = tools.length > 0 && !hasTools ? messages.map(inWords) : messages;
  return {
    ...rest,
    messages: placed(features.own ? spoken : spoken.map(withoutOwn), words, features.system),
    ...(hasTools ? { tools } : {}),
    ...(hasFormat ? { format } : {}),
  };
}

/** What a request wants said in words is not asked for in another way, though the server takes it. */
export function asWanted({ inWords, tools = [] }: ModelRequest, features: Features): Features {
  if (inWords === undefined || inWords === 'schema' || tools.length === 0) return features;
  return { ...features, formatBesideTools: false, ...(inWords === 'tools' ? { tools: 'words' as const } : {}) };
}

const schemaInWords = ({ name, schema }: NonNullable<ModelRequest['format']>, hasTools: boolean): string =>
  `${hasTools ? 'When you call no tool, answer' : 'Answer'} with one JSON object that fits this schema and nothing else:\n${jsonBlock('schema', { title: name, ...schema })}`;

function toolsInWords({ tools = [], toolChoice }: ModelRequest): string {
  if (toolChoice === 'none') return 'No tool can be called any more.';
  const form = '<tool_call>{"name": "…", "arguments": {…}}</tool_call>';
  return `You can call these tools, each with arguments that fit its schema. To call one, write ${form} and nothing else; several calls stand one after the other.\n${jsonBlock('tools', tools)}`;
}

/** Without what its server sent beside words and calls. */
function withoutOwn(message: ChatMessage): ChatMessage {
  if (message.role !== 'assistant') return message;
  const { from: _from, toolCalls, ...rest } = message;
  return { ...rest, ...(toolCalls ? { toolCalls: toolCalls.map(({ kept: _kept, ...call }) => call) } : {}) };
}

function inWords(message: ChatMessage): ChatMessage {
  if (message.role === 'tool') return { role: 'user', content: block('tool_result', message.content) };
  if (message.role !== 'assistant' || !message.toolCalls?.length) return message;
  const calls = message.toolCalls.map(({ name, arguments: given }) => {
    const args = typeof given === 'string' ? given : JSON.stringify(given);
    return `<tool_call>{"name": ${JSON.stringify(name)}, "arguments": ${args.trim() || '{}'}}</tool_call>`;
  });
  return { role: 'assistant', content: [message.content, ...calls].filter((part) => part !== '').join('\n') };
}

/** Words of the system, put where the server takes them. */
function placed(messages: readonly ChatMessage[], words: readonly string[], where: Features['system']): ChatMessage[] {
  if (where === 'anywhere') return [...messages, ...words.map((content): ChatMessage => ({ role: 'system', content }))];
  const said = [...messages.flatMap((one) => (one.role === 'system' ? [one.content] : [])), ...words];
  const others = messages.filter(({ role }) => role !== 'system');
  if (said.length === 0) return others;
  const content = said.join('\n\n');
  if (where === 'first') return [{ role: 'system', content }, ...others];
  const [first, ...behind] = others;
  return first?.role === 'user'
    ? [{ ...first, content: `${content}\n\n${first.content}` }, ...behind]
    : [{ role: 'user', content }, ...others];
}
