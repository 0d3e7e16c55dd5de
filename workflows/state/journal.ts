// journal.ts: the numbered events of a run, as a window for readers; older ones are in the store by then.

import type { EventCursor, EventPage, LastEvent, TaskEvent, TaskEventBody } from '../../protocol/events.ts';
import { EVENT_WINDOW } from '../../protocol/limits.ts';

export interface Journal {
  /** This run's id: part of every event's number. */
  run: string;
  events: TaskEvent[];
  last: number;
  /** Number of the last event that is safe in the store. */
  flushed: number;
  /** When the first finding was known, ms since the epoch. */
  firstFindingAt?: number;
}

/** Appends an event to the journal, and updates the details that people see. */
export type Emit = (body: TaskEventBody) => void;

export const newJournal = (run: string): Journal => ({ run, events: [], last: 0, flushed: 0 });

/**
 * Numbers an event and keeps it in the window; what leaves the window is in the store by then. Nothing follows what ends the log: a
 * sub-agent's late word would open what is over.
 */
export function addEvent(journal: Journal, body: TaskEventBody, now: number): void {
  const last = closing(journal);
  if (last && !(last.type === 'background.settled' && REOPENS.test(body.type))) return;
  journal.last += 1;
  if (body.type === 'subtask.finding') journal.firstFindingAt ??= now;
  journal.events.push({ v: 1, run: journal.run, n: journal.last, at: now, ...body });
  while (journal.events.length > EVENT_WINDOW && (journal.events[0]?.n ?? Infinity) <= journal.flushed)
    journal.events.shift();
}

/** What a background child says when it has something to do once more. */
const REOPENS = /^(?:background|delivery)\./;

export const unsaved = ({ events, flushed }: Journal): TaskEvent[] => events.filter(({ n }) => n > flushed);

/** Whether half of the window is not saved yet. */
export const wantsFlush = ({ last, flushed }: Journal): boolean => last - flushed >= EVENT_WINDOW / 2;

/** The last event, when nothing follows it: it closes the task, or its background child has nothing more to do. */
export function closing({ events }: Journal): Extract<TaskEvent, { type: LastEvent }> | undefined {
  const last = events.at(-1);
  return last?.type === 'task.closed' || last?.type === 'background.settled' ? last : undefined;
}

export function eventsAfter(journal: Journal, after?: EventCursor): EventPage {
  const { run, events, last } = journal;
  const from = after && after.run === run ? after.n : 0;
  const first = events[0]?.n ?? 1;
  const gap = (after && after.run !== run) || from + 1 < first ? { gapBefore: first } : {};
  return { run, events: events.filter(({ n }) => n > from), last, closed: closing(journal) !== undefined, ...gap };
}
