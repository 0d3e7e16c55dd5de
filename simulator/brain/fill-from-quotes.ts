// fill-from-quotes.ts: somebody else's schema filled with what quotes say: each field with a piece of a quote that speaks of it;
// null where none does. How a value is found in what is said is in field-in-quotes.ts.

import type { JsonSchema } from '../wire.ts';
import {
  dayFor,
  namedIn,
  numberFor,
  statementsOf,
  textFor,
  truthFor,
  type Field,
  wordsIn,
  type Said,
} from './field-in-quotes.ts';

const MAX_DEPTH = 12;

/** @param said the claims of an answer with what they quote, in the order in which they matter. */
export function fillFromQuotes(schema: JsonSchema | undefined, said: readonly Said[]): unknown {
  const root = schema ?? {};
  return fill(root, { root, said, name: '', description: '', depth: 0 });
}

interface Place extends Field {
  root: JsonSchema;
  depth: number;
}

function fill(given: JsonSchema, place: Place): unknown {
  if (place.depth > MAX_DEPTH) return null;
  const schema = resolved(given, place.root);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return oneOf(schema.enum, place);
  const choice = (schema.anyOf ?? schema.oneOf)?.find((part) => part.type !== 'null');
  if (choice) return fill(choice, place);
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  switch (type ?? (schema.items ? 'array' : schema.properties ? 'object' : 'string')) {
    case 'object':
      return object(schema, place);
    case 'array':
      return list(schema, place);
    case 'boolean':
      return truthFor(place);
    case 'integer':
    case 'number':
      return numberFor(place, type === 'integer');
    case 'string':
      return schema.format?.startsWith('date') ? dayFor(place) : textFor(place);
    default:
      return null;
  }
}

const object = ({ properties = {} }: JsonSchema, place: Place): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, part]) => {
      const description = part.description ?? '';
      return [name, fill(part, { ...place, name, description, depth: place.depth + 1 })];
    }),
  );

/** What is said of the field; of objects, one for each claim that fills one of their fields. */
function list({ items }: JsonSchema, place: Place): unknown[] {
  const item = resolved((Array.isArray(items) ? items[0] : items) ?? {}, place.root);
  const inner = { ...place, depth: place.depth + 1 };
  if (item.properties === undefined) {
    const values = statementsOf(place).map((statement) =>
      fill(item, { ...inner, said: [{ text: statement, quotes: [statement] }] }),
    );
    return [...new Set(values)].filter((one) => one !== null);
  }
  const speaking = place.said.filter((one) => namedIn(one, place));
  return (speaking.length > 0 ? speaking : place.said)
    .map((one) => fill(item, { ...inner, said: [one] }))
    .filter((one) => typeof one === 'object' && one !== null && Object.values(one).some((value) => value !== null));
}

/** The one that is said of the field; or the only one of them that is said at all. */
function oneOf(values: readonly unknown[], place: Place): unknown {
  const options = values.filter((one) => one !== null);
  if (options.length === 1) return options[0];
  const saidIn = (text: string): string[] => {
    const words = ` ${wordsIn(text).join(' ')} `;
    return options.filter(
      (one): one is string => typeof one === 'string' && one !== '' && words.includes(` ${wordsIn(one).join(' ')} `),
    );
  };
  const [first] = statementsOf(place).flatMap(saidIn);
  const all = new Set(place.said.flatMap(({ quotes }) => quotes).flatMap(saidIn));
  return first ?? (all.size === 1 ? [...all][0] : null);
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === '#') return root;
  const [, group, name] = /^#\/(\$defs|definitions)\/(.+)$/.exec(schema.$ref ?? '') ?? [];
  return name === undefined ? schema : ((group === '$defs' ? root.$defs : root.definitions)?.[name] ?? {});
}
