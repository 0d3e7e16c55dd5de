// fill-schema.ts: the smallest value that fits a JSON schema, for answer formats the brain does not know.

import type { JsonSchema } from '../../wire.ts';

const MAX_DEPTH = 12;

/** Fills a schema; `text` is used where a string is asked for and nothing narrower is said. */
export function fillSchema(schema: JsonSchema | undefined, text: string): unknown {
  return fill(schema ?? {}, schema ?? {}, text, 0);
}

function fill(schema: JsonSchema, root: JsonSchema, text: string, depth: number): unknown {
  if (depth > MAX_DEPTH) return null;
  const inner = (part: JsonSchema): unknown => fill(part, root, text, depth + 1);
  if (schema.$ref !== undefined) return inner(resolve(schema.$ref, root));
  if (schema.const !== undefined) return schema.const;
  if (schema.enum && schema.enum.length > 0) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice && choice.length > 0) {
    return inner(choice.find((part) => part.type === 'null') ?? choice[0] ?? {});
  }
  if (schema.allOf && schema.allOf.length > 0) return Object.assign({}, ...schema.allOf.map(inner));
  switch (typeOf(schema)) {
    case 'null':
      return null;
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return smallest(schema);
    case 'array': {
      const items = Array.isArray(schema.items) ? schema.items[0] : schema.items;
      return Array.from({ length: Math.min(schema.minItems ?? 0, 1000) }, () => inner(items ?? {}));
    }
    case 'string':
      return text.padEnd(Math.min(schema.minLength ?? 0, 10_000), '.');
    default: {
      const required = schema.required ?? [];
      return Object.fromEntries(required.map((key) => [key, inner(schema.properties?.[key] ?? { type: 'string' })]));
    }
  }
}

function typeOf(schema: JsonSchema): string {
  if (Array.isArray(schema.type)) return schema.type.includes('null') ? 'null' : (schema.type[0] ?? 'object');
  return schema.type ?? (schema.items ? 'array' : 'object');
}

function smallest({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): number {
  if (minimum !== undefined) return Math.ceil(minimum);
  if (exclusiveMinimum !== undefined) return Math.floor(exclusiveMinimum) + 1;
  if (maximum !== undefined && maximum < 0) return Math.floor(maximum);
  if (exclusiveMaximum !== undefined && exclusiveMaximum <= 0) return Math.ceil(exclusiveMaximum) - 1;
  return 0;
}

function resolve(ref: string, root: JsonSchema): JsonSchema {
  if (ref === '#') return root;
  const [, group, name] = /^#\/(\$defs|definitions)\/(.+)$/.exec(ref) ?? [];
  if (name === undefined) return {};
  return (group === '$defs' ? root.$defs : root.definitions)?.[name] ?? {};
}
