// event-source-reader.ts: a reader of a task's stream as browsers have it, which comes back by itself.

import { EventSource } from 'eventsource';
import type { TaskEvent } from '../../protocol/events.ts';

export interface Seen {
  event: string;
  id: string;
  data: any;
}

/** Reads with an EventSource until `done` or a 204; comes back by itself after each cut. */
export function follow(url: string): { seen: Seen[]; ended: Promise<void>; close(): void } {
  const seen: Seen[] = [];
  const source = new EventSource(url);
  const types = [
    'task.accepted',
    'sources.reading',
    'sources.ready',
    'plan.ready',
    'outline.ready',
    'subtask.started',
    'subtask.resumed',
  ];
  types.push(
    'subtask.finding',
    'subtask.retrying',
    'subtask.remark',
    'subtask.finished',
    'draft.updated',
    'answer.ready',
  );
  types.push('answer.verified', 'task.closed', 'answer.delta', 'answer.reset', 'snapshot', 'done', 'closing', 'live');
  const ended = new Promise<void>((end) => {
    for (const type of types)
      source.addEventListener(type, (message) => {
        seen.push({ event: type, id: message.lastEventId, data: JSON.parse(message.data as string) });
        if (type === 'done') end();
      });
    source.addEventListener('error', (error) => {
      if (error.code === 204) end();
    });
  });
  return { seen, ended, close: () => source.close() };
}

export const numbered = (seen: readonly Seen[]): string[] =>
  seen.filter(({ data }) => typeof data.n === 'number').map(({ id }) => id);
export const idsOf = (events: readonly TaskEvent[]): string[] => events.map(({ run, n }) => `${run}:${n}`);
