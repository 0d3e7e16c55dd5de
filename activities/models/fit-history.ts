// fit-history.ts: a conversation as any provider takes it, whoever said its parts: arguments are JSON objects, no message of the
// model is empty, the system speaks once and first, and what only one provider understands goes to no other. Pure.

import { createHash } from 'node:crypto';
import { finalText } from '../text/final-text.ts';
import { isObject, mended, oneObject, parsed } from '../text/json-values.ts';
import type { ChatMessage, ReplyOrigin, ToolCall } from './provider.ts';

/** Stands for a message of the model in which there was nothing: many refuse an empty one. */
const NOTHING = '(no answer)';

/**
 * The messages for one model. Ids of calls get the one form that all providers take, but for those that mean something to this
 * model itself; what another sent beside its words and calls is left out.
 */
export function fitHistory(messages: readonly ChatMessage[], model: string): ChatMessage[] {
  let ids = new Map<string, string>();
  const fitted = messages.map((message, at): ChatMessage => {
    if (message.role === 'tool') return { ...message, callId: ids.get(message.callId) ?? message.callId };
    if (message.role !== 'assistant') return message;
    const isForeign = message.from !== undefined && message.from.model !== model;
    const { toolCalls: made = [], content, from } = message;
    ids = new Map(
      made.map((call) => [call.id, !isForeign && isMeant(call, from) ? call.id : shortId(`${at}/${call.id}`)]),
    );
    const toolCalls = made.map(({ id, name, arguments: args, kept }) => ({
      id: ids.get(id) ?? id,
      name,
      arguments: argumentsText(args),
      ...(kept === undefined || isForeign ? {} : { kept }),
    }));
    const text = isForeign ? finalText(content) : content;
    return {
      role: 'assistant',
      content: text.trim() === '' ? (toolCalls.length > 0 ? '' : NOTHING) : text,
      ...(toolCalls.length > 0 ? { toolCalls } : {}),
      ...(from && !isForeign ? { from } : {}),
    };
  });
  return systemFirst(fitted);
}

/** Whether an id says more than which call it is: something else refers to it, or it names the tool, as some models are taught. */
const isMeant = ({ id, name, kept }: ToolCall, from: ReplyOrigin | undefined): boolean =>
  kept !== undefined || from?.kept !== undefined || id.includes(name) || /^[a-zA-Z0-9]{9}$/.test(id);

/** What the system says anywhere, as one message before all others: chat templates know no other place. */
function systemFirst(messages: readonly ChatMessage[]): ChatMessage[] {
  const said = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  if (said.length === 0 || (said.length === 1 && messages[0]?.role === 'system')) return [...messages];
  return [{ role: 'system', content: said.join('\n\n') }, ...messages.filter(({ role }) => role !== 'system')];
}

/** An id for a tool call in the form that all providers take: nine letters and digits. The same for the same words. */
export function shortId(words: string): string {
  const number = BigInt(`0x${createHash('sha256').update(words).digest('hex').slice(0, 16)}`);
  return number.toString(36).padStart(9, '0').slice(-9);
}

/** The arguments of a call as the JSON of an object: as they were said where they are that. */
function argumentsText(args: ToolCall['arguments']): string {
  const object = argumentsObject(args);
  return typeof args === 'string' && /^\s*\{/.test(args) && parsed(args) !== undefined ? args : JSON.stringify(object);
}

/** The arguments of a call as an object; what can't be read stands in one as it was said. */
function argumentsObject(args: ToolCall['arguments']): Record<string, unknown> {
  if (isObject(args)) return args;
  if (args.trim() === '') return {};
  try {
    const value = mended(args);
    return oneObject(value) ?? (value === null ? {} : { unreadable: args });
  } catch {
    return { unreadable: args };
  }
}
