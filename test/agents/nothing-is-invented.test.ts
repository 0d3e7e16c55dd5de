// nothing-is-invented.test.ts: what of a filled schema stays: what stands in a cited quote. By a model and by the offline model.

import { groundData } from '../../activities/evidence/ground-data.ts';
import {
  dateStandsIn,
  numbersIn,
  numberStandsIn,
  truthIn,
  wordsStandIn,
} from '../../activities/evidence/value-in-quote.ts';
import { dictatedAt, withNullableFields } from '../../activities/text/nullable-schema.ts';
import { outputSchemaType } from '../../protocol/schemas/output-schema.ts';
import { fillFromQuotes } from '../../simulator/brain/fields/fill-from-quotes.ts';
import type { JsonSchema } from '../../simulator/wire.ts';

const QUOTES = [
  'Lighthouse polls every 15 seconds, and was released on 24 November 2025.',
  'An alarm that nobody takes is repeated after 4 minutes, at most three times.',
  'It never writes to the ledger, which holds 1,500 entries (0.5 % of all).',
];
const cited = QUOTES.map((quote) => ({ source: 'docs/lighthouse.md', quote }));

const object = (properties: Record<string, JsonSchema>, required: string[] = []): Record<string, unknown> => ({
  type: 'object',
  properties,
  required,
});
const ground = (schema: Record<string, unknown>, value: unknown) =>
  groundData(value, outputSchemaType(schema), cited, (path) => dictatedAt(schema, path));

test.each<[string, JsonSchema, unknown]>([
  ['a number', { type: 'integer' }, 15],
  ['a number written with a comma', { type: 'integer' }, 1500],
  ['a number written as a word', { type: 'integer' }, 3],
  ['a percentage as a share', { type: 'number' }, 0.005],
  ['words as they follow each other', { type: 'string' }, 'nobody takes'],
  ['… whatever their case and marks', { type: 'string' }, 'Lighthouse polls, every 15 seconds'],
  ['a name of the source', { type: 'string' }, 'lighthouse'],
  ['a date in another form', { type: 'string', format: 'date' }, '2025-11-24'],
  ['a constant of the schema', { const: 'report' }, 'report'],
  ['a list of what is said', { type: 'array', items: { type: 'string' } }, ['at most three times']],
])('%s that stands in a cited quote stays', (_what, field, value) => {
  expect(ground(object({ field }, ['field']), { field: value })).toEqual({
    data: { field: value },
    unfilled: [],
    unfounded: [],
  });
});

test.each<[string, JsonSchema, unknown]>([
  ['a number', { type: 'integer' }, 16],
  ['a number that is a part of another', { type: 'integer' }, 150],
  ['a conversion', { type: 'integer' }, 240],
  ['words in another order', { type: 'string' }, 'takes nobody'],
  ['words that leave something out', { type: 'string' }, 'It writes to the ledger'],
  ['a part of a word', { type: 'string' }, 'Light'],
  ['a paraphrase', { type: 'string' }, 'polls four times a minute'],
  ['another day', { type: 'string', format: 'date' }, '2025-11-25'],
  ['one of several values', { enum: ['high', 'low'] }, 'high'],
  ['nothing at all', { type: 'string' }, ''],
])('%s that stands in no quote is null, left out, or leaves no data, as the schema allows', (_what, field, value) => {
  const nullable = { anyOf: [field, { type: 'null' }] };
  expect(ground(object({ field: nullable }, ['field']), { field: value })).toMatchObject({
    data: { field: null },
    unfilled: ['field'],
  });
  expect(ground(object({ field }), { field: value })).toMatchObject({ data: {}, unfilled: ['field'] });
  const demanded = ground(object({ field, n: { type: 'integer' } }, ['field']), { field: value, n: 15 });
  expect(demanded).not.toHaveProperty('data');
  expect(demanded.unfilled).toEqual(['field']);
});

test('yes and no stand where a quote speaks of the field, by whether it denies', () => {
  const schema = object({
    isRepeated: { type: 'boolean' },
    writesToLedger: { type: 'boolean' },
    isFree: { type: 'boolean' },
  });
  const all = (value: boolean) => ground(schema, { isRepeated: value, writesToLedger: value, isFree: value });
  expect(all(true).data).toEqual({ isRepeated: true });
  expect(all(false).data).toEqual({ writesToLedger: false });
});

test('yes and no stand in a cell of a quoted row, under a head that a claim about the row gives it', () => {
  const quote = '| Lamp | Yes | No |';
  const claims = ['Tool: Lamp; Free to use: Yes; Sold at sea: No'];
  const about = (name: string, value: boolean, cites: { quote: string; claims?: string[] }) =>
    groundData({ [name]: value }, outputSchemaType(object({ [name]: { type: 'boolean' } })), [
      { source: 'tools.md', ...cites },
    ]).data;
  expect(about('freeToUse', true, { quote, claims })).toEqual({ freeToUse: true });
  expect(about('soldAtSea', false, { quote, claims })).toEqual({ soldAtSea: false });
  expect(about('freeToUse', false, { quote, claims })).toEqual({});
  expect(about('freeToSell', true, { quote, claims })).toEqual({});
  expect(about('freeToUse', true, { quote })).toEqual({});
  expect(about('freeToUse', true, { quote: '| Lamp | new | No |', claims })).toEqual({});
});

test('of a list, only what stands in a quote stays, objects with all that they must have', () => {
  const item = object({ name: { type: 'string' }, n: { type: 'integer' } }, ['name', 'n']);
  const schema = object({ all: { type: 'array', items: item } }, ['all']);
  const value = {
    all: [
      { name: 'Lighthouse', n: 15 },
      { name: 'Lighthouse', n: 99 },
      { name: 'invented', n: 98 },
    ],
  };
  expect(ground(schema, value).data).toEqual({ all: [{ name: 'Lighthouse', n: 15 }] });
});

test('a list of which no quote names anything is empty, and told to be so', () => {
  const names = { type: 'array', items: { type: 'string' } };
  const schema = object({ at: object({ names }, ['names']), poll: { type: 'integer' } }, ['at']);
  const told = (value: string[]) => ground(schema, { at: { names: value }, poll: 15 });
  expect(told([])).toMatchObject({ data: { at: { names: [] }, poll: 15 }, unfilled: ['at.names'] });
  expect(told(['invented'])).toMatchObject({ data: { at: { names: [] }, poll: 15 }, unfilled: ['at.names'] });
  expect(told(['Lighthouse']).unfilled).toEqual([]);
});

test('a default of the schema fills nothing', () => {
  const schema = object({ port: { type: 'integer', default: 7233 } });
  expect(ground(schema, outputSchemaType(schema).parse({})).data).toEqual({});
});

test('a model may say null for every field, and must for none that the schema dictates', () => {
  const schema = object({ kind: { const: 'report' }, at: object({ n: { type: 'integer' } }, ['n']) }, ['kind', 'at']);
  const judge = outputSchemaType(withNullableFields(schema));
  expect(judge.safeParse({ kind: 'report', at: { n: null } }).success).toBe(true);
  expect(judge.safeParse({ kind: 'report', at: null }).success).toBe(true);
  expect(judge.safeParse({ kind: null, at: null }).success).toBe(false);
  expect(judge.safeParse({ kind: 'report' }).success).toBe(false);
});

test.each([
  ['1.500', [1.5, 1500]],
  ['1,5', [1.5]],
  ['2.5 million', [2_500_000]],
  ['twenty-five', [25]],
  ['-3', [-3]],
  ['10 000', [10_000]],
])('the number in “%s” is read as it may be meant', (text, values) => {
  for (const value of values) expect([...numbersIn(`about ${text} of them`)]).toContain(value);
});

test.each([
  '2026-11-24',
  '24 November 2026',
  'Nov. 24th, 2026',
  '24.11.2026',
  '11/24/2026',
  '2026-Nov-24',
  '24-Nov-2026',
  'the twenty-fourth of November 2026',
  'November the 24th, 2026',
])('%s is the day', (text) => {
  expect(dateStandsIn('2026-11-24', `made on ${text}.`)).toBe(true);
  expect(dateStandsIn('2026-11-23', `made on ${text}.`)).toBe(false);
});

test('texts without blanks between words, and long ones without an end, are looked through, too', () => {
  expect(wordsStandIn('再試行は三回', '失敗した場合、再試行は三回までです。')).toBe(true);
  expect(wordsStandIn('再試行は五回', '失敗した場合、再試行は三回までです。')).toBe(false);
  expect(numberStandsIn(5, '1 '.repeat(50_000))).toBe(false);
  expect(truthIn('the fuse isn’t replaced', ['replaced'])).toBe(false);
});

test('the offline model fills a field with what a quote says of it, and others with null', () => {
  const schema = withNullableFields(
    object({
      pollSeconds: { type: 'integer' },
      maxRepeats: { type: 'integer', description: 'how many times an alarm is repeated at most' },
      released: { type: 'string', format: 'date' },
      price: { type: 'number' },
      owner: { type: 'string' },
      facts: { type: 'array', items: { type: 'string' } },
    }),
  );
  const filled = fillFromQuotes(
    schema,
    QUOTES.map((quote) => ({ text: quote, quotes: [quote] })),
  );
  expect(filled).toEqual({
    pollSeconds: 15,
    maxRepeats: 3,
    released: '2025-11-24',
    price: null,
    owner: null,
    facts: QUOTES,
  });
});

const SAID = [
  {
    text: 'Special ranges: 61184…65519: dynamic users',
    quotes: ['61184…65519 → UIDs for dynamic users are taken from it.'],
  },
  { text: 'Crew: Swan: Person: Ann Lee; Since: 2023-Feb-16', quotes: ['| Swan | Ann Lee | 2023-Feb-16 |'] },
  { text: 'The pier', quotes: ['It was begun on the twenty-first of May 2024.'] },
  { text: 'It is off.', quotes: ['A UID of more than 16bit is refused for dynamic users, since v251 and #1020396.'] },
  {
    text: 'It is kept.',
    quotes: ['Whoever takes the boat out of the harbour at night must not forget the log, the lamp and the horn.'],
  },
  {
    text: 'Calls',
    quotes: ['A call is repeated 3 times; a claim is kept for at most 6 months, and for at least 2 days.'],
  },
];

test.each<[string, string, JsonSchema, unknown]>([
  ['the lower end of a span', 'dynamic_uid_min', { type: 'integer' }, 61184],
  ['the upper end of a span', 'dynamicUidMax', { type: 'integer' }, 65519],
  ['neither of two ends', 'dynamic_uid', { type: 'integer' }, null],
  ['a number that is said of another thing', 'system_uid_max', { type: 'integer' }, null],
  ['a number with its unit', 'claim_months', { type: 'integer' }, 6],
  ['… and with another one', 'claim_hours', { type: 'integer' }, null],
  ['what is said to be the least', 'minClaimDays', { type: 'integer' }, 2],
  ['what is not said to be the most', 'max_call_repeats', { type: 'integer' }, null],
  ['a number by what describes it', 'n', { type: 'integer', description: 'how often a call is repeated' }, 3],
  ['the cell under its column', 'person', { type: 'string' }, 'Ann Lee'],
  ['the day under its column', 'since', { type: 'string', format: 'date' }, '2023-02-16'],
  ['the day in words', 'begun', { type: 'string', format: 'date' }, '2024-05-21'],
  ['what has no column', 'company', { type: 'string' }, null],
  ['what is spoken of in passing', 'log', { type: 'string' }, null],
])('the offline model gives %s for %s, and else null', (_what, name, field, value) => {
  expect(fillFromQuotes(withNullableFields(object({ [name]: field })), SAID)).toEqual({ [name]: value });
});

test('the offline model gives one of several words where it is said of the field, or is the only one that is said', () => {
  const level = { enum: ['high', 'low'] };
  const filled = (quotes: string[]): unknown =>
    fillFromQuotes(withNullableFields(object({ tide: level })), [{ text: '', quotes }]);
  expect(filled(['The wall is high.', 'The tide is low.'])).toEqual({ tide: 'low' });
  expect(filled(['It is high.'])).toEqual({ tide: 'high' });
  expect(filled(['The wall is high. The boat is low.'])).toEqual({ tide: null });
});
