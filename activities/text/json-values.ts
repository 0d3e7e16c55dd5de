// json-values.ts: JSON as models write it: among words, quoted once more, wrapped in a list of one, or slightly broken.
// Knows no schema: what fits is judged by whoever asks.

import { jsonrepair } from 'jsonrepair';

/** Openings without an end that are tried in one text: each is looked for to the text's end. */
const MAX_UNCLOSED = 40;
/** How often JSON is quoted as a string in JSON. */
const MAX_QUOTED = 3;

/** The beginning of an object that has at least begun to name its first field. */
const BEGINNING = /^\{\s*(?:$|"[^"]{0,70}(?:$|"\s*(?:$|:)))/;

/**
 * The objects and lists that stand in a text, each whole, none within another, in their order.
 *
 * @returns `isOpen` when an object begins that has no end: what stands before it is not the last word, and what stands in it
 *   is a part.
 */
export function jsonSlices(text: string): { slices: string[]; isOpen: boolean } {
  const slices: string[] = [];
  let isOpen = false;
  let unclosed = 0;
  for (let at = nextOpening(text, 0); at >= 0 && unclosed < MAX_UNCLOSED;) {
    const end = endOf(text, at);
    if (end === undefined) {
      unclosed += 1;
      isOpen ||= BEGINNING.test(text.slice(at, at + 80));
      at = nextOpening(text, at + 1);
      continue;
    }
    slices.push(text.slice(at, end));
    at = nextOpening(text, end);
  }
  return { slices, isOpen };
}

function nextOpening(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === '{' || text[at] === '[') return at;
  return -1;
}

/** Just behind the bracket that closes the one at `from`; undefined when none does. */
export function endOf(text: string, from: number): number | undefined {
  let depth = 0;
  let isQuoted = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** The value of a text that is JSON, also where it is quoted once more; undefined when it is none. */
export function parsed(text: string): unknown {
  let value: unknown = text;
  for (let depth = 0; typeof value === 'string' && depth < MAX_QUOTED; depth += 1) {
    try {
      value = JSON.parse(value);
    } catch {
      // A string in JSON is a value, too.
      return depth === 0 ? undefined : value;
    }
  }
  return value;
}

/** Found beside strings, which may hold anything: the most frequent slip, and one that needs no guess. */
const COMMA_TOO_MANY = /"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g;

/** The value of a text that begins and ends as JSON does and is nearly that. Never closes what was left open. */
export function repaired(text: string): unknown {
  const whole = text.trim();
  if (!/^[{[][^]*[}\]]$/.test(whole)) return undefined;
  try {
    return (
      parsed(whole.replace(COMMA_TOO_MANY, (one) => (one.startsWith('"') ? one : ''))) ?? parsed(jsonrepair(whole))
    );
  } catch {
    return undefined;
  }
}

/** The value of a text that is nearly JSON, also of one that was left open. @throws Error that says why it is none. */
export function mended(text: string): unknown {
  const value = parsed(text);
  return value === undefined ? parsed(jsonrepair(text)) : value;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The one object that a value is, or that stands alone in a list; undefined for anything else. */
export function oneObject(value: unknown): Record<string, unknown> | undefined {
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isObject(one) ? one : undefined;
}
