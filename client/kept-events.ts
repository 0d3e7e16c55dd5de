// kept-events.ts: the ordered log of a task as far as the store has it.

import type { EventCursor, TaskEvent } from '../protocol/events.ts';
import type { Store } from '../store/store.ts';

/**
 * Events after the cursor that the store has, in their order.
 *
 * @param run the run whose events are wanted. Default: the last one's.
 */
export async function keptEvents(
  store: Store,
  taskId: string,
  after: EventCursor | undefined,
  run?: string,
): Promise<TaskEvent[]> {
  const events = await store.readEvents(taskId);
  const current = run ?? events.at(-1)?.run;
  return events
    .filter((event) => event.run === current && (after?.run !== current || event.n > after.n))
    .sort((a, b) => a.n - b.n);
}
