// amounts.ts: the amounts that a sentence states, in the base unit of what they measure, so that 90 s and 1.5 minutes are one.
// Pure. Knows English words of numbers and units.

/** What a sentence says of how much. */
export interface Amount {
  /** What it measures: `time`, `data`, … `count` where a number has no unit. */
  measure: string;
  /** In the measure's base unit; a lone value has both the same. */
  low: number;
  high: number;
  /** `least`: that much or more; `most`: that much or less. */
  bound?: 'least' | 'most';
  /** It was said to be rough, so near values are the same. */
  isRough: boolean;
  /** Multiplies what the unit's name says: of two that differ, both were converted. */
  unit: string;
  /** Of a count: the words behind it, as `routes`. */
  nouns: string[];
  /** Exact slice of the sentence. */
  text: string;
  start: number;
  end: number;
}

const TIME = { ms: 1e-3, s: 1, min: 60, h: 3_600, day: 86_400, week: 604_800, month: 2_592_000, year: 31_557_600 };
const UNITS: readonly [measure: string, factor: number, names: string][] = [
  ['time', 1e-6, 'µs|microseconds?'],
  ['time', TIME.ms, 'ms|milliseconds?|msecs?'],
  ['time', TIME.s, 's|secs?|seconds?'],
  ['time', TIME.min, 'mins?|minutes?'],
  ['time', TIME.h, 'h|hrs?|hours?'],
  ['time', TIME.day, 'days?'],
  ['time', TIME.week, 'weeks?'],
  ['time', TIME.month, 'months?'],
  ['time', TIME.year, 'years?'],
  ['data', 1, 'bytes?|B'],
  ['data', 1e3, 'kB|KB|kilobytes?'],
  ['data', 1e6, 'MB|megabytes?'],
  ['data', 1e9, 'GB|gigabytes?'],
  ['data', 1e12, 'TB|terabytes?'],
  ['data', 1_024, 'KiB'],
  ['data', 1_048_576, 'MiB'],
  ['data', 1_073_741_824, 'GiB'],
  ['length', 1e-3, 'mm|millimet(?:re|er)s?'],
  ['length', 1e-2, 'cm|centimet(?:re|er)s?'],
  ['length', 1, 'm|met(?:re|er)s?'],
  ['length', 1e3, 'km|kilomet(?:re|er)s?'],
  ['length', 1_609.344, 'mi|miles?'],
  ['length', 0.3048, 'ft|foot|feet'],
  ['length', 0.0254, 'inch|inches'],
  ['volume', 1e-3, 'ml|mL|millilit(?:re|er)s?'],
  ['volume', 1, 'L|lit(?:re|er)s?'],
  ['mass', 1e-3, 'g|grams?'],
  ['mass', 1, 'kg|kilograms?|kilos?'],
  ['mass', 1e3, 't|tonnes?'],
  ['mass', 0.45359237, 'lbs?'],
  ['temperature', 1, '°C|degrees Celsius'],
  ['share', 1, '%|percent|per cent'],
  ['dollars', 1, 'dollars?|USD'],
  ['euros', 1, 'euros?|EUR'],
  ['pounds', 1, 'GBP|pounds? sterling'],
];
const CURRENCY: Readonly<Record<string, string>> = { $: 'dollars', '€': 'euros', '£': 'pounds' };
const NUMBER_WORDS: Readonly<Record<string, number>> = Object.fromEntries(
  'two three four five six seven eight nine ten eleven twelve'.split(' ').map((word, at) => [word, at + 2] as const),
);
const SCALE: Readonly<Record<string, number>> = { thousand: 1e3, million: 1e6, billion: 1e9, k: 1e3 };

const FIGURE = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`;
const UNIT = UNITS.map(([, , names]) => names).join('|');
const AMOUNT = new RegExp(
  String.raw`(?<![\p{L}\p{N}_./:#-])(?<sign>[$€£])?\s?(?<low>${FIGURE}|(?<word>${Object.keys(NUMBER_WORDS).join('|')}))` +
    String.raw`(?:\s?(?:-|–|to|and)\s?(?<high>${FIGURE}))?(?:\s?(?<scale>thousand|million|billion|k))?` +
    String.raw`(?:[\s-]?(?<unit>${UNIT})(?![\p{L}\p{N}_]))?(?![\p{N}_]|[.:/-]\p{N}|\p{L})`,
  'gu',
);
/** "every second", "once a minute": one of that unit. */
const EACH = /\b(?:every|once an?|once per|each)\s(?<unit>second|minute|hour|day|week|month|year)\b/giu;
const ROUGH = /(?:\b(?:about|roughly|around|nearly|almost|approximately|circa|some)|~|≈)\s*$/i;
const LEAST = /\b(?:at least|more than|over|no less than|no fewer than|minimum of|minimum is|from)\s*$/i;
const MOST =
  /\b(?:at most|up to|no more than|not more than|maximum of|limited to|less than|fewer than|below|under)\s*$/i;
const LEAST_BEHIND = /^\s*(?:or more|or newer|or longer|at least|and more)\b/i;
const MOST_BEHIND = /^\s*(?:or less|or fewer|at most|at the most)\b/i;
const RANGE = /\b(?:between|from)\s*$|^\s?(?:-|–|to)/i;
const MOST_NOUNS = 2;

/**
 * The amounts in a sentence, in order.
 * @param taken slices that are something else, such as dates.
 */
export function amountsIn(sentence: string, taken: readonly { start: number; end: number }[] = []): Amount[] {
  const isTaken = (start: number, end: number): boolean => taken.some((one) => start < one.end && end > one.start);
  const found: Amount[] = [];
  for (const match of sentence.matchAll(AMOUNT)) {
    const { sign, low = '', word, high, scale, unit } = match.groups ?? {};
    const start = match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0);
    const end = match.index + match[0].length;
    if (isTaken(start, end)) continue;
    const before = sentence.slice(0, start);
    const behind = sentence.slice(end);
    const times = scale === undefined ? 1 : (SCALE[scale] ?? 1);
    const [measure, factor] = measureOf(sign, unit);
    const first = word === undefined ? numberOf(low) : (NUMBER_WORDS[low] ?? 0);
    // "between 10 and 20" is a range, "3 and 5" are two.
    const isRange = high !== undefined && (/-|–|to/.test(match[0].slice(low.length)) || RANGE.test(before));
    const last = isRange ? numberOf(high) : first;
    const bound = boundOf(before, behind);
    found.push({
      measure,
      low: first * times * factor,
      high: last * times * factor,
      ...(bound && !isRange ? { bound } : {}),
      isRough: ROUGH.test(before),
      unit: `${sign ?? ''}${unit ?? ''}`,
      nouns: measure === 'count' ? nounsBehind(behind) : [],
      text: sentence.slice(start, end),
      start,
      end,
    });
  }
  for (const match of sentence.matchAll(EACH)) {
    const { unit = '' } = match.groups ?? {};
    const [measure, factor] = measureOf(undefined, unit);
    const [start, end] = [match.index, match.index + match[0].length];
    if (!isTaken(start, end))
      found.push({ measure, low: factor, high: factor, isRough: false, unit, nouns: [], text: match[0], start, end });
  }
  return found;
}

const numberOf = (text: string): number => Number(text.replaceAll(',', ''));

function measureOf(sign: string | undefined, unit: string | undefined): [string, number] {
  if (sign !== undefined) return [CURRENCY[sign] ?? 'count', 1];
  const row =
    unit === undefined ? undefined : UNITS.find(([, , names]) => new RegExp(`^(?:${names})$`, 'u').test(unit));
  return row ? [row[0], row[1]] : ['count', 1];
}

function boundOf(before: string, behind: string): Amount['bound'] {
  if (LEAST.test(before) || LEAST_BEHIND.test(behind)) return 'least';
  return MOST.test(before) || MOST_BEHIND.test(behind) ? 'most' : undefined;
}

/** The first words behind a number: what is counted is among them. */
const nounsBehind = (behind: string): string[] =>
  (/^(?:\s[\p{L}'’-]+){1,2}/u.exec(behind)?.[0] ?? '').trim().toLowerCase().split(/\s+/).slice(0, MOST_NOUNS);

/** Of values that were said to be rough, or converted: how far apart the same ones may be. */
const ROUGHLY = 0.05;
const CONVERTED = 0.02;
/** A thousand bytes or 1,024, three times over. */
const DATA = 0.08;

/** Whether two amounts of one measure can both hold of the same thing. */
export function agree(a: Amount, b: Amount): boolean {
  const off = toleranceOf(a, b) * Math.max(Math.abs(a.high), Math.abs(b.high));
  const [aLow, aHigh] = openEnds(a, b);
  const [bLow, bHigh] = openEnds(b, a);
  return aLow <= bHigh + off && bLow <= aHigh + off;
}

/** One that says "at least" leaves room above beside one that says how much it is. */
const openEnds = (one: Amount, other: Amount): [number, number] =>
  one.bound === 'least' && other.bound === undefined ? [one.low, Infinity] : [one.low, one.high];

function toleranceOf(a: Amount, b: Amount): number {
  if (a.isRough || b.isRough) return ROUGHLY;
  if (a.unit === b.unit) return 0;
  return a.measure === 'data' ? DATA : CONVERTED;
}
