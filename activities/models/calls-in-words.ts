// calls-in-words.ts: the tool calls that a model wrote as it was told to, on a server that takes no tools. Read only where
// they were asked for in words: elsewhere such text may be a quote.

import { jsonrepair } from 'jsonrepair';
import type { ModelReply, ToolCall } from './provider.ts';

const CALL = /<tool_call>\s*([\s\S]*?)\s*(?:<\/tool_call>|$)/g;

export function callsInWords(reply: ModelReply): ModelReply {
  if (reply.toolCalls.length > 0) return reply;
  const calls = [...reply.text.matchAll(CALL)].flatMap(([, json = '']): ToolCall[] => {
    const value = valueOf(json) as { name?: unknown; arguments?: unknown; parameters?: unknown } | undefined;
    if (typeof value?.name !== 'string') return [];
    const given = value.arguments ?? value.parameters ?? {};
    return [{ id: '', name: value.name, arguments: typeof given === 'string' ? given : JSON.stringify(given) }];
  });
  return calls.length === 0 ? reply : { ...reply, text: reply.text.replace(CALL, '').trim(), toolCalls: calls };
}

function valueOf(json: string): unknown {
  try {
    return JSON.parse(jsonrepair(json));
  } catch {
    return undefined;
  }
}
