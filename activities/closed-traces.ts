// closed-traces.ts: what of a task's trace is over when its last events are in the store, so that it can go out.

import { isLastEvent, type TaskEvent } from '../protocol/events.ts';

/** One thing that ended: a task, or a stretch of what goes on behind its answer. */
export interface ClosedTrace {
  /** Its Workflow Id: that of the task, or of its background child. */
  id: string;
  /** The run whose events end so. */
  run: string;
  /** Number of the event that ends it. */
  n: number;
}

export const closedTraces = (id: string, events: readonly TaskEvent[]): ClosedTrace[] =>
  events.filter(isLastEvent).map(({ run, n }) => ({ id, run, n }));
