// plain-schema.ts: a zod schema as the JSON Schema that all providers take, and the way back: what a model may leave out is not
// required, and has no null among its types, which some refuse. zod judges what comes, whatever the schema could not say.

import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Keywords that some provider refuses; zod checks them all the same. */
const REFUSED = ['$schema', 'default', 'minLength', 'maxLength', 'additionalProperties', 'propertyNames'];

const made = new WeakMap<z.ZodType, JsonSchema>();

export function plainSchema(type: z.ZodType): JsonSchema {
  return plain(schemaOf(type));
}

/**
 * What a model sent, as zod takes it: a null for what it left out is taken out again, and a null that it could not say is put in.
 */
export function asMeant(value: unknown, type: z.ZodType): unknown {
  return meant(value, schemaOf(type));
}

function schemaOf(type: z.ZodType): JsonSchema {
  const known = made.get(type);
  if (known) return known;
  const schema = z.toJSONSchema(type, { io: 'input' }) as JsonSchema;
  made.set(type, schema);
  return schema;
}

function plain(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.type)) {
    const { type: _types, description, ...each } = schema;
    const arms = typesOf(schema).map((type) => ({ ...each, type }));
    return plain({ anyOf: arms, ...(description === undefined ? {} : { description }) });
  }
  const { oneOf, const: only, prefixItems, ...rest } = schema;
  const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !REFUSED.includes(key)));
  // zod bounds every integer by what a double can hold, which tells a model nothing.
  if (kept.maximum === Number.MAX_SAFE_INTEGER) delete kept.maximum;
  if (kept.minimum === Number.MIN_SAFE_INTEGER) delete kept.minimum;
  if (only !== undefined) kept.enum = [only];
  const items = Array.isArray(prefixItems) ? { anyOf: prefixItems as unknown[] } : kept.items;
  if (isSchema(items)) kept.items = plain(items);
  const arms = armsOf({ ...kept, ...(oneOf === undefined ? {} : { anyOf: oneOf }) }).filter(
    ({ type }) => type !== 'null',
  );
  delete kept.anyOf;
  delete kept.required;
  if (arms.length === 1) return { ...plain(arms[0] ?? {}), ...kept };
  if (arms.length > 1) kept.anyOf = arms.map(plain);
  if (!isSchema(kept.properties)) return kept;
  const properties = Object.entries(kept.properties).map(
    ([key, inner]) => [key, isSchema(inner) ? inner : {}] as const,
  );
  const required = properties.flatMap(([key, inner]) =>
    requiredOf(schema).has(key) && !mayBeNull(inner) ? [key] : [],
  );
  return {
    ...kept,
    properties: Object.fromEntries(properties.map(([key, inner]) => [key, plain(inner)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

function meant(value: unknown, schema: JsonSchema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return isSchema(items) ? value.map((one) => meant(one, items)) : value;
  }
  const objects = [schema, ...armsOf(schema)].filter(({ properties }) => isSchema(properties));
  // Of several objects that it may be, zod alone can tell which one it is.
  const { properties } = objects.length === 1 ? (objects[0] ?? {}) : {};
  if (!isSchema(value) || !isSchema(properties)) return value;
  const required = requiredOf(objects[0] ?? {});
  const nulls = [...required].filter((key) => !(String(key) in value) && mayBeNull(properties[String(key)]));
  return Object.fromEntries([
    ...Object.entries(value)
      .filter(([key, inner]) => inner !== null || required.has(key))
      .map(([key, inner]) => [key, isSchema(properties[key]) ? meant(inner, properties[key]) : inner]),
    ...nulls.map((key) => [key, null]),
  ]) as unknown;
}

const armsOf = ({ anyOf, oneOf }: JsonSchema): JsonSchema[] =>
  [anyOf, oneOf].flatMap((arms) => (Array.isArray(arms) ? (arms as unknown[]).filter(isSchema) : []));

const typesOf = ({ type }: JsonSchema): unknown[] => (Array.isArray(type) ? type : [type]);

const mayBeNull = (schema: unknown): boolean =>
  isSchema(schema) && (typesOf(schema).includes('null') || armsOf(schema).some(mayBeNull));

const requiredOf = (schema: JsonSchema): Set<unknown> => new Set(Array.isArray(schema.required) ? schema.required : []);

const isSchema = (value: unknown): value is JsonSchema =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
