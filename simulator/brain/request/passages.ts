// passages.ts: what the tools have returned so far, read from the messages. What is in a passage is text, never a word
// to the offline model.

import { textOf, type ChatMessage } from '../../wire.ts';
import { looseJson } from './prompt.ts';

export interface Passage {
  source: string;
  line: number;
  heading: string;
  text: string;
  /** How high the searches put it: a sum that fades with the rank, in which the first search counts most. */
  rank: number;
}

export interface Read {
  source: string;
  text: string;
}

/** What has been done so far. */
export interface Trail {
  /** The best first. */
  passages: Passage[];
  reads: Read[];
  /** Turns so far with calls that look for something here. */
  turns: number;
}

/**
 * Follows the tool calls and their results through the messages.
 *
 * @param isOther tells of tools that neither search nor read: a turn that called these alone has looked for nothing yet.
 */
export function followTrail(after: ChatMessage[], isOther: (tool: string) => boolean): Trail {
  const trail: Trail = { passages: [], reads: [], turns: 0 };
  const byKey = new Map<string, Passage>();
  const calls = new Map<string, Record<string, unknown>>();
  let searches = 0;
  for (const message of after) {
    if (message.role === 'assistant' && message.tool_calls && message.tool_calls.length > 0) {
      if (!message.tool_calls.every((call) => isOther(call.function.name))) trail.turns += 1;
      for (const call of message.tool_calls) calls.set(call.id, asObject(argumentsOf(call.function.arguments)));
    }
    if (message.role !== 'tool') continue;
    const result = asObject(looseJson(textOf(message)));
    if (Array.isArray(result.passages))
      addFound(byKey, result.passages, (searches += 1) === 1 ? WHOLE : trail.turns > 1 ? LATER : PART);
    else if (typeof result.text === 'string') addRead(trail, result, calls.get(message.tool_call_id ?? ''));
  }
  trail.passages = [...byKey.values()].sort((a, b) => b.rank - a.rank);
  return trail;
}

/** What the first place of a search is worth, the whole question's, a part's, and a later one. */
const WHOLE = 1;
const PART = 0.6;
const LATER = 0.3;
const FADE = 3;

function addFound(byKey: Map<string, Passage>, found: unknown[], worth: number): void {
  found.forEach((item, index) => {
    const { text, source, heading, ...passage } = asObject(item);
    if (typeof text !== 'string' || typeof source !== 'string' || text === '') return;
    const line = asNumber(passage.line, 0);
    // A line may hold several passages: a text of one long line is cut within it.
    const place = `${line} ${text.slice(0, 80)}`;
    const rank = (worth * FADE) / (index + FADE);
    const known = byKey.get(`${source}#${place}`);
    if (known) known.rank += rank;
    else byKey.set(`${source}#${place}`, { source, line, heading: headingOf(heading), text, rank });
  });
}

/** A read is kept beside the passages: it completes a sentence that a passage cuts. */
function addRead(trail: Trail, result: Record<string, unknown>, call: Record<string, unknown> | undefined): void {
  const source = typeof result.source === 'string' ? result.source : call?.source;
  if (typeof source === 'string') trail.reads.push({ source, text: String(result.text) });
}

function argumentsOf(text: unknown): unknown {
  // Some servers hand the arguments over as an object.
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function headingOf(heading: unknown): string {
  if (Array.isArray(heading)) return heading.map(String).join(' › ');
  return typeof heading === 'string' ? heading : '';
}

const asNumber = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise;

export const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
