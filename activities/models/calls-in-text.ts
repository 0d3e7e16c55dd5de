// calls-in-text.ts: tool calls that a server left in the text, in the markup of its model's dialect, or that a model wrote because
// it was told to. Read only where the text ends with them and they name tools that were offered: words about a call are no call.

import { isObject, jsonSlices, oneObject, parsed, repaired } from '../text/json-values.ts';
import { withoutMarks, withoutThinking } from '../text/final-text.ts';
import { callsInPython, type PythonCall } from './calls-in-python.ts';
import { toolNamed } from './tool-named.ts';
import type { ModelReply, ToolCall, ToolSchema } from './provider.ts';

type Found = PythonCall;

export interface CallsFound {
  calls: ToolCall[];
  /** The words before them. */
  text: string;
}

/**
 * The calls that a reply's text ends with; where it says nothing, those that its thinking ends with, as some servers take a call
 * for that. Undefined when there are none.
 *
 * @param reasoning what came in a field of its own.
 */
export function callsInText(text: string, tools: readonly ToolSchema[], reasoning = ''): CallsFound | undefined {
  if (tools.length === 0) return undefined;
  const said = withoutThinking(text.replace(THOUGHT_CHANNEL, ''));
  const thought = (): string => (text.trim() === '' ? reasoning : said.trim() === '' ? withoutMarks(text) : '');
  const found = callsAtEnd(said, tools) ?? callsAtEnd(thought(), tools);
  return found && said.trim() === '' ? { ...found, text: '' } : found;
}

function callsAtEnd(said: string, tools: readonly ToolSchema[]): CallsFound | undefined {
  if (said.trim() === '') return undefined;
  for (const found of [inTags(said, tools), callsInPython(said, tools, isOnlyMarkup), inJson(said, tools)]) {
    const [first, last] = [found[0], found.at(-1)];
    if (!first || !last || !isOnlyMarkup(said.slice(last.end))) continue;
    return {
      calls: found.map(({ call: { name, arguments: args } }) => ({ id: '', name, arguments: JSON.stringify(args) })),
      text: said
        .slice(0, first.from)
        .replace(/<[^<>]*$/, '')
        .replace(OPENING, '')
        .trim(),
    };
  }
  return undefined;
}

/** A reply of a model that was told to write its calls, since its server takes no tools. */
export function withCallsInText(reply: ModelReply, tools: readonly ToolSchema[]): ModelReply {
  if (reply.toolCalls.length > 0) return reply;
  const { reasoning, ...rest } = reply;
  const found = callsInText(reply.text, tools, reasoning);
  return found ? { ...rest, text: found.text, toolCalls: found.calls } : reply;
}

/** Whether a text has the looks of a tool call that can't be read as one. */
export const looksLikeCall = (text: string, names: readonly string[]): boolean =>
  /tool[_▁ ]?(?:calls?|code)\b|function[_▁ ]?calls?\b|<function|<invoke|python_tag|to=functions/i.test(text) &&
  names.some((name) => text.includes(name));

/** A channel that only thinks: calls are made in others, or are addressed. */
const THOUGHT_CHANNEL = /<\|channel\|>analysis\s*<\|message\|>[^]*?(?=<\|start\|>|<\|channel\|>|$)/gi;
const TAGS = /<[^<>]{1,80}>|\[\/?[A-Z_]{3,20}\]|```[a-z]*/g;
/** What stands around a call: tags, special tokens, fences and the dialects' words for the role and the channel. */
const isOnlyMarkup = (text: string): boolean => text.replace(TAGS, '').trim() === '';
const OPENING =
  /(?:\s|<[^<>]{1,80}>?|\[[A-Z_]{3,20}\]|```[a-z_]*|to=[\w.]*|functions?\b\.?|assistant|commentary|json)+$/;

/** `<function=NAME><parameter=KEY>…</parameter></function>` and `<invoke name="NAME"><parameter name="KEY">…`. */
const TAGGED = /<(function|invoke|tool)(?:=|\s+name=)"?([\w.:-]+)"?\s*>([^]*?)<\/\1>/g;
const PARAMETER = /<(parameter|param|arg)(?:=|\s+name=)"?([\w-]+)"?[^>]*>\n?([^]*?)\n?<\/\1>/g;

function inTags(text: string, tools: readonly ToolSchema[]): Found[] {
  const found: Found[] = [];
  for (const { 0: whole, 2: said = '', 3: inside = '', index } of text.matchAll(TAGGED)) {
    const tool = toolOf(said, tools);
    const given = [...inside.matchAll(PARAMETER)];
    if (!tool || (given.length === 0 && inside.trim() !== '')) return [];
    const args = Object.fromEntries(given.map(({ 2: key = '', 3: value = '' }) => [key, typed(value, key, tool)]));
    found.push({ call: { name: tool.name, arguments: args }, from: index, end: index + whole.length });
  }
  return found;
}

/** A value in tags has no type: text where the tool's schema says so, else what it is as JSON. */
function typed(value: string, key: string, { parameters }: ToolSchema): unknown {
  const properties = isObject(parameters.properties) ? parameters.properties : {};
  const one = properties[key];
  return isObject(one) && one.type === 'string' ? value : (parsed(value.trim()) ?? value);
}

/** Objects that are calls, or arguments behind the name of a tool within markup: all from the first one on. */
function inJson(text: string, tools: readonly ToolSchema[]): Found[] {
  const found: Found[] = [];
  let before = 0;
  const { slices, isOpen } = jsonSlices(text);
  if (isOpen) return [];
  for (const slice of slices) {
    // `[TOOL_CALLS]` and the like are marks, no lists.
    if (/^\[\/?[A-Z_]{3,20}\]$/.test(slice)) continue;
    const from = text.indexOf(slice, before);
    const gap = text.slice(before, from);
    before = from + slice.length;
    const value = parsed(slice) ?? repaired(slice);
    const calls = (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) => callIn(one, tools));
    const named = calls.every((call) => call !== undefined) ? undefined : namedBefore(gap, value, tools);
    const all = named ? [named] : calls;
    if (all.length === 0 || !all.every((call) => call !== undefined)) {
      found.length = 0;
      continue;
    }
    for (const call of all)
      found.push({ call, from: named ? from - gap.length + nameAt(gap, call.name) : from, end: before });
  }
  return found;
}

const nameAt = (gap: string, name: string): number => Math.max(0, gap.lastIndexOf(name));

/** `{ "name": …, "arguments": … }` in the words of the dialects. */
function callIn(value: unknown, tools: readonly ToolSchema[]): Found['call'] | undefined {
  if (!isObject(value)) return undefined;
  const one = isObject(value.function) ? value.function : value;
  const name = [one.name, one.tool, one.tool_name, one.function, one.recipient_name].find(
    (said) => typeof said === 'string',
  );
  const tool = typeof name === 'string' ? toolOf(name, tools) : undefined;
  const given = one.arguments ?? one.parameters ?? one.args ?? one.input ?? one.tool_input;
  const args = oneObject(typeof given === 'string' ? parsed(given) : given);
  return tool && args ? { name: tool.name, arguments: args } : undefined;
}

/** Arguments whose tool is named by the markup before them, with nothing but marks between. */
function namedBefore(gap: string, value: unknown, tools: readonly ToolSchema[]): Found['call'] | undefined {
  if (!isObject(value)) return undefined;
  const head = gap.slice(-300);
  const tool = tools.find(
    ({ name }) =>
      new RegExp(
        `(?:[<>\\]|=.:｜]|^)\\s*"?${name.replace(/[^\w]/g, '\\$&')}"?(?::\\d+)?(?:\\s|<[^<>]{0,60}>|\\[[A-Z_]{3,20}\\]|>|\`\`\`|json\\b)*$`,
      ).test(head) && /[<\]|=｜]/.test(head),
  );
  return tool ? { name: tool.name, arguments: value } : undefined;
}

function toolOf(said: string, tools: readonly ToolSchema[]): ToolSchema | undefined {
  const name = toolNamed(
    [said],
    tools.map((one) => one.name),
  );
  return tools.find((one) => one.name === name);
}
