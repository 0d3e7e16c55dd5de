// kept-background.ts: what went on behind a task's answer, as the store keeps it. Loads no part of Temporal's client.

import type { EventCursor, TaskEvent } from '../protocol/events.ts';
import { backgroundId } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { Store } from '../store/store.ts';
import { keptEvents } from './kept-events.ts';
import type { BackgroundStatus } from './status.ts';

/** A task's events and then those behind its answer; a cursor of either log goes on there. */
export async function keptBoth(store: Store, taskId: string, after?: EventCursor): Promise<TaskEvent[]> {
  const behind = await keptEvents(store, backgroundId(taskId), undefined);
  if (after !== undefined && behind.at(-1)?.run === after.run) return behind.filter(({ n }) => n > after.n);
  return [...(await keptEvents(store, taskId, after)), ...behind];
}

/** Of one that has ended. */
export const keptBackground = ({ deliveries = [], coverage }: TaskResult): BackgroundStatus => ({
  state: 'over',
  deliveries,
  subtasks: coverage.subtasks.map(({ subtask, title, state, findings, failure }) => ({
    id: subtask,
    title,
    state,
    findings,
    ...(failure ? { failure } : {}),
  })),
});
