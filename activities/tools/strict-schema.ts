// strict-schema.ts: a zod schema as the JSON Schema that strict mode accepts, and the way back: a null that only stands
// for "left out" is taken out again before zod looks at it.

import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Keywords that providers' strict modes refuse; zod checks them all the same. */
const REFUSED = ['$schema', 'default', 'minLength', 'maxLength'];

const plain = new WeakMap<z.ZodType, JsonSchema>();

export function strictSchema(type: z.ZodType): JsonSchema {
  return strict(plainSchema(type));
}

/** The value without the nulls that stand for optional keys. */
export function dropNulls(value: unknown, type: z.ZodType): unknown {
  return drop(value, plainSchema(type));
}

function plainSchema(type: z.ZodType): JsonSchema {
  const known = plain.get(type);
  if (known) return known;
  const made = z.toJSONSchema(type, { io: 'input' }) as JsonSchema;
  plain.set(type, made);
  return made;
}

function strict(schema: JsonSchema): JsonSchema {
  const kept = Object.fromEntries(Object.entries(schema).filter(([key]) => !REFUSED.includes(key)));
  // zod bounds every integer by what a double can hold, which tells a model nothing.
  if (kept.maximum === Number.MAX_SAFE_INTEGER) delete kept.maximum;
  if (kept.minimum === Number.MIN_SAFE_INTEGER) delete kept.minimum;
  if (isSchema(kept.items)) kept.items = strict(kept.items);
  if (Array.isArray(kept.anyOf)) kept.anyOf = kept.anyOf.map((one: unknown) => (isSchema(one) ? strict(one) : one));
  if (!isSchema(kept.properties)) return kept;
  const required = requiredOf(schema);
  const properties = Object.entries(kept.properties).map(([key, property]) => {
    const inner = isSchema(property) ? strict(property) : {};
    return [key, required.has(key) ? inner : nullable(inner)] as const;
  });
  return {
    ...kept,
    properties: Object.fromEntries(properties),
    required: properties.map(([key]) => key),
    additionalProperties: false,
  };
}

function nullable(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === 'string' && !schema.enum && schema.const === undefined) {
    return { ...schema, type: [schema.type, 'null'] };
  }
  const { description, ...rest } = schema;
  return { anyOf: [rest, { type: 'null' }], ...(description === undefined ? {} : { description }) };
}

function drop(value: unknown, schema: JsonSchema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return isSchema(items) ? value.map((one) => drop(one, items)) : value;
  }
  const { properties } = schema;
  if (!isSchema(value) || !isSchema(properties)) return value;
  const required = requiredOf(schema);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== null || required.has(key))
      .map(([key, inner]) => [key, isSchema(properties[key]) ? drop(inner, properties[key]) : inner]),
  );
}

const requiredOf = (schema: JsonSchema): Set<unknown> => new Set(Array.isArray(schema.required) ? schema.required : []);

const isSchema = (value: unknown): value is JsonSchema =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
