// cursor.ts: where a reader of events stands, as text: `<run>:<n>`, the id of an event.

import type { EventCursor } from '../../protocol/events.ts';
import { ProblemError } from './problems.ts';

export const eventId = ({ run, n }: EventCursor): string => `${run}:${n}`;

/** @throws ProblemError (cursor_invalid) for what is no event's id. */
export function readCursor(text: string): EventCursor {
  const [, run, n] = /^([0-9a-zA-Z-]{1,64}):(\d{1,9})$/.exec(text) ?? [];
  if (run === undefined || n === undefined)
    throw new ProblemError('cursor_invalid', 'it must be the id of an event of this task, as the stream gave it');
  return { run, n: Number(n) };
}
