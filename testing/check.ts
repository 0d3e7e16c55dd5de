// check.ts: what a contract suite is made of: named checks for any test runner; and what a suite says to who calls it otherwise.

import { z } from 'zod';
import { problemsOf } from '../protocol/schemas/definition.ts';

/** One promise of a contract. `run` rejects with an AssertionError that says what was broken. */
export interface Check {
  name: string;
  run: () => Promise<void>;
}

/**
 * What a suite is about and its sample are judged before any check: what is missing would show as a broken promise.
 *
 * @param call how the suite is called, for people.
 * @throws TypeError with all that does not fit.
 */
export function checkCall(call: string, given: Record<string, unknown>, shape: Record<string, z.ZodType>): void {
  const problems = problemsOf(z.object(shape), given);
  if (problems.length > 0) throw new TypeError(`it is ${call}; ${problems.join('; ')}`);
}

export const anObject = z.custom((value) => typeof value === 'object' && value !== null, 'must be an object: { … }');
