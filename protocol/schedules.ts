// schedules.ts: a question that is asked again and again: when, and how it is named. Pure; judges what a person typed before
// the server does.

/** What happens to a run whose time comes while an earlier one is at work: it is left out, waits (one at most), or starts beside it. */
export type Overlap = 'skip' | 'buffer' | 'all';
export const OVERLAPS: readonly Overlap[] = ['skip', 'buffer', 'all'];

/** As callers see it. Times are ms since the epoch. */
export interface Schedule {
  name: string;
  tenant: string;
  cron: string;
  /** Of the IANA database. */
  timezone: string;
  overlap: Overlap;
  goal: string;
  class: string;
  paused: boolean;
  /** The next times it runs; empty while it is paused. */
  next: number[];
  /** The last runs, newest first. */
  runs: { taskId: string; at: number }[];
}

/** Ids lie in one namespace for all deployments and tenants. */
export const scheduleId = (deployment: string, tenant: string, name: string): string =>
  `${scheduleStart(deployment)}${tenant}/${name}`;

export const scheduleStart = (deployment: string): string => `muster-${deployment}/`;

const NAMED = ['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

interface Field {
  what: string;
  from: number;
  to: number;
  names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { what: 'minute', from: 0, to: 59 },
  { what: 'hour', from: 0, to: 23 },
  { what: 'day of the month', from: 1, to: 31 },
  { what: 'month', from: 1, to: 12, names: MONTHS },
  { what: 'day of the week', from: 0, to: 7, names: DAYS },
];

const EXAMPLE = '"0 8 * * 1" is every Monday at 8:00';

/** Why this can't say when to run, in words for the person who typed it; undefined when it can. */
export function cronProblem(cron: string): string | undefined {
  const text = cron.trim();
  if (text.startsWith('@'))
    return NAMED.includes(text) ? undefined : `the time "${text.slice(0, 40)}" is not one of ${NAMED.join(', ')}`;
  const parts = text.split(/\s+/);
  if (text === '' || parts.length !== FIELDS.length)
    return `the time "${text.slice(0, 80)}" has ${text === '' ? 0 : parts.length} fields; it must have five: minute, hour, day of the month, month, day of the week (${EXAMPLE})`;
  const values: number[][] = [];
  for (const [at, field] of FIELDS.entries()) {
    const read = valuesOf(parts[at] ?? '', field);
    if (typeof read === 'string')
      return `the ${field.what} of the time is "${(parts[at] ?? '').slice(0, 40)}": ${read} (${EXAMPLE})`;
    values.push(read);
  }
  const [, , days = [], months = []] = values;
  const longest = Math.max(...months.map((month) => MONTH_DAYS[month - 1] ?? 31));
  return Math.min(...days) > longest
    ? `the time "${text}" never comes: none of its months has a day ${Math.min(...days)}`
    : undefined;
}

/** The values that a field means; what is wrong with it otherwise. */
function valuesOf(text: string, { from, to, names = [] }: Field): number[] | string {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(item) ?? [];
    if (range === '' || Number(step) < 1) return 'it is no value, range or list';
    const [first, last, ...rest] =
      range === '*' ? [from, to] : range.split('-').map((one) => numberOf(one, from, names));
    if (first === undefined || rest.length > 0 || Number.isNaN(first) || Number.isNaN(last ?? 0))
      return 'it is no value, range or list';
    const end = last ?? (item.includes('/') ? to : first);
    if (first < from || first > to || end < from || end > to) return `it must be ${from} to ${to}`;
    if (end < first) return 'its range ends before it begins';
    for (let value = first; value <= end; value += Number(step)) values.add(value);
  }
  return [...values];
}

function numberOf(text: string, from: number, names: readonly string[]): number {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return named + from;
  return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
}
