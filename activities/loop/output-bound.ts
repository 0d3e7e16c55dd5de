// output-bound.ts: how many tokens one output may have: enough for its schema and for thinking before it, and no more than a
// turn's share of what the class allows. A server that knows no end of its own must not write for ever. Pure.

import type { SubtaskLimits } from '../../protocol/classes.ts';

/** For models that think before they write it, and for a call of a tool. */
const BESIDE = 4_096;
/** Of what a schema leaves open. */
const USUAL_ITEMS = 10;
const USUAL_CHARS = 240;
const CHARS_A_TOKEN = 3;
/** Deeper than this, a schema refers to itself. */
const MAX_DEPTH = 12;

/**
 * Tokens of the next output at most.
 * @param cutShort outputs before it that this bound cut off: each gives the next one twice as much.
 */
export function outputBound(
  schema: Record<string, unknown>,
  { tokens, turns }: Pick<SubtaskLimits, 'tokens' | 'turns'>,
  cutShort = 0,
): number {
  const asked = (BESIDE + 2 * Math.ceil(charsOf(schema) / CHARS_A_TOKEN)) * 2 ** Math.min(cutShort, 8);
  const share = Math.max(BESIDE, Math.floor(tokens / turns)) * 2 ** Math.min(cutShort, 8);
  return Math.max(1, Math.min(asked, share, tokens));
}

function charsOf(schema: unknown, depth = 0): number {
  if (schema === null || typeof schema !== 'object' || depth > MAX_DEPTH) return USUAL_CHARS;
  const { type, properties, items, anyOf, oneOf, maxLength, maxItems } = schema as Partial<Record<string, unknown>>;
  if (properties !== null && typeof properties === 'object')
    return Object.entries(properties).reduce((sum, [name, one]) => sum + name.length + 4 + charsOf(one, depth + 1), 2);
  if (items !== undefined) return Math.min(numberOr(maxItems, USUAL_ITEMS), USUAL_ITEMS) * charsOf(items, depth + 1);
  const either = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
  if (either.length > 0) return Math.max(...either.map((one) => charsOf(one, depth + 1)));
  if (type === 'string') return Math.min(numberOr(maxLength, USUAL_CHARS), 4 * USUAL_CHARS);
  return type === 'object' ? 4 * USUAL_CHARS : 12;
}

const numberOr = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
