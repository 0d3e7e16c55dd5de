// definition.ts: judges what somebody defines: in plain JavaScript nothing else does, and what is wrong would show only when a
// task meets it. One way for tools, kinds, models, classes, routers and all else that is handed over as a value.

import { z } from 'zod';
import { inWords } from './in-words.ts';

/** What can't be defined as it is. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  /** Everything that is wrong, each in a sentence. */
  readonly problems: readonly string[];

  constructor(what: string, problems: readonly string[]) {
    super(`${what} can't be defined: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/**
 * @param what for people, e.g. `a tool`; the value's own name is added.
 * @returns it as the shape reads it.
 * @throws DefinitionError with all that does not fit.
 */
export function checkDefinition<T>(what: string, value: unknown, shape: z.ZodType<T>): T {
  const read = shape.safeParse(value, { error: inWords });
  if (read.success) return read.data;
  const { name, model } = (value ?? {}) as { name?: unknown; model?: unknown };
  const called = name ?? model;
  throw new DefinitionError(typeof called === 'string' ? `${what} "${called}"` : what, sentences(read.error.issues));
}

/** All that does not fit, each in a sentence that begins with the field's name. */
export function problemsOf(shape: z.ZodType, value: unknown): string[] {
  return sentences(shape.safeParse(value, { error: inWords }).error?.issues ?? []);
}

const sentences = (issues: readonly z.core.$ZodIssue[]): string[] =>
  issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));

export const aFunction = z.custom((value) => typeof value === 'function', 'must be a function');

/** What judges each field of what is handed over, so that none is forgotten. */
export type ShapesOf<T> = Record<keyof T, z.ZodType>;

/** A name within bounds, with what to say of one that is not. */
export const aName = (pattern: RegExp, what: string) =>
  z.string().superRefine((value, context) => {
    if (!pattern.test(value)) context.addIssue({ code: 'custom', message: `"${value}" can't name ${what}` });
  });

/** A list in which no name stands twice. */
export const namedOnce = <T extends z.ZodType<{ name: string }>>(one: T) =>
  z.array(one).superRefine((all, context) => {
    const names = all.map(({ name }) => name);
    for (const name of new Set(names.filter((each, at) => names.indexOf(each) !== at)))
      context.addIssue({ code: 'custom', message: `"${name}" is listed twice` });
  });

/** A zod schema by which values are judged. */
export const aSchema = z.custom(
  (value) => typeof (value as { safeParse?: unknown } | undefined)?.safeParse === 'function',
  'must be a zod schema',
);

/**
 * A zod schema that can be shown to a model as the JSON schema of an object.
 *
 * @param io which side of it is shown: what may come in, or what comes out.
 */
export const objectSchema = (io: 'input' | 'output') =>
  z.custom().superRefine((value, context) => {
    for (const issue of objectSchemaProblems(value, io)) context.addIssue({ code: 'custom', ...issue });
  });

interface Misfit {
  path: (string | number)[];
  message: string;
}

function objectSchemaProblems(value: unknown, io: 'input' | 'output'): Misfit[] {
  const { _zod } = (value ?? {}) as { _zod?: unknown };
  if (_zod === undefined) return [{ path: [], message: 'must be a schema of zod 4: z.object({ … })' }];
  const misfits: Misfit[] = [];
  const misfit = (path: (string | number)[], message: string): void =>
    void misfits.push({ path, message: `${message}, and models send JSON alone (a date: z.iso.date())` });
  try {
    const { type } = z.toJSONSchema(value as z.ZodType, {
      io,
      unrepresentable: ({ path, message }) => {
        misfit(fieldsOf(path), message);
        return 'any';
      },
    });
    if (misfits.length === 0 && type !== 'object') return [{ path: [], message: 'must be an object: z.object({ … })' }];
  } catch (error) {
    // A schema made by an older zod asks nobody.
    misfit([], error instanceof Error ? error.message : String(error));
  }
  return misfits;
}

/** `properties.days.items` as its author knows it: `days.[]`. */
function fieldsOf(path: readonly (string | number)[]): (string | number)[] {
  const fields: (string | number)[] = [];
  for (let at = 0; at < path.length; at += 1) {
    if (path[at] === 'properties') fields.push(path[(at += 1)] ?? '');
    else if (path[at] === 'items') fields.push('[]');
  }
  return fields;
}
