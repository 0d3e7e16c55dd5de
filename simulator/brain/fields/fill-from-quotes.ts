// fill-from-quotes.ts: somebody else's schema filled with what quotes say: each field with a piece of a quote that speaks of it;
// null where none does. How a value is found in what is said is in field-in-quotes.ts, truth-in-quotes.ts and list-in-quotes.ts.

import type { JsonSchema } from '../../wire.ts';
import { dayFor, isTold, numberFor, statementsOf, textFor } from './field-in-quotes.ts';
import { namedIn, readName, shareOf, statementsIn, wordsIn, wordsOfName, type Field, type Said } from './field-name.ts';
import { sortOf } from './field-sort.ts';
import { itemsOf, nameOf, namesFor } from './list-in-quotes.ts';
import { sharedFigures, without } from './one-figure.ts';
import { truthFor } from './truth-in-quotes.ts';

const MAX_DEPTH = 12;

/**
 * @param said the claims of an answer with what they quote, in the order in which they matter.
 * @param goal the question that they answer.
 */
export function fillFromQuotes(schema: JsonSchema | undefined, said: readonly Said[], goal = ''): unknown {
  const root = schema ?? {};
  const besides = said.filter(({ isBeside }) => isBeside);
  const answers = said.filter((one) => !one.isBeside);
  return fill(root, { root, said: answers, besides, goal, name: '', description: '', depth: 0 });
}

interface Place extends Field {
  root: JsonSchema;
  depth: number;
  /** What stands around the answers: it fills a field that they leave empty, and no list. */
  besides: readonly Said[];
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
      return alsoBeside(place, schema, (from) => numberFor(from, type === 'integer'));
    case 'string':
      return alsoBeside(place, schema, (from) =>
        schema.format?.startsWith('date') ? dayFor(from) : (textFor(from, schema.format) ?? calledAs(from)),
      );
    default:
      return null;
  }
}

/**
 * What the answers say, else what stands around them: of a field that has a name of its own, or is asked for by its sort, and no bare
 * number, since that may count anything.
 */
function alsoBeside<T>(place: Place, { type, format }: JsonSchema, from: (place: Place) => T | null): T | null {
  const value = from(place);
  if (value !== null || place.besides.length === 0) return value;
  const { words, unit, bound } = readName(place);
  const sort = sortOf(place, format)?.sort;
  const isKnown =
    bound !== undefined || words.some((word) => sort?.is.test(word) !== true || shareOf([word], place.goal) === 1);
  const isText = [type].flat().includes('string');
  return isKnown && (isText || unit !== undefined) ? from({ ...place, said: [...place.said, ...place.besides] }) : null;
}

const NAMING = /^(?:name|title|id|key|label)$/i;

/** A row or an item is called by what it begins with. */
const calledAs = ({ name, called }: Place): string | null =>
  called !== undefined && called !== '' && NAMING.test(name) ? called : null;

function object({ properties = {} }: JsonSchema, place: Place): Record<string, unknown> {
  const names = Object.keys(properties);
  const fieldOf = (name: string, more: Partial<Place> = {}): unknown => {
    const description = properties[name]?.description ?? '';
    // `limits.minutes` is named by both.
    const isPlain = readName({ name, description }).words.length > 0 || place.name === '' || place.called !== undefined;
    const called = isPlain ? name : `${place.name}_${name}`;
    return fill(properties[name] ?? {}, { ...place, name: called, description, depth: place.depth + 1, ...more });
  };
  const filled = Object.fromEntries(names.map((name) => [name, fieldOf(name)]));
  const counted = Object.entries(filled).flatMap(([name, value]) =>
    typeof value === 'number' ? [{ name, description: properties[name]?.description ?? '', value }] : [],
  );
  for (const { fields, losers, statement } of sharedFigures(counted, [...place.said, ...place.besides])) {
    const others = (name: string): string[] => fields.filter((one) => one !== name).flatMap(wordsOfName);
    const apart = fields.map((name) => fieldOf(name, { beside: others(name) }));
    if (new Set(apart).size === fields.length) fields.forEach((name, at) => (filled[name] = apart[at]));
    else
      for (const name of losers)
        filled[name] = fieldOf(name, {
          said: without(place.said, statement),
          besides: without(place.besides, statement),
        });
  }
  return filled;
}

/** What is said of the field; of objects, one for each claim, item or row that fills one of their fields. */
function list({ items }: JsonSchema, place: Place): unknown[] {
  const item = resolved((Array.isArray(items) ? items[0] : items) ?? {}, place.root);
  const inner = { ...place, besides: [], depth: place.depth + 1 };
  if (item.properties !== undefined) return objects(item, inner);
  const isPlainText = item.type === 'string' && item.enum === undefined && item.format === undefined;
  if (isPlainText && !isTold(place)) return namesFor(place);
  const values = statementsOf(place).map((statement) =>
    fill(item, { ...inner, said: [{ text: statement, quotes: [statement] }] }),
  );
  return [...new Set(values)].filter((one) => one !== null);
}

function objects(item: JsonSchema, place: Place): unknown[] {
  const speaking = place.said.filter((one) => namedIn(one, place));
  return (speaking.length > 0 ? speaking : place.said)
    .flatMap((one) => partsOf(one).map((said) => ({ said, called: nameOf(said.quotes[0] ?? '') })))
    .map(({ said, called }) => ({ value: fill(item, { ...place, said: [said], called }), called }))
    .filter(({ value, called }) => isFilled(value, called))
    .map(({ value }) => value);
}

/** With more than what it is called. */
const isFilled = (value: unknown, called: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).some((one) => one !== null && one !== called && !(Array.isArray(one) && one.length === 0));

/** One for each item that a claim quotes. */
function partsOf(said: Said): Said[] {
  const all = itemsOf(said);
  return all.length === 0 ? [said] : all.map((one) => ({ ...said, text: one, quotes: [one] }));
}

const NO = /\b(?:no|not|never|neither|nor|without)\b|n['’]t\b/i;

/** The one that is said of the field; or the only one of them that is said at all. None where several are, or one is denied. */
function oneOf(values: readonly unknown[], place: Place): unknown {
  const options = values.filter((one) => one !== null);
  if (options.length === 1) return options[0];
  const saidIn = (text: string): string[] => {
    const words = ` ${wordsIn(text).join(' ')} `;
    return options.filter(
      (one): one is string =>
        typeof one === 'string' && one !== '' && !NO.test(text) && words.includes(` ${wordsIn(one).join(' ')} `),
    );
  };
  const only = (texts: readonly string[]): string | undefined => {
    const all = new Set(texts.flatMap(saidIn));
    return all.size === 1 ? [...all][0] : undefined;
  };
  const ofField = statementsOf(place);
  const [first = ''] = ofField.filter((one) => saidIn(one).length > 0);
  return (
    only([first]) ??
    (first === '' ? only(place.said.flatMap(({ quotes }) => quotes.flatMap(statementsIn))) : undefined) ??
    null
  );
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === '#') return root;
  const [, group, name] = /^#\/(\$defs|definitions)\/(.+)$/.exec(schema.$ref ?? '') ?? [];
  return name === undefined ? schema : ((group === '$defs' ? root.$defs : root.definitions)?.[name] ?? {});
}
