// in-words.ts: what is wrong with a value that a person wrote, in words for that person: zod's own are for who writes schemas.

import type { z } from 'zod';
import { meant } from '../near-name.ts';

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list: [ … ]',
  object: 'an object: { … }',
  record: 'an object: { … }',
};

/** For `schema.safeParse(value, { error: inWords })`. What a schema says of itself goes before it; undefined leaves zod's words. */
export const inWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') {
    // Whatever it is, it is to be there.
    if (issue.expected === 'nonoptional') return 'is missing';
    const expected = NAMES[issue.expected] ?? issue.expected;
    return issue.input === undefined
      ? `is missing; it is ${expected}`
      : `must be ${expected}, not ${kindOf(issue.input)}`;
  }
  if (issue.code === 'invalid_value' && issue.input === undefined) return `is missing; it is ${oneOf(issue.values)}`;
  if (issue.code === 'invalid_value') return `must be ${oneOf(issue.values)}${meantValue(issue.input, issue.values)}`;
  if (issue.code === 'unrecognized_keys')
    return `there is no ${issue.keys.map((key) => `"${key.slice(0, 64)}"${meant(key, fieldsOf(issue.inst))}`).join(' and no ')} here`;
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return nearestForm(issue.errors);
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => message).join('; ');
  if (issue.code === 'too_small')
    return `must ${amount(issue.inclusive === false ? 'more than' : 'at least', Number(issue.minimum), issue.origin)}`;
  if (issue.code === 'too_big')
    return `must ${amount(issue.inclusive === false ? 'less than' : 'at most', Number(issue.maximum), issue.origin)}`;
  return undefined;
};

/** Of the forms that a value may have, what it lacks of the one that was probably meant. */
function nearestForm(forms: readonly (readonly z.core.$ZodIssue[])[]): string {
  const words = forms.map((issues) =>
    issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')} ${message}`)),
  );
  const hints = (form: string[]): number => form.filter((one) => one.includes('did you mean')).length;
  const [nearest = []] = words.sort((a, b) => a.length - hints(a) - (b.length - hints(b)));
  return nearest.join('; ');
}

function fieldsOf(schema: { _zod: { def: object } } | undefined): string[] {
  const { shape = {} } = (schema?._zod.def ?? {}) as { shape?: object };
  return Object.keys(shape);
}

const UNITS: Readonly<Record<string, readonly [one: string, more: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  record: ['entry', 'entries'],
};

function amount(bound: string, n: number, origin: string): string {
  const unit = UNITS[origin]?.[n === 1 ? 0 : 1];
  return unit === undefined ? `be ${bound} ${n}` : `have ${bound} ${n} ${unit}`;
}

const meantValue = (typed: unknown, values: readonly unknown[]): string =>
  typeof typed === 'string'
    ? meant(
        typed,
        values.filter((value) => typeof value === 'string'),
      )
    : '';

const oneOf = (values: readonly unknown[]): string =>
  `${values.length > 1 ? 'one of ' : ''}${values.map((value) => JSON.stringify(value)).join(', ')}`;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && Number.isNaN(value)) return 'a number that is none';
  return (
    { string: 'a text', number: 'a number', boolean: 'true or false', function: 'a function' }[
      typeof value as string
    ] ?? 'an object'
  );
}
