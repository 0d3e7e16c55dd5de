// fill-from-quotes.ts: somebody else's schema filled with what quotes say: each field with a piece of the quote that speaks
// of it, by its name and description; null where none does. Nothing is put into other words.

import type { JsonSchema } from '../wire.ts';

const MAX_DEPTH = 12;

/** @param quotes in the order in which they matter. */
export function fillFromQuotes(schema: JsonSchema | undefined, quotes: readonly string[]): unknown {
  const root = schema ?? {};
  return fill(root, { root, quotes, about: [], depth: 0 });
}

interface Field {
  root: JsonSchema;
  quotes: readonly string[];
  /** Words of the field's name and description. */
  about: readonly string[];
  depth: number;
}

function fill(given: JsonSchema, field: Field): unknown {
  if (field.depth > MAX_DEPTH) return null;
  const schema = resolved(given, field.root);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return oneOf(schema.enum, field);
  const choice = (schema.anyOf ?? schema.oneOf)?.find((part) => part.type !== 'null');
  if (choice) return fill(choice, field);
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  switch (type ?? (schema.items ? 'array' : schema.properties ? 'object' : 'string')) {
    case 'object':
      return object(schema, field);
    case 'array':
      return list(schema, field);
    case 'boolean':
      return truth(field);
    case 'integer':
    case 'number':
      return number(field, type === 'integer');
    case 'string':
      return text(schema, field);
    default:
      return null;
  }
}

function object({ properties = {} }: JsonSchema, field: Field): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, part]) => {
      const about = contentWords(`${name} ${part.description ?? ''}`);
      return [name, fill(part, { ...field, about, depth: field.depth + 1 })];
    }),
  );
}

/** An entry for each quote that speaks of the field; of objects, for each that fills one of their fields. */
function list({ items }: JsonSchema, field: Field): unknown[] {
  const item = Array.isArray(items) ? items[0] : items;
  if (!item) return [];
  const speaking = field.quotes.filter((quote) => overlap(quote, field.about) > 0);
  const quotes = speaking.length > 0 ? speaking : field.quotes;
  return quotes
    .map((quote) =>
      fill(item, { ...field, quotes: [quote], about: [...field.about, ...ANYTHING], depth: field.depth + 1 }),
    )
    .filter((one) => typeof one !== 'object' || (one !== null && Object.values(one).some((inner) => inner !== null)));
}

/** What a field is called that takes whatever is said. */
const ANYTHING = ['answer', 'summary', 'text', 'finding', 'findings', 'result', 'fact', 'facts', 'statement', 'quote'];

function text(schema: JsonSchema, field: Field): string | null {
  const { about } = field;
  const best = bestQuote(field) ?? (about.some((word) => ANYTHING.includes(word)) ? field.quotes[0] : undefined);
  if (best === undefined) return null;
  if (schema.format?.startsWith('date')) return dateIn(best);
  // `Lead: Ada Novak`, `| Lead | Ada Novak |`
  const labelled = [...best.matchAll(/(?:^|[|;,.]\s*|\n)([^:|;,.=\n]{1,40})\s*[:|=]\s*([^|;\n]{1,200})/g)].find(
    ([, label = '']) => overlap(label, about) > 0,
  );
  return labelled?.[2]?.trim().replace(/[.,]$/, '') ?? best;
}

function number(field: Field, isWhole: boolean): number | null {
  for (const quote of byOverlap(field)) {
    const found = [...quote.matchAll(NUMBER)]
      .map(({ index, 0: said }) => ({ at: index + said.length, value: valueOf(said) }))
      .filter(({ value }) => Number.isFinite(value) && (!isWhole || Number.isInteger(value)));
    // The number that stands nearest to a word of the field: its unit, mostly.
    const places = [...quote.matchAll(/\p{L}+/gu)].filter(([word]) =>
      field.about.some((one) => isForm(word.toLowerCase(), one)),
    );
    const distance = (at: number): number => Math.min(...places.map(({ index }) => Math.abs(index - at)));
    const [nearest] = found.sort((a, b) => distance(a.at) - distance(b.at));
    if (nearest) return nearest.value;
  }
  return null;
}

const SMALL = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NUMBER = new RegExp(String.raw`[-−]?\d+(?:,\d{3})*(?:\.\d+)?|\b(?:${SMALL.join('|')})\b`, 'gi');

function valueOf(said: string): number {
  const small = SMALL.indexOf(said.toLowerCase());
  return small >= 0 ? small : Number(said.replaceAll(',', '').replace('−', '-'));
}

function truth(field: Field): boolean | null {
  const quote = bestQuote(field);
  return quote === undefined ? null : !NO.test(quote);
}

const NO =
  /\b(?:no|not|never|none|false|off|disabled|without|cannot|neither|nor|nothing|unsupported|unavailable|denied|refused)\b|n['’]t\b/i;

function oneOf(values: readonly unknown[], field: Field): unknown {
  const options = values.filter((one) => one !== null);
  if (options.length === 1) return options[0];
  const quotes = [...byOverlap(field), ...field.quotes];
  for (const quote of quotes) {
    const words = ` ${wordsIn(quote).join(' ')} `;
    const said = options.find(
      (one) => typeof one === 'string' && one !== '' && words.includes(` ${wordsIn(one).join(' ')} `),
    );
    if (said !== undefined) return said;
  }
  return null;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

function dateIn(quote: string): string | null {
  const iso = /\b\d{4}-\d{2}-\d{2}\b/.exec(quote)?.[0];
  if (iso) return iso;
  const month = `(${MONTHS.join('|')})[a-z]*\\.?`;
  const before = new RegExp(`\\b(\\d{1,2})\\.?\\s+${month},?\\s+(\\d{4})\\b`, 'i').exec(quote);
  const behind = new RegExp(`\\b${month}\\s+(\\d{1,2}),?\\s+(\\d{4})\\b`, 'i').exec(quote);
  const [day, name, year] = before ? before.slice(1) : behind ? [behind[2], behind[1], behind[3]] : [];
  if (day === undefined || name === undefined || year === undefined) return null;
  const two = (value: string | number): string => String(value).padStart(2, '0');
  return `${year}-${two(MONTHS.indexOf(name.toLowerCase()) + 1)}-${two(day)}`;
}

const bestQuote = (field: Field): string | undefined => byOverlap(field)[0];

/** The quotes that speak of the field, the one with most of its words first. */
const byOverlap = ({ quotes, about }: Field): string[] =>
  quotes
    .map((quote) => ({ quote, words: overlap(quote, about) }))
    .filter(({ words }) => words > 0)
    .sort((a, b) => b.words - a.words)
    .map(({ quote }) => quote);

const overlap = (quote: string, about: readonly string[]): number => {
  const words = wordsIn(quote);
  return about.filter((one) => words.some((word) => isForm(word, one))).length;
};

/** The same word, or forms of it that begin alike. */
function isForm(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short === long || (short.length >= 4 && long.startsWith(short.slice(0, Math.max(4, short.length - 2))));
}

const wordsIn = (given: string): string[] => given.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Of a name as programs write it, and a description. */
const contentWords = (given: string): string[] =>
  wordsIn(given.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')).filter(
    (word) => word.length > 2 && !EMPTY.has(word),
  );

const EMPTY = new Set(
  'the and for are was has have does how what which who when where that this with from its per each'.split(' '),
);

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === '#') return root;
  const [, group, name] = /^#\/(\$defs|definitions)\/(.+)$/.exec(schema.$ref ?? '') ?? [];
  return name === undefined ? schema : ((group === '$defs' ? root.$defs : root.definitions)?.[name] ?? {});
}
