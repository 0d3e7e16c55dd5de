// moments.ts: the days, months, years and times of day that a sentence names, and the versions. Pure.

/** A day, month or year. */
export interface Moment {
  year: number;
  month?: number;
  day?: number;
  text: string;
  start: number;
  end: number;
}

/** A version that a sentence is about: `2.x`, `4.17.0`, `7`. `until`: up to it and not any more; `since`: from it on. */
export interface Version {
  number: string;
  when: 'in' | 'since' | 'until';
  text: string;
  start: number;
  end: number;
}

const MONTHS =
  'january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec';
const MONTH_NAMES = MONTHS.split('|');
const ISO = /(?<![\p{N}.-])(?<year>[12]\d{3})-(?<month>[01]\d)-(?<day>[0-3]\d)(?!\p{N})/gu;
const DAY_FIRST = new RegExp(String.raw`\b(?<day>[0-3]?\d)\s(?<name>${MONTHS})\s(?<year>[12]\d{3})\b`, 'giu');
const MONTH_FIRST = new RegExp(String.raw`\b(?<name>${MONTHS})(?:\s(?<day>[0-3]?\d),)?\s(?<year>[12]\d{3})\b`, 'giu');
/** A bare year stands behind such a word, or before what took place in it. */
const YEAR =
  /(?<=(?:\b(?:in|since|until|from|of|by|during|before|after|around|the|copyright|and|,)|©|\(c\))\s)(?<year>1[0-9]\d{2}|20\d{2})(?![\p{N}%,.]\p{N}|\s?(?:[kKMGT]?i?B|ms|m|km)\b)\b/giu;
const CLOCK = /(?<![\p{N}:.])(?:[01]?\d|2[0-3]):[0-5]\d(?![\p{N}:])/gu;

/** In order; none overlaps another. */
export function momentsIn(sentence: string): Moment[] {
  const found: Moment[] = [];
  for (const pattern of [ISO, DAY_FIRST, MONTH_FIRST, YEAR]) {
    for (const match of sentence.matchAll(pattern)) {
      const { year, month, name, day } = match.groups ?? {};
      const [start, end] = [match.index, match.index + match[0].length];
      if (found.some((one) => start < one.end && end > one.start)) continue;
      const at = month === undefined ? name && monthOf(name) : Number(month);
      found.push({
        year: Number(year),
        ...(at ? { month: at } : {}),
        ...(day === undefined ? {} : { day: Number(day) }),
        text: match[0],
        start,
        end,
      });
    }
  }
  return found;
}

const monthOf = (name: string): number =>
  1 + MONTH_NAMES.findIndex((one) => one.slice(0, 3) === name.slice(0, 3).toLowerCase());

/** Whether both can name the same time: one may be less exact. */
export const sameMoment = (a: Moment, b: Moment): boolean =>
  a.year === b.year &&
  (a.month === undefined || b.month === undefined || a.month === b.month) &&
  (a.day === undefined || b.day === undefined || a.day === b.day);

/** Times of day. */
export const clocksIn = (sentence: string): { text: string; start: number; end: number }[] =>
  Array.from(sentence.matchAll(CLOCK), ({ 0: text, index }) => ({ text, start: index, end: index + text.length }));

const VERSION = new RegExp(
  [
    String.raw`\b(?:versions?|releases?)\s(?<named>\d+(?:\.\w+)*)`,
    String.raw`\bv(?<short>\d+(?:\.\w+)*)\b`,
    String.raw`(?<![\p{L}\p{N}.,$€£-])(?<dotted>\d+\.x|\d+\.\d+\.\d+[\w.-]*)`,
    String.raw`\b[Nn]ode(?:\.js)?[\s\x60]*[<>=]*\s?(?<ofNode>\d+(?:\.\w+)*)\+?`,
    String.raw`(?<=\b(?:since|before|until|as of|up to)\s)(?<behind>\d+(?:\.\d+)+)(?!\s?(?:%|[\p{L}]))`,
    // "Node.js 18", "Express 4 needs": the number belongs to the name before it.
    String.raw`(?<=\b\p{Lu}[\p{L}.]*(?:js)?\s)(?<ofName>\d{1,2}(?:\.\d+)?)(?=\s(?:is|was|has|had|needs?|requires?|supports?|does|can|ended|will|or)\b|[.,;)]|$)`,
  ].join('|'),
  'gu',
);
const SINCE = /\b(?:since|from|as of|starting with)\s(?:version\s|release\s)?$/i;
const UNTIL = /\b(?:until|before|up to|prior to|till)\s(?:version\s|release\s)?$/i;

export function versionsIn(sentence: string): Version[] {
  return Array.from(sentence.matchAll(VERSION), (match) => {
    const { named, short, dotted, ofNode, behind, ofName } = match.groups ?? {};
    const before = sentence.slice(0, match.index);
    return {
      number: named ?? short ?? dotted ?? ofNode ?? behind ?? ofName ?? '',
      when: UNTIL.test(before) ? ('until' as const) : SINCE.test(before) ? ('since' as const) : ('in' as const),
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
    };
  });
}
