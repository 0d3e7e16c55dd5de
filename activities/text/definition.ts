// definition.ts: judges what somebody defines: in plain JavaScript nothing else does, and what is wrong would show only when a
// task meets it.

import { z } from 'zod';
import { inWords } from '../../protocol/schemas/in-words.ts';

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
 * @throws DefinitionError with all that does not fit.
 */
export function checkDefinition(what: string, value: unknown, shape: z.ZodType): void {
  const issues = shape.safeParse(value, { error: inWords }).error?.issues ?? [];
  if (issues.length === 0) return;
  const { name, model } = (value ?? {}) as { name?: unknown; model?: unknown };
  const called = name ?? model;
  throw new DefinitionError(
    typeof called === 'string' ? `${what} "${called}"` : what,
    issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)),
  );
}

export const aFunction = z.custom((value) => typeof value === 'function', 'must be a function');

export const aSchema = z.custom(
  (value) => typeof (value as { safeParse?: unknown } | undefined)?.safeParse === 'function',
  'must be a zod schema',
);

/** A name within bounds, with what to say of one that is not. */
export const aName = (pattern: RegExp, what: string) =>
  z.string().superRefine((value, context) => {
    if (!pattern.test(value)) context.addIssue({ code: 'custom', message: `"${value}" can't name ${what}` });
  });
