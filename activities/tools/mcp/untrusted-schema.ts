// untrusted-schema.ts: the JSON Schema of a tool from outside as every provider takes it, or the reason why not: bounded in
// size and depth, no words in it that a person would not see, nothing fetched. One refused schema would fail each request
// that offers it, so only what all providers take is kept as a keyword; the rest is told in words, and the server judges.

import type { JsonSchema } from '../plain-schema.ts';
import { isObject } from './json-object.ts';
import { constantsOf, constraintWords, typesOf } from './schema-keywords.ts';
import { SchemaRefs, Unfit } from './schema-refs.ts';
import { visibleText } from '../../../documents/extract/visible-text.ts';
import { sha256 } from '../../../protocol/schemas/hash.ts';

const MAX_BYTES = 20_000;
const MAX_DEPTH = 10;
/** Schemas in all, references followed: small ones can stand for endless ones. */
const MAX_SCHEMAS = 2_000;
const MAX_WORDS_CHARS = 300;
const TOO_LONG = `its input schema is longer than ${MAX_BYTES / 1_000} kB`;
/** What all providers take as a key. */
const KEY = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,63}$/;

/** A schema that is fit to be shown. */
export interface FitSchema {
  schema: JsonSchema;
  /** What its root says of properties together, for the description: no provider takes that as a keyword. */
  notes: string[];
  /** The arguments under the names that the server gave them: some are no keys that a provider takes. */
  restore: (args: Record<string, unknown>) => Record<string, unknown>;
}

/** The schema as a model may see it, or why the tool is left out. */
export function untrustedSchema(schema: unknown): FitSchema | { problem: string } {
  // A tool without one takes no arguments.
  const given = schema === undefined || schema === null || schema === true ? {} : schema;
  try {
    const reader = new Reader(given);
    const fit = reader.root(given);
    if (!fit) return { problem: 'its input is not described as an object' };
    if (Buffer.byteLength(JSON.stringify(fit)) > MAX_BYTES) return { problem: TOO_LONG };
    return { schema: fit, notes: reader.notes, restore: (args) => reader.restore(args) as Record<string, unknown> };
  } catch (error) {
    if (error instanceof Unfit) return { problem: error.message };
    throw error;
  }
}

/** A schema together with the references that led to it. */
interface Place {
  schema: Record<string, unknown>;
  open: readonly string[];
}

class Reader {
  readonly notes: string[] = [];
  readonly #refs: SchemaRefs;
  readonly #names = new Map<string, string>();
  #count = 0;

  constructor(root: unknown) {
    this.#refs = new SchemaRefs(root);
  }

  root(given: unknown): JsonSchema | undefined {
    const place = this.#enter(given, MAX_DEPTH, ['#']);
    if (!place) return undefined;
    const arms = this.#arms(place, MAX_DEPTH).filter(isObjectLike);
    const types = typesOf(place.schema);
    const isAnObject = types.includes('object') || (types.length === 0 && !('items' in place.schema));
    const isUnion = 'anyOf' in place.schema || 'oneOf' in place.schema;
    if (!isAnObject || (types.length === 0 && isUnion && arms.length === 0)) return undefined;
    if (arms.length > 1) {
      const sets = arms.map(({ schema }) => namesIn(schema.required).join(', ')).filter((names) => names !== '');
      if (sets.length > 1) this.notes.push(`Give the arguments of one of these together: ${sets.join(' | ')}.`);
    }
    const { description: _told, ...read } = this.#object(place, arms, MAX_DEPTH);
    return read;
  }

  restore(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.restore(one));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [this.#names.get(key) ?? key, this.restore(inner)]),
    );
  }

  #read(given: unknown, depth: number, open: readonly string[]): JsonSchema {
    const place = this.#enter(given, depth, open);
    if (!place) return { ...ANYTHING };
    const { schema } = place;
    const types = typesOf(schema);
    const arms = this.#arms(place, depth);
    // Where the alternatives only say what belongs together, it is one object all the same.
    if (arms.length > 0 && isObject(schema.properties)) return this.#object(place, arms, depth);
    const constants = constantsOf(
      schema,
      arms.map((arm) => arm.schema),
    );
    if (constants?.every((one) => typeof one === 'string'))
      return this.#described({ type: 'string', enum: constants.map(value) }, schema);
    if (constants === undefined && arms.length === 1) return this.#only(arms[0] as Place, schema, depth);
    if (constants === undefined && arms.length > 1) {
      return this.#described({ anyOf: arms.map((arm) => this.#read(arm.schema, depth - 1, arm.open)) }, schema);
    }
    if (types.length > 1) {
      const { description, ...bare } = schema;
      const each = types.map((type) =>
        this.#read({ ...bare, type, anyOf: undefined, oneOf: undefined }, depth - 1, place.open),
      );
      return this.#described({ anyOf: each }, { description });
    }
    switch (types[0]) {
      case undefined:
        return this.#described({ ...ANYTHING }, schema);
      case 'object':
        return this.#object(place, [], depth);
      case 'array':
        return this.#described({ type: 'array', items: this.#items(place, depth) }, schema);
      default:
        return this.#described({ type: types[0] }, schema);
    }
  }

  /** Follows references, folds `allOf` in, and counts. Undefined for what says nothing, and inside itself. */
  #enter(given: unknown, depth: number, open: readonly string[]): Place | undefined {
    if (depth < 0) throw new Unfit(`its input schema is deeper than ${MAX_DEPTH} schemas`);
    this.#count += 1;
    if (this.#count > MAX_SCHEMAS) throw new Unfit(TOO_LONG);
    const place = this.#refs.follow(given, open);
    if (!place || !Array.isArray(place.schema.allOf)) return place;
    const { allOf, ...own } = place.schema;
    const parts = allOf.flatMap((part: unknown) => this.#enter(part, depth - 1, place.open) ?? []);
    return {
      schema: parts.reduce((all, { schema }) => together(all, schema), own),
      open: [...new Set([...place.open, ...parts.flatMap((part) => part.open)])],
    };
  }

  /** The alternatives, but the one that says "or null". */
  #arms({ schema, open }: Place, depth: number): Place[] {
    const arms = [schema.anyOf, schema.oneOf].find((one) => Array.isArray(one)) as unknown[] | undefined;
    return (arms ?? []).flatMap((arm) => {
      if (isObject(arm) && (arm.type === 'null' || arm.const === null)) return [];
      return this.#enter(arm, depth - 1, open) ?? [];
    });
  }

  #only(arm: Place, around: Record<string, unknown>, depth: number): JsonSchema {
    const description = around.description ?? arm.schema.description;
    return this.#read({ ...arm.schema, ...(description === undefined ? {} : { description }) }, depth - 1, arm.open);
  }

  #items({ schema, open }: Place, depth: number): JsonSchema {
    const { items, prefixItems } = schema;
    const given = Array.isArray(prefixItems) ? prefixItems : items;
    if (!Array.isArray(given)) return this.#read(given, depth - 1, open);
    const [first, ...others] = [...new Set(given.map((one: unknown) => JSON.stringify(one)))];
    if (first === undefined) return { ...ANYTHING };
    if (others.length === 0) return this.#read(JSON.parse(first), depth - 1, open);
    return this.#read({ anyOf: given }, depth - 1, open);
  }

  #object(place: Place, arms: readonly Place[], depth: number): JsonSchema {
    const found = new Map<string, { given: unknown; open: readonly string[] }[]>();
    for (const { schema, open } of [place, ...arms]) {
      for (const [name, given] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
        if (given === false) continue;
        const known = found.get(name) ?? [];
        const isNew = known.every((one) => JSON.stringify(one.given) !== JSON.stringify(given));
        found.set(name, isNew ? [...known, { given, open }] : known);
      }
    }
    const properties = [...found].map(([name, all]) => {
      const [first] = all as [{ given: unknown; open: readonly string[] }];
      const given = all.length === 1 ? first.given : { anyOf: all.map((one) => one.given) };
      return [this.#key(name), this.#read(given, depth - 1, first.open)] as const;
    });
    const always = arms.length === 0 ? [] : arms.map(({ schema }) => namesIn(schema.required)).reduce(common);
    const asked = [...namesIn(place.schema.required), ...always, ...requiredInside(place.schema.properties)];
    const required = [...new Set(asked)].filter((name) => found.has(name)).map((name) => this.#key(name));
    return this.#described(
      { type: 'object', properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}) },
      place.schema,
    );
  }

  /** A name as a key that all providers take. */
  #key(name: string): string {
    if (visibleText(name) !== name || name.length > MAX_WORDS_CHARS || name === '__proto__') {
      throw new Unfit('a name in its input schema is too long or has invisible characters');
    }
    if (KEY.test(name)) return name;
    const key = `${name
      .replace(/[^a-zA-Z0-9_.-]/g, '_')
      .replace(/^[.-]/, '_')
      .slice(0, 57)}_${sha256(name).slice(0, 6)}`;
    this.#names.set(key, name);
    return key;
  }

  /** With its description, and in words what no keyword may say. */
  #described(read: JsonSchema, { description, ...schema }: Record<string, unknown>): JsonSchema {
    const limits = constraintWords(schema).slice(0, MAX_WORDS_CHARS / 2);
    const told = typeof description === 'string' ? visibleText(description) : '';
    const room = MAX_WORDS_CHARS - (limits === '' ? 0 : limits.length + 3);
    const words = [told.slice(0, room), limits === '' ? '' : `(${limits})`].filter((one) => one !== '').join(' ');
    return words === '' ? read : { ...read, description: words };
  }
}

/** An argument that may be anything, said so that each part has a type and each array its items. */
const ANYTHING: JsonSchema = {
  anyOf: [
    ...['string', 'number', 'boolean', 'object'].map((type) => ({ type })),
    { type: 'array', items: { type: 'string' } },
  ],
};

/** Of an enum: a person would not see words that hide in one, and a value is not that long. */
function value(one: unknown): string {
  const seen = visibleText(one as string);
  if (seen.length > MAX_WORDS_CHARS) throw new Unfit('its input schema has a value that is longer than a value is');
  return seen;
}

const isObjectLike = ({ schema }: Place): boolean => {
  const types = typesOf(schema);
  return types.includes('object') || (types.length === 0 && !('items' in schema));
};

/** Two schemas that both hold. */
function together(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const properties = [a.properties, b.properties].filter(isObject);
  return {
    ...b,
    ...a,
    ...(properties.length > 0 ? { properties: Object.assign({}, ...properties) as unknown } : {}),
    required: [...namesIn(a.required), ...namesIn(b.required)],
  };
}

const namesIn = (required: unknown): string[] =>
  Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];

/** As the third draft of JSON Schema has it: `required: true` at the property. */
const requiredInside = (properties: unknown): string[] =>
  Object.entries(isObject(properties) ? properties : {})
    .filter(([, inner]) => isObject(inner) && inner.required === true)
    .map(([name]) => name);

const common = (a: string[], b: string[]): string[] => a.filter((name) => b.includes(name));
