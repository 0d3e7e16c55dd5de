// asks-first.ts: a goal that says to ask somebody is asked first, where a tool for that is offered. What they reply is searched
// for with the rest of the goal.

import type { ChatMessage, Reply, ToolSpec } from '../../wire.ts';
import { textOf } from '../../wire.ts';
import { asObject } from './passages.ts';
import { looseJson } from './prompt.ts';

/** A goal in two: what is to be asked, and what is left to be done with the reply. */
export interface AsksFirst {
  question: string;
  /** "which one: A, B or C" */
  choices: string[];
  rest: string;
}

const ASKS =
  /(?:^|(?<=[.;!?]\s))\s*(?:first,? )?(?:please )?ask (?:me|us|somebody|someone|a person) (?<what>[^.;?!]+?)(?:\s*[.;?!]+(?=\s|$)|,? (?:and )?then\b,?|$)/i;

/** Undefined for a goal that says nothing of asking. */
export function asksFirst(goal: string): AsksFirst | undefined {
  const match = ASKS.exec(goal);
  const what = match?.groups?.what?.trim();
  if (!match || !what) return undefined;
  const [asked = '', listed] = what.split(/:\s*/, 2);
  const choices = (listed ?? '')
    .split(/,\s*(?:or |and )?|\s+or\s+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const rest = `${goal.slice(0, match.index)} ${goal.slice(match.index + match[0].length)}`.replace(/\s+/g, ' ').trim();
  const question = `${asked.charAt(0).toUpperCase()}${asked.slice(1)}?`;
  return { question, choices: choices.length > 1 ? choices : [], rest: rest === '' ? goal : rest };
}

/** The call that asks. */
export function askCall({ question, choices }: AsksFirst, tool: ToolSpec): Reply['toolCalls'][number] {
  const { properties = {}, required = [] } = tool.function.parameters ?? {};
  const args: Record<string, unknown> = { question };
  if (choices.length > 0 && properties.choices) args.choices = choices;
  for (const name of required) args[name] ??= null;
  return { name: tool.function.name, arguments: JSON.stringify(args) };
}

/** What came back of the first such call: the reply, or that there is none; undefined while nothing was asked. */
export function replyOf(after: readonly ChatMessage[], tool: ToolSpec): { reply?: string } | undefined {
  const calls = after.flatMap(({ tool_calls: made = [] }) => made);
  const call = calls.find((one) => one.function.name === tool.function.name);
  if (!call) return undefined;
  const result = after.find((message) => message.role === 'tool' && message.tool_call_id === call.id);
  const { reply } = asObject(result && looseJson(textOf(result)));
  return typeof reply === 'string' ? { reply } : {};
}
