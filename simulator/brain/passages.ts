// passages.ts: what the tools have returned so far, read from the messages. What is in a passage is text, never a word
// to the brain.

import { textOf, type ChatMessage } from '../wire.ts';
import { TUNING } from './tuning.ts';
import { looseJson } from './prompt.ts';

export interface Passage {
  /** Unique place: source and line. */
  key: string;
  source: string;
  line: number;
  heading: string;
  text: string;
  /** How high the searches put it, for the whole question, for a part of it, and later: sums that fade with the rank. */
  ranks: { whole: number; part: number; later: number };
  /** Turn that first returned it, from 0. */
  turn: number;
}

export interface Read {
  source: string;
  text: string;
}

/** What has been done so far. */
export interface Trail {
  passages: Passage[];
  /** Queries asked so far. */
  queries: string[];
  reads: Read[];
  /** Turns with tool calls so far. */
  turns: number;
  /** Passages that the last turn returned and no turn before it. */
  news: number;
}

/** Follows the tool calls and their results through the messages. */
export function followTrail(after: ChatMessage[]): Trail {
  const trail: Trail = { passages: [], queries: [], reads: [], turns: 0, news: 0 };
  const byKey = new Map<string, Passage>();
  const calls = new Map<string, Record<string, unknown>>();
  const kinds = new Map<string, keyof Passage['ranks']>();
  for (const message of after) {
    if (message.role === 'assistant' && message.tool_calls && message.tool_calls.length > 0) {
      trail.turns += 1;
      trail.news = 0;
      for (const call of message.tool_calls) {
        const args = asObject(argumentsOf(call.function.arguments));
        calls.set(call.id, args);
        if (typeof args.query !== 'string') continue;
        trail.queries.push(args.query);
        kinds.set(call.id, trail.queries.length === 1 ? 'whole' : trail.turns === 1 ? 'part' : 'later');
      }
    }
    if (message.role !== 'tool') continue;
    const result = asObject(looseJson(textOf(message)));
    if (Array.isArray(result.passages))
      addFound(trail, byKey, result.passages, kinds.get(message.tool_call_id ?? '') ?? 'part');
    else if (typeof result.text === 'string') addRead(trail, result, calls.get(message.tool_call_id ?? ''));
  }
  return trail;
}

const NOWHERE: Passage['ranks'] = { whole: 0, part: 0, later: 0 };

function addFound(trail: Trail, byKey: Map<string, Passage>, found: unknown[], kind: keyof Passage['ranks']): void {
  found.forEach((item, index) => {
    const passage = asObject(item);
    if (typeof passage.text !== 'string' || typeof passage.source !== 'string' || passage.text === '') return;
    const line = asNumber(passage.line, 0);
    const place = line > 0 ? String(line) : typeof passage.id === 'string' ? passage.id : passage.text.slice(0, 80);
    add(trail, byKey, `${passage.source}#${place}`, {
      source: passage.source,
      line,
      heading: headingOf(passage.heading),
      text: passage.text,
      ranks: { ...NOWHERE, [kind]: 1 / (index + TUNING.fade[kind]) },
    });
  });
}

/** A read is kept beside the passages: it completes a sentence that a passage cuts. */
function addRead(trail: Trail, result: Record<string, unknown>, call: Record<string, unknown> | undefined): void {
  const source = typeof result.source === 'string' ? result.source : call?.source;
  if (typeof source === 'string') trail.reads.push({ source, text: String(result.text) });
}

type NewPassage = Omit<Passage, 'key' | 'turn'>;

function add(trail: Trail, byKey: Map<string, Passage>, key: string, passage: NewPassage): void {
  const known = byKey.get(key);
  if (known) {
    for (const kind of ['whole', 'part', 'later'] as const) known.ranks[kind] += passage.ranks[kind];
    return;
  }
  const added = { ...passage, key, turn: Math.max(0, trail.turns - 1) };
  byKey.set(key, added);
  trail.passages.push(added);
  trail.news += 1;
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
