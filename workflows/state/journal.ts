// journal.ts: the numbered events of a run, as a window for readers; older ones are in the store by then.

import type { EventCursor, EventPage, TaskEvent, TaskEventBody } from '../../protocol/events.ts';
import { EVENT_WINDOW } from '../../protocol/limits.ts';

export interface Journal {
  /** This run's id: part of every event's number. */
  run: string;
  events: TaskEvent[];
  last: number;
  /** Number of the last event that is safe in the store. */
  flushed: number;
}

export const newJournal = (run: string): Journal => ({ run, events: [], last: 0, flushed: 0 });

/** Numbers an event and keeps it in the window; what leaves the window is in the store by then. */
export function addEvent(journal: Journal, body: TaskEventBody, now: number): void {
  journal.last += 1;
  journal.events.push({ v: 1, run: journal.run, n: journal.last, at: now, ...body });
  while (journal.events.length > EVENT_WINDOW && (journal.events[0]?.n ?? Infinity) <= journal.flushed)
    journal.events.shift();
}

export const unsaved = ({ events, flushed }: Journal): TaskEvent[] => events.filter(({ n }) => n > flushed);

/** Whether half of the window is not saved yet. */
export const wantsFlush = ({ last, flushed }: Journal): boolean => last - flushed >= EVENT_WINDOW / 2;

/** The last event, when it closes the task. */
export function closing({ events }: Journal): Extract<TaskEvent, { type: 'task.closed' }> | undefined {
  const last = events.at(-1);
  return last?.type === 'task.closed' ? last : undefined;
}

export function eventsAfter(journal: Journal, after?: EventCursor): EventPage {
  const { run, events, last } = journal;
  const from = after && after.run === run ? after.n : 0;
  const first = events[0]?.n ?? 1;
  const gap = (after && after.run !== run) || from + 1 < first ? { gapBefore: first } : {};
  return { run, events: events.filter(({ n }) => n > from), last, closed: closing(journal) !== undefined, ...gap };
}
