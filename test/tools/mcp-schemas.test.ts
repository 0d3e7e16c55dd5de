// Input schemas of MCP servers as a model is shown them: what any provider refuses is gone, and what it said is told.

import fc from 'fast-check';
import { untrustedSchema } from '../../activities/tools/mcp/untrusted-schema.ts';

type Schema = Record<string, unknown>;

const object = (properties: Schema, more: Schema = {}): Schema => ({ type: 'object', properties, ...more });
const text = { type: 'string' };

function shown(schema: unknown): Schema {
  const read = untrustedSchema(schema);
  if ('problem' in read) throw new Error(read.problem);
  expect(refused(read.schema)).toEqual([]);
  return read.schema;
}

/** Why some provider would refuse it: the strictest of them takes a part of OpenAPI's schemas and no more. */
function refused(schema: unknown, at = ''): string[] {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return [`${at}: no schema`];
  const one = schema as Schema;
  const known = ['type', 'properties', 'required', 'items', 'enum', 'description', 'anyOf'];
  const found = Object.keys(one)
    .filter((key) => !known.includes(key))
    .map((key) => `${at}: ${key}`);
  const types = ['string', 'number', 'integer', 'boolean', 'array', 'object'];
  if (at === '' && one.type !== 'object') found.push('the root is no object');
  if (at === '' && (one.anyOf || one.enum)) found.push('a union at the root');
  if (one.anyOf ? one.type !== undefined : !types.includes(one.type as string)) found.push(`${at}: type`);
  if (one.type === 'array' && !one.items) found.push(`${at}: no items`);
  if (
    one.enum &&
    (one.type !== 'string' || !(one.enum as unknown[]).every((value) => typeof value === 'string' && value))
  )
    found.push(`${at}: enum`);
  const {
    properties = {},
    required = [],
    anyOf = [],
    items,
  } = one as {
    properties?: Schema;
    required?: string[];
    anyOf?: unknown[];
    items?: unknown;
  };
  if (!required.every((name) => Object.hasOwn(properties, name))) found.push(`${at}: required`);
  for (const name of Object.keys(properties))
    if (!/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,63}$/.test(name)) found.push(`${at}: ${name}`);
  return [
    ...found,
    ...Object.entries(properties).flatMap(([name, inner]) => refused(inner, `${at}/${name}`)),
    ...anyOf.flatMap((inner, i) => refused(inner, `${at}|${i}`)),
    ...(items ? refused(items, `${at}[]`) : []),
  ];
}

test.each<[string, unknown, Schema]>([
  ['nothing', undefined, object({})],
  ['a dialect alone', { $schema: 'http://json-schema.org/draft-07/schema#' }, object({})],
  ['no type', { properties: { q: text } }, object({ q: text })],
  ['a type among others', { type: ['object', 'null'], properties: { q: text } }, object({ q: text })],
  ['a type in capitals', { type: 'OBJECT', properties: { q: { type: 'STRING' } } }, object({ q: text })],
  [
    'a reference at its root',
    { $ref: '#/definitions/In', definitions: { In: object({ q: text }) } },
    object({ q: text }),
  ],
  [
    'references to a definition, a sibling and an anchor',
    object(
      { a: { $ref: '#/$defs/A' }, b: { $ref: '#/properties/c' }, c: { type: 'integer' }, d: { $ref: '#here' } },
      { $defs: { A: text, B: { $anchor: 'here', type: 'boolean' } } },
    ),
    object({ a: text, b: { type: 'integer' }, c: { type: 'integer' }, d: { type: 'boolean' } }),
  ],
  [
    'words beside a reference',
    object({ a: { $ref: '#/$defs/A', description: 'This one.' } }, { $defs: { A: text } }),
    object({ a: { ...text, description: 'This one.' } }),
  ],
  [
    'alternatives of what is required',
    { ...object({ id: text, name: text }), anyOf: [{ required: ['id'] }, { required: ['name'] }] },
    object({ id: text, name: text }),
  ],
  [
    'alternatives that are objects',
    {
      oneOf: [
        object({ kind: { const: 'a' }, id: text }, { required: ['kind', 'id'] }),
        object({ kind: { const: 'b' }, name: text }, { required: ['kind', 'name'] }),
      ],
    },
    object({ kind: { type: 'string', enum: ['a', 'b'] }, id: text, name: text }, { required: ['kind'] }),
  ],
  [
    'parts that all hold',
    { allOf: [object({ a: text }, { required: ['a'] }), { $ref: '#/$defs/B' }], $defs: { B: object({ b: text }) } },
    object({ a: text, b: text }, { required: ['a'] }),
  ],
  ['conditions', { ...object({ a: text }), if: {}, else: { required: ['a'] }, not: {} }, object({ a: text })],
  ['closed objects', object({ a: text }, { additionalProperties: false }), object({ a: text })],
  ['or-null', object({ a: { anyOf: [text, { type: 'null' }] } }), object({ a: text })],
  [
    'one thing of several',
    object({ a: { anyOf: [text, { type: 'number' }] } }),
    object({ a: { anyOf: [text, { type: 'number' }] } }),
  ],
  [
    'several types',
    object({ a: { type: ['string', 'number'] } }),
    object({ a: { anyOf: [text, { type: 'number' }] } }),
  ],
  [
    'constants with titles',
    object({
      a: {
        oneOf: [
          { const: 'x', title: 'X' },
          { const: 'y', title: 'Y' },
        ],
      },
    }),
    object({ a: { type: 'string', enum: ['x', 'y'] } }),
  ],
  [
    'an enum without a type',
    object({ a: { enum: ['x', 'y', null] } }),
    object({ a: { type: 'string', enum: ['x', 'y'] } }),
  ],
  [
    'numbers in an enum',
    object({ a: { enum: [1, 2] } }),
    object({ a: { type: 'number', description: '(one of 1, 2)' } }),
  ],
  [
    'an enum at a list',
    object({ a: { type: 'array', items: { type: 'integer' }, enum: [0, 1] } }),
    object({ a: { type: 'array', items: { type: 'integer' }, description: '(one of 0, 1)' } }),
  ],
  [
    'bounds',
    object({ a: { type: 'integer', exclusiveMinimum: 0, maximum: 50, description: 'Rows' } }),
    object({ a: { type: 'integer', description: 'Rows (maximum 50, exclusive minimum 0)' } }),
  ],
  ['a pair', object({ a: { type: 'array', items: [text, text] } }), object({ a: { type: 'array', items: text } })],
  [
    'a list of different things',
    object({ a: { type: 'array', prefixItems: [text, { type: 'number' }] } }),
    object({ a: { type: 'array', items: { anyOf: [text, { type: 'number' }] } } }),
  ],
  [
    'required that is true at the property',
    object({ a: { ...text, required: true } }),
    object({ a: text }, { required: ['a'] }),
  ],
  [
    'required names that are not there',
    object({ a: text }, { required: ['a', 'b', 7] }),
    object({ a: text }, { required: ['a'] }),
  ],
  ['required that is no list', object({ a: text }, { required: {} }), object({ a: text })],
  ['a property that can’t be', object({ a: text, b: false }), object({ a: text })],
])('a schema with %s is shown as all providers take it', (_what, given, expected) => {
  expect(shown(given)).toEqual(expected);
});

test.each([
  ['a list without items', { type: 'array' }],
  ['a type that is none', { type: 'datetime' }],
  ['true', true],
  ['an empty schema', {}],
  ['a reference to nothing', { $ref: '#/$defs/Lost' }],
  ['an object in itself', { $ref: '#' }],
])('a property that is %s takes anything', (_what, property) => {
  expect(JSON.stringify(shown(object({ a: property })))).toContain('anyOf');
});

test('what belongs together is told in words', () => {
  const read = untrustedSchema({
    ...object({ id: text, name: text }),
    anyOf: [{ required: ['id'] }, { required: ['name'] }],
  });
  expect(read).toMatchObject({ notes: ['Give the arguments of one of these together: id | name.'] });
});

test('names that are no keys are changed, and the server gets its own back', () => {
  const names = ['$filter', 'user name', '@type', 'größe', 'x'.repeat(80), '-v', 'fine_1.b-c'];
  const read = untrustedSchema(
    object({
      list: {
        type: 'array',
        items: object(Object.fromEntries(names.map((name) => [name, text])), { required: names }),
      },
    }),
  );
  if ('problem' in read) throw new Error(read.problem);
  expect(refused(read.schema)).toEqual([]);
  const { items } = (read.schema.properties as { list: { items: { required: string[] } } }).list;
  const args = { list: [Object.fromEntries(items.required.map((key, i) => [key, i]))] };
  expect(read.restore(args)).toEqual({ list: [Object.fromEntries(names.map((name, i) => [name, i]))] });
});

test.each([
  ['a text', { type: 'string' }],
  ['a list', { type: 'array', items: text }],
  ['alternatives of which none is an object', { anyOf: [text, { type: 'number' }] }],
])('an input that is %s leaves the tool out', (_what, given) => {
  expect(untrustedSchema(given)).toEqual({ problem: 'its input is not described as an object' });
});

test('small schemas that stand for endless ones leave the tool out, in no time', () => {
  const $defs = Object.fromEntries(
    Array.from({ length: 9 }, (_one, i) => [
      `d${i}`,
      object(Object.fromEntries(Array.from({ length: 20 }, (_two, k) => [`p${k}`, { $ref: `#/$defs/d${i + 1}` }]))),
    ]),
  );
  expect(untrustedSchema({ $ref: '#/$defs/d0', $defs })).toHaveProperty('problem');
});

test('whatever stands in a schema, it is shown as all providers take it, or the tool is left out', () => {
  const name = fc.constantFrom('a', 'b', '$x', 'type', 'properties', 'ö');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.constantFrom<unknown>(true, false, null, 'string', 7, [], {}),
      fc.record(
        {
          type: fc.constantFrom<unknown>(
            'object',
            'array',
            'string',
            'integer',
            'null',
            'any',
            ['string', 'null'],
            ['array', 'object'],
            5,
          ),
          properties: fc.oneof(fc.dictionary(name, tie('tree')), fc.constant([])),
          required: fc.oneof(fc.array(name), fc.boolean()),
          items: fc.oneof(tie('tree'), fc.array(tie('tree'), { maxLength: 2 })),
          anyOf: fc.array(tie('tree'), { maxLength: 3 }),
          oneOf: fc.array(tie('tree'), { maxLength: 3 }),
          allOf: fc.array(tie('tree'), { maxLength: 2 }),
          enum: fc.array(fc.constantFrom<unknown>('x', '', 1, null, true, {})),
          const: fc.constantFrom<unknown>('x', 1, null),
          $ref: fc.constantFrom<unknown>('#', '#/properties/a', '#/anyOf/0', '#/$defs/a', '#b', 5),
          description: fc.constantFrom<unknown>('words', 5),
          additionalProperties: tie('tree'),
        },
        { requiredKeys: [] },
      ),
    ),
  }));
  fc.assert(
    fc.property(tree, (given) => {
      const read = untrustedSchema(given);
      expect('problem' in read ? [] : refused(read.schema)).toEqual([]);
    }),
    { numRuns: 2_000, seed: 1 },
  );
});
