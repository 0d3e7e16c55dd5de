// nullable-schema.ts: a caller's JSON Schema with null allowed for each field, so that nobody who fills it has to invent
// what they do not know; and what the schema itself dictates at a place. Pure.

type Schema = Record<string, unknown>;
type Path = readonly (string | number)[];

/** The same schema, each property of each object nullable. What is demanded stays demanded. */
export function withNullableFields(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([key, part]) => {
      if (key === 'properties' && isSchema(part))
        return [key, Object.fromEntries(Object.entries(part).map(([name, one]) => [name, nullable(one)]))];
      if (HOLD_MANY.has(key) && isSchema(part))
        return [key, Object.fromEntries(Object.entries(part).map(([name, one]) => [name, inner(one)]))];
      if (HOLD_LIST.has(key) && Array.isArray(part)) return [key, part.map(inner)];
      return [key, HOLD_ONE.has(key) ? inner(part) : part];
    }),
  );
}

const HOLD_MANY = new Set(['$defs', 'definitions', 'patternProperties']);
const HOLD_LIST = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const HOLD_ONE = new Set(['items', 'additionalProperties', 'not', 'if', 'then', 'else']);

const inner = (part: unknown): unknown => (isSchema(part) ? withNullableFields(part) : part);

function nullable(part: unknown): unknown {
  if (!isSchema(part) || part.const !== undefined || allowsNull(part)) return inner(part);
  const { description, title, ...rest } = part;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    anyOf: [withNullableFields(rest), { type: 'null' }],
  };
}

function allowsNull({ type, anyOf, oneOf }: Schema): boolean {
  if (type === 'null' || (Array.isArray(type) && type.includes('null'))) return true;
  return [anyOf, oneOf].some(
    (choice) => Array.isArray(choice) && choice.some((one) => isSchema(one) && allowsNull(one)),
  );
}

/** The values that a schema leaves no choice about at a path: its constants, and lists of one value. */
export function dictatedAt(schema: Schema, path: Path): unknown[] {
  let parts = open([schema], schema);
  for (const key of path)
    parts = open(
      parts.flatMap((part) => under(part, key)),
      schema,
    );
  return parts.flatMap(({ const: only, enum: list }) =>
    only !== undefined ? [only] : Array.isArray(list) && list.length === 1 ? (list as unknown[]) : [],
  );
}

function under(part: Schema, key: string | number): Schema[] {
  if (typeof key === 'number') return isSchema(part.items) ? [part.items] : [];
  const property = isSchema(part.properties) ? part.properties[key] : undefined;
  return isSchema(property) ? [property] : [];
}

/** With what they refer to and choose among. */
function open(parts: readonly Schema[], root: Schema, depth = 0): Schema[] {
  if (depth > 8) return [...parts];
  return parts.flatMap((part) => {
    const [, group = '', name = ''] =
      /^#\/(\$defs|definitions)\/(.+)$/.exec(typeof part.$ref === 'string' ? part.$ref : '') ?? [];
    const defs = root[group];
    const meant = isSchema(defs) && isSchema(defs[name]) ? [defs[name]] : [];
    const chosen = [part.anyOf, part.oneOf, part.allOf].flatMap((list) =>
      Array.isArray(list) ? list.filter(isSchema) : [],
    );
    return [part, ...open([...meant, ...chosen], root, depth + 1)];
  });
}

const isSchema = (value: unknown): value is Schema =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
