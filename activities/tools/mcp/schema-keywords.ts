// schema-keywords.ts: what the keywords of a JSON Schema say, as far as a model must know it: the types, the constants that
// alternatives come to, and in words what some provider would refuse as a keyword.

import { isObject } from './json-object.ts';
import { visibleText } from '../../../documents/extract/visible-text.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'];
/** Values of an enum that a model is shown; providers bound them, too. */
const MAX_CONSTANTS = 250;
/** Not as keywords: some provider takes none of these. What they say is for the server to judge, and for a model to know. */
const TOLD =
  'format pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems minProperties maxProperties'.split(
    ' ',
  );

/** The types that it names or shows, without null; none when it says nothing of them. */
export function typesOf(schema: Record<string, unknown>): string[] {
  const named = (Array.isArray(schema.type) ? schema.type : [schema.type])
    .map((type: unknown) => (typeof type === 'string' ? type.toLowerCase() : ''))
    .filter((type) => TYPES.includes(type));
  if (named.length > 0) return [...new Set(named)];
  if (isObject(schema.properties)) return ['object'];
  if ('items' in schema || 'prefixItems' in schema) return ['array'];
  const values = [...(Array.isArray(schema.enum) ? (schema.enum as unknown[]) : []), schema.const];
  return [...new Set(values.map(typeOfValue))].filter((type) => TYPES.includes(type));
}

const typeOfValue = (value: unknown): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;

/**
 * The values that it may have, null left out, when it lists them, or each of its alternatives does. Providers take texts
 * that are not empty; where one is none, undefined is given, and the words tell.
 */
export function constantsOf(
  schema: Record<string, unknown>,
  arms: readonly Record<string, unknown>[],
): unknown[] | undefined {
  const own = listed(schema);
  const all = own ?? (arms.length > 0 && arms.every(listed) ? arms.flatMap((arm) => listed(arm) ?? []) : undefined);
  const values = all?.filter((one) => one !== null);
  if (!values || values.length === 0 || values.length > MAX_CONSTANTS) return undefined;
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes('string')) return undefined;
  return values.every((one) => typeof one === 'string' && one !== '') ? [...new Set(values)] : undefined;
}

function listed(schema: Record<string, unknown>): unknown[] | undefined {
  if (Array.isArray(schema.enum)) return schema.enum;
  return schema.const === undefined ? undefined : [schema.const];
}

/** What it says beside types and names: `minimum 1, maximum 50`. */
export function constraintWords(schema: Record<string, unknown>): string {
  const told = TOLD.filter((keyword) => isShown(schema[keyword])).map(
    (keyword) => `${spaced(keyword)} ${visibleText(String(schema[keyword]))}`,
  );
  const constants = constantsOf(schema, []) === undefined ? (listed(schema) ?? []) : [];
  if (constants.length > 0)
    told.unshift(`one of ${visibleText(constants.map((one) => JSON.stringify(one)).join(', '))}`);
  if (isObject(schema.additionalProperties)) {
    told.push(`other names are allowed, each with ${typesOf(schema.additionalProperties).join(' or ') || 'any value'}`);
  }
  if (Array.isArray(schema.type) ? schema.type.includes('null') : schema.nullable === true) told.push('or null');
  return told.join(', ');
}

const isShown = (value: unknown): boolean =>
  typeof value === 'number' || value === true || (typeof value === 'string' && value.length <= 100);

const spaced = (keyword: string): string => keyword.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
