// untrusted-schema.ts: the JSON Schema of a tool from outside, made fit to be shown to a model, or the reason why not:
// bounded in size and depth, no words in it that a person would not see, nothing fetched.

import type { JsonSchema } from '../strict-schema.ts';
import { visibleText } from '../../../documents/extract/visible-text.ts';

const MAX_BYTES = 20_000;
/** Schemas inside each other; each is two levels of JSON, a keyword and a name. */
const MAX_DEPTH = 10;
const MAX_KEY_CHARS = 64;
const MAX_WORDS_CHARS = 300;
/**
 * What says what an argument may be. Everything else is words: for people, or hints that models take as orders to fill
 * in (`title`, `examples`, `default`, keywords that nobody knows).
 */
const KEPT = new Set(
  (
    'type properties required items prefixItems additionalProperties enum const description format pattern minimum ' +
    'maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems ' +
    'minProperties maxProperties anyOf oneOf allOf not $ref $defs definitions nullable'
  ).split(' '),
);

class Unfit extends Error {}

/** The schema as a model may see it, or why the tool is left out. */
export function untrustedSchema(schema: unknown): { schema: JsonSchema } | { problem: string } {
  try {
    const read = clean(schema, 2 * MAX_DEPTH, undefined);
    if (!isObject(read) || (read.type !== undefined && read.type !== 'object')) {
      return { problem: 'its input is not described as an object' };
    }
    const bytes = Buffer.byteLength(JSON.stringify(read));
    if (bytes > MAX_BYTES) return { problem: `its input schema is longer than ${MAX_BYTES / 1_000} kB` };
    return { schema: { properties: {}, ...read, type: 'object' } };
  } catch (error) {
    if (error instanceof Unfit) return { problem: error.message };
    throw error;
  }
}

function clean(value: unknown, room: number, key: string | undefined): unknown {
  if (room < 0) throw new Unfit(`its input schema is deeper than ${MAX_DEPTH} schemas`);
  if (typeof value === 'string') {
    const seen = visibleText(value);
    if (key === '$ref' && !seen.startsWith('#')) throw new Unfit('its input schema refers to another document');
    if (key === 'description') return seen.slice(0, MAX_WORDS_CHARS);
    if (seen.length > MAX_WORDS_CHARS) throw new Unfit('its input schema has a value that is longer than a value is');
    return seen;
  }
  if (Array.isArray(value)) return value.map((one) => clean(one, room - 1, undefined));
  if (!isObject(value)) return value;
  // Under `properties` a key is a name, not a keyword.
  const named = key === 'properties' || key === '$defs' || key === 'definitions';
  const kept: JsonSchema = {};
  for (const [name, inner] of Object.entries(value)) {
    if (!named && !KEPT.has(name)) continue;
    if (name.length > MAX_KEY_CHARS || visibleText(name) !== name || name === '__proto__') {
      throw new Unfit('a name in its input schema is too long or has invisible characters');
    }
    kept[name] = clean(inner, room - 1, named ? undefined : name);
  }
  return kept;
}

const isObject = (value: unknown): value is JsonSchema =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
