// kept-background.ts: what went on behind a task's answer, as the store keeps it. Loads no part of Temporal's client.

import type { DeliveryStatus } from '../protocol/background.ts';
import type { DeliveryNamed, EventCursor, TaskEvent } from '../protocol/events.ts';
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

/**
 * Of one that has not ended, as far as the store has its events: it goes on once a server and a worker are there. Titles of
 * its subtasks are empty, and `at` is when it was first tried. Undefined where the store has none.
 */
export async function toldBackground(store: Store, taskId: string): Promise<BackgroundStatus | undefined> {
  const events = await keptEvents(store, backgroundId(taskId), undefined);
  return events.length === 0 ? undefined : foldBackground(events);
}

function foldBackground(events: readonly TaskEvent[]): BackgroundStatus {
  const deliveries = new Map<string, DeliveryStatus>();
  const subtasks = new Map<string, BackgroundStatus['subtasks'][number]>();
  const tried = ({ delivery: id, what, kind, to, tries, at }: DeliveryNamed & { at: number }) => ({
    id,
    event: what,
    at: deliveries.get(id)?.at ?? at,
    kind,
    to,
    tries,
  });
  for (const event of events)
    switch (event.type) {
      case 'delivery.sent': {
        const code = event.code === undefined ? {} : { code: event.code };
        deliveries.set(event.delivery, { ...tried(event), state: 'delivered', deliveredAt: event.at, ...code });
        break;
      }
      case 'delivery.retrying': {
        const { reason, retryAt } = event;
        deliveries.set(event.delivery, { ...tried(event), state: 'retrying', reason, retryAt });
        break;
      }
      case 'delivery.failed':
        deliveries.set(event.delivery, { ...tried(event), state: event.state, reason: event.reason });
        break;
      case 'subtask.started':
        subtasks.set(event.subtask, { id: event.subtask, title: '', state: 'running', findings: 0 });
        break;
      case 'subtask.finished': {
        const { subtask: id, state, findings, failure } = event;
        subtasks.set(id, { id, title: '', state, findings, ...(failure ? { failure } : {}) });
        break;
      }
      default:
    }
  const isOver = events.at(-1)?.type === 'background.settled';
  return { state: isOver ? 'over' : 'running', deliveries: [...deliveries.values()], subtasks: [...subtasks.values()] };
}
