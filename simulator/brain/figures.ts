// figures.ts: the number and the day that a statement gives, where it is known in which unit, and whether the lower or the upper one
// of two is asked for. A figure that may mean something else is none.

import { SHORT_MONTHS } from './calendar.ts';

/** A unit as a field may be called, and as it stands behind a number. */
export interface Unit {
  is: RegExp;
  behind: RegExp;
}

export type Bound = 'lowest' | 'highest';

export const UNITS: readonly Unit[] = [
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
].map((forms) => ({
  is: new RegExp(`^(?:${forms})$`),
  behind: new RegExp(`^\\s*[-(]?(?:${forms})(?![\\p{L}\\p{N}])`, 'iu'),
}));

const LOWEST = /^(?:min|minimum|lowest|lower|least)$/;
const HIGHEST = /^(?:max|maximum|highest|upper|most)$/;
export const boundOf = (word: string): Bound | undefined =>
  LOWEST.test(word) ? 'lowest' : HIGHEST.test(word) ? 'highest' : undefined;

const SAYS: Record<Bound, RegExp> = {
  lowest: /\b(?:at least|minimum(?: of)?|min\.?|lowest|no (?:less|fewer) than)\b/i,
  highest: /\b(?:at most|maximum(?: of)?|max\.?|highest|up to|(?:no|not) more than|limited to)\b/i,
};
/** Where a text says that something is the least, or the most; -1 where it does not. */
export const saysBound = (text: string, bound: Bound): number => text.search(SAYS[bound]);

const SMALL = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
/** No part of a name, a day or a version. */
const NUMBER = new RegExp(
  String.raw`(?<![\p{L}\p{N}_#.:/-])[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?=(?:ms|s|h|d|[kmg]i?b|%)?(?![\p{L}\p{N}_]|[.:/-]\p{N}))|\b(?:${SMALL.join('|')})\b`,
  'giu',
);
const TO = /^\s*(?:…|\.{2,3}|–|—|-|to|through|and)\s*$/;
const DAY = new RegExp(`^\\.?[\\s-]+(?:${SHORT_MONTHS.join('|')})`, 'i');

interface Figure {
  at: number;
  end: number;
  value: number;
}

/** What is asked of a statement. */
export interface Wanted {
  isWhole: boolean;
  unit: Unit | undefined;
  bound: Bound | undefined;
  /** Whether a word speaks of what is asked for. */
  speaks: (word: string) => boolean;
}

/** The number that a statement gives; of several the one nearest to a word that speaks of it. */
export function numberIn(statement: string, { isWhole, unit, bound, speaks }: Wanted): number | undefined {
  const figures = [...statement.matchAll(NUMBER)]
    .map(({ index, 0: said }): Figure => ({ at: index, end: index + said.length, value: valueOf(said) }))
    .filter(({ value }) => !isWhole || Number.isInteger(value));
  const from = figures.findIndex((one, at) => TO.test(statement.slice(one.end, figures[at + 1]?.at)));
  // "61184…65519": which of the two is meant must be asked.
  if (from >= 0) return bound && figures[bound === 'lowest' ? from : from + 1]?.value;
  const counted = figures.filter(({ end }) => {
    const behind = statement.slice(end);
    return !DAY.test(behind) && (unit === undefined || unit.behind.test(behind));
  });
  if (bound !== undefined) {
    const says = saysBound(statement, bound);
    return says < 0 ? undefined : counted.find(({ at }) => at >= says)?.value;
  }
  const places = [...statement.matchAll(/\p{L}+/gu)].filter(([word]) => speaks(word.toLowerCase()));
  const distance = ({ end }: Figure): number =>
    places.reduce((least, { index }) => Math.min(least, Math.abs(index - end)), Infinity);
  return counted.sort((a, b) => distance(a) - distance(b))[0]?.value;
}

function valueOf(said: string): number {
  const small = SMALL.indexOf(said.toLowerCase());
  return small >= 0 ? small : Number(said.replaceAll(',', '').replace('−', '-'));
}

const MONTH = `(?<month>${SHORT_MONTHS.join('|')})[a-z]*\\.?`;
const DAYS = [
  /\b(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})\b/,
  new RegExp(`\\b(?<day>\\d{1,2})\\.?[\\s-]+${MONTH},?[\\s-]+(?<year>\\d{4})\\b`, 'i'),
  new RegExp(`\\b${MONTH}\\s+(?<day>\\d{1,2}),?\\s+(?<year>\\d{4})\\b`, 'i'),
  new RegExp(`\\b(?<year>\\d{4})-${MONTH}-(?<day>\\d{1,2})\\b`, 'i'),
];

/** The day that a text names, as `2026-11-24`. */
export function dayIn(text: string): string | undefined {
  for (const form of DAYS) {
    const { year, month = '', day = '' } = form.exec(text)?.groups ?? {};
    const at = SHORT_MONTHS.indexOf(month.toLowerCase()) + 1;
    if (year !== undefined)
      return [year, at > 0 ? String(at) : month, day].map((one) => one.padStart(2, '0')).join('-');
  }
  return undefined;
}
