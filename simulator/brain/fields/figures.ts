// figures.ts: the number and the day that a statement gives, where it is known in which unit, and whether the lower or the upper one
// of two is asked for. A figure that may mean something else is none.

import { SHORT_MONTHS } from '../words/calendar.ts';

/** A unit as a field may be called, and as it stands behind a number. */
export interface Unit {
  is: RegExp;
  behind: RegExp;
  /** As it may stand before a number. */
  ahead?: RegExp;
  /** What need not be said where a number has this unit. */
  implies?: RegExp;
}

export type Bound = 'lowest' | 'highest';

function unit(forms: string): Unit {
  return {
    is: new RegExp(`^(?:${forms})$`, 'i'),
    // "one business day"
    behind: new RegExp(
      `^\\s*[-(]?(?:(?:business|working|calendar|consecutive|full|more)\\s)?(?:${forms})(?![\\p{L}\\p{N}])`,
      'iu',
    ),
  };
}

const COUNTED: readonly Unit[] = [
  'milliseconds?|millis|ms',
  'seconds?|secs?|s',
  'minutes?|mins?',
  'hours?|hrs?|h',
  'days?|d',
  'weeks?',
  'months?',
  'years?|yrs?',
  'bytes?',
  'kilobytes?|kb|kib',
  'megabytes?|mb|mib',
  'gigabytes?|gb|gib',
  'percent|percentage|%',
].map(unit);

/** Whether a unit is one of time. */
export const isOfTime = (one: Unit): boolean => COUNTED.slice(0, TIMES).includes(one);
const TIMES = 8;

const money = (is: RegExp, sign: string, behind: string): Unit => ({
  is,
  ahead: new RegExp(`${sign}\\s?$`),
  behind: new RegExp(`^\\s?(?:${sign}|(?:${behind})(?!\\p{L}))`, 'iu'),
});

export const UNITS: readonly Unit[] = [
  ...COUNTED,
  ...['celsius|°\\s?C', 'fahrenheit|°\\s?F'].map((forms) => ({
    ...unit(forms),
    implies: /^(?:temperature|temp|degrees?)$/,
  })),
  money(/^(?:usd|dollars?)$/, '\\$', 'usd|(?:us )?dollars?'),
  money(/^(?:eur|euros?)$/, '€', 'eur|euros?'),
  money(/^(?:gbp|pounds?)$/, '£', 'gbp|pounds?'),
];

const LOWEST = /^(?:min|minimum|lowest|lower|least)$/;
const HIGHEST = /^(?:max|maximum|highest|upper|most)$/;
export const boundOf = (word: string): Bound | undefined =>
  LOWEST.test(word) ? 'lowest' : HIGHEST.test(word) ? 'highest' : undefined;

const SAYS: Record<Bound, RegExp> = {
  lowest: /\b(?:at least|minimum(?: of)?|min\.?|lowest|(?:no|not|nor) (?:less|fewer) than)\b/i,
  highest: /\b(?:at most|maximum(?: of)?|max\.?|highest|up to|(?:no|not|nor) more than|limited to)\b/i,
};
/** Where a text says that something is the least, or the most; -1 where it does not. */
export const saysBound = (text: string, bound: Bound): number => text.search(SAYS[bound]);

/** Numbers in words, from 0. */
export const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
/** No part of a name, a day or a version. */
const NUMBER = new RegExp(
  String.raw`(?<![\p{L}\p{N}_#.:/-])[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?=(?:ms|s|h|d|[kmg]i?b|%)?(?![\p{L}\p{N}_]|[.:/-]\p{N}))|\b(?:(?:${TENS.join('|')})(?:-(?:${SMALL.slice(1, 10).join('|')}))?|${SMALL.join('|')})\b(?!-\p{L})`,
  'giu',
);
const TO = /^\s*(?:…|\.{2,3}|–|—|-|to|through|and)\s*$/;
const DAY = new RegExp(`^\\.?[\\s-]+(?:${SHORT_MONTHS.join('|')})`, 'i');

const OTHER_END = /^,?\s(?:but|and|nor|or)\s(?:at most|at least|(?:no|not)?\s?(?:more|less|fewer) than)\s/i;
/** What is measured in units; of anything else a figure with a unit counts nothing. */
export const MEASURED =
  /^(?:timeout|interval|delay|period|duration|age|size|limit|length|fee|price|cost|rate|time|ttl|retention|weight|height|width|speed|memory|temperature|distance|rent|budget|wait|lifetime)s?$/;
const IN = /\b(?:in|since|until|by|after|before|during)\s$/i;
const YEAR = /^(?:1[5-9]|20)\d\d$/;

interface Figure {
  at: number;
  end: number;
  value: number;
  said: string;
}

/** Where several figures stand, letters between the one that is meant and the word that speaks of it. */
const NEAR = 40;

/** What is asked of a statement. */
export interface Wanted {
  isWhole: boolean;
  unit: Unit | undefined;
  bound: Bound | undefined;
  /** Whether it has a unit, even where none is named. */
  isMeasured: boolean;
  /** Whether a word speaks of what is asked for. */
  speaks: (word: string) => boolean;
}

/** Where something else may begin to be said. */
const CLAUSE = /,\s(?:and|but|while|whereas)\s/g;
/** Where something is said beside. */
const BESIDE = /[()]/g;
/** No count, but a bound of a range. */
const COMPARED = /[<>≥≤]=?\s?$/;

/** All figures of a statement, whatever they count. */
export const figuresIn = (statement: string): number[] =>
  [...statement.matchAll(NUMBER)].map(([said]) => valueOf(said));

/** The number that a statement gives; of several the one nearest to a word that speaks of it. */
export function numberIn(statement: string, { isWhole, unit, bound, speaks, isMeasured }: Wanted): number | undefined {
  const figures = [...statement.matchAll(NUMBER)]
    .map(({ index, 0: said }): Figure => ({ at: index, end: index + said.length, value: valueOf(said), said }))
    .filter(({ value }) => !isWhole || Number.isInteger(value));
  const from = figures.findIndex((one, at) => TO.test(statement.slice(one.end, figures[at + 1]?.at)));
  // "61184…65519": which of the two is meant must be asked.
  if (from >= 0) return bound && figures[bound === 'lowest' ? from : from + 1]?.value;
  const counted = figures.filter(({ at, end, said }) => {
    const behind = statement.slice(end);
    if (DAY.test(behind) || (IN.test(statement.slice(0, at)) && YEAR.test(said))) return false;
    // "One of them" counts nothing; "one approval" does.
    const isCount = (): boolean =>
      said.toLowerCase() !== 'one' || (behind.match(/^(?:\s\p{L}+){1,2}/u)?.[0].match(/\p{L}+/gu) ?? []).some(speaks);
    if (unit === undefined)
      return (
        (bound !== undefined || isCount()) &&
        !COMPARED.test(statement.slice(0, at)) &&
        (isMeasured || !COUNTED.some((one) => one.behind.test(behind)))
      );
    return unit.behind.test(behind) || unit.ahead?.test(statement.slice(0, at)) === true;
  });
  if (bound !== undefined) {
    const says = saysBound(statement, bound);
    const next = says < 0 ? undefined : figures.find(({ at }) => at >= says);
    // "at least 10 but no more than 90 days"
    const isCounted = next !== undefined && (counted.includes(next) || OTHER_END.test(statement.slice(next.end)));
    return isCounted ? next.value : undefined;
  }
  const places = [...statement.matchAll(/\p{L}+/gu)].filter(([word]) => speaks(word.toLowerCase()));
  const distance = ({ end }: Figure): number =>
    places.reduce((least, { index }) => Math.min(least, Math.abs(index - end)), Infinity);
  const isOne = unit !== undefined || new Set(counted.map(({ value }) => value)).size === 1;
  const inClause = saidBetween(statement, CLAUSE, places);
  const inside = saidBetween(statement, BESIDE, places);
  const [nearest] = counted
    .map((one) => ({ ...one, clause: inClause(one.at), inside: inside(one.at), distance: distance(one) }))
    // "acknowledged within 5 days, and answered soon": the days are not those of the answer.
    .filter(({ clause }) => places.length === 0 || clause > 0)
    .sort((a, b) => b.clause - a.clause || b.inside - a.inside || a.distance - b.distance);
  return nearest !== undefined && (isOne || nearest.distance <= NEAR) && !/\n[^\n]*\|/.test(statement)
    ? nearest.value
    : undefined;
}

/** How many of the words at these places stand between the same borders as what stands somewhere. */
function saidBetween(statement: string, borders: RegExp, places: readonly RegExpExecArray[]): (at: number) => number {
  const starts = [0, ...[...statement.matchAll(borders)].map(({ index }) => index)];
  const partOf = (at: number): number => starts.findLastIndex((start) => start <= at);
  const said = new Map<number, Set<string>>();
  for (const { 0: word, index } of places) {
    const part = partOf(index);
    said.set(part, (said.get(part) ?? new Set()).add(word.toLowerCase()));
  }
  return (at) => said.get(partOf(at))?.size ?? 0;
}

function valueOf(said: string): number {
  const small = SMALL.indexOf(said.toLowerCase());
  if (small >= 0) return small;
  const [ten = '', ones = 'zero'] = said.toLowerCase().split('-');
  const tens = TENS.indexOf(ten);
  return tens >= 0 ? (tens + 2) * 10 + SMALL.indexOf(ones) : Number(said.replaceAll(',', '').replace('−', '-'));
}

const MONTH = `(?<month>${SHORT_MONTHS.join('|')})[a-z]*\\.?`;
/** The year that a text names, where it names one. */
export function yearIn(text: string): number | undefined {
  const all = new Set(text.match(/(?<![\p{L}\p{N}.,-])(?:1[5-9]|20)\d\d(?![\p{L}\p{N}]|[.,]\p{N})/gu));
  return all.size === 1 ? Number([...all][0]) : undefined;
}

/** Whether a word of a name is a number: `afterSevenDays`. */
export const isNumber = (word: string): boolean => /^\d+$/.test(word) || SMALL.includes(word) || TENS.includes(word);

const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );
/** Days of a month in words, from the first. */
const IN_ORDER = [
  ...ORDINALS,
  'twentieth',
  ...ORDINALS.slice(0, 9).map((one) => `twenty-${one}`),
  'thirtieth',
  'thirty-first',
];
const DAY_OF_MONTH = `(?<day>(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?|${IN_ORDER.join('|')})`;

/** How a day is written. */
export const DAYS: readonly RegExp[] = [
  /\b(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})\b/,
  // "the third of March 2026"
  new RegExp(`\\b${DAY_OF_MONTH}\\.?(?:\\s+of)?[\\s-]+${MONTH},?[\\s-]+(?<year>\\d{4})\\b`, 'i'),
  new RegExp(`\\b${MONTH}\\s+(?:the\\s+)?${DAY_OF_MONTH},?\\s+(?<year>\\d{4})\\b`, 'i'),
  new RegExp(`\\b(?<year>\\d{4})-${MONTH}-(?<day>\\d{1,2})\\b`, 'i'),
];

/** The day that a text names, as `2026-11-24`. */
export function dayIn(text: string): string | undefined {
  for (const form of DAYS) {
    const { year, month = '', day = '' } = form.exec(text)?.groups ?? {};
    if (year === undefined) continue;
    const placeIn = (names: readonly string[], said: string): string =>
      String(names.indexOf(said.toLowerCase()) + 1 || Number.parseInt(said, 10));
    return [year, placeIn(SHORT_MONTHS, month), placeIn(IN_ORDER, day)].map((one) => one.padStart(2, '0')).join('-');
  }
  return undefined;
}
