// part-of-id.ts: a task named by the beginning or the end of its id: which one is meant.

import { firstOf } from '../../protocol/first-of.ts';
import { usageError } from './terminal/cli-error.ts';

/** A shorter part means none. */
export const SHORTEST_PART = 4;

/** The one id that begins or ends with a part of some length. @throws CliError (usage) when there are several. */
export function onlyMatch(ids: readonly string[], part: string): string | undefined {
  if (part.length < SHORTEST_PART) return undefined;
  const matches = ids.filter((id) => id.startsWith(part) || id.endsWith(part));
  if (matches.length > 1)
    throw usageError(
      `${matches.length} tasks begin or end with ${part}: ${firstOf(matches, 5, ', ')}`,
      'Give more of the id.',
    );
  return matches[0];
}
