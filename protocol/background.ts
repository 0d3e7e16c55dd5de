// background.ts: what goes on behind a task's answer: what its background child is told, and one try to tell one receiver. Waiting
// between the tries and giving up are the Workflow `background`'s business; reaching a receiver is a notifier's
// (activities/notify).

import { isSubtaskSpec, type SubtaskSpec } from './plan.ts';
import type { Notify, NotifyEvent } from './notify.ts';

/** One thing that one receiver is told. */
export interface Delivery {
  /** The same on every try, whoever makes it: receivers know a repeat by it. */
  id: string;
  notify: Notify;
  event: NotifyEvent;
  /** Of all that this receiver is told of this task, the how-manieth; the first is 1. They are sent in this order. */
  n: number;
  /** When it happened, ms since the epoch: the same on every try. */
  at: number;
  /** Of `task.progress` only. */
  progress?: ProgressTold;
}

/** How far a task is, as a receiver is told. */
export interface ProgressTold {
  percent: number;
  /** Subtasks done, of so many. */
  done: number;
  of: number;
}

/** How one try went. It does not throw for a receiver that is away: that is `retry`. */
export type Receipt =
  | { status: 'delivered'; code?: number; at: number }
  /** Not now. `afterSeconds` is what the receiver asked for. */
  | { status: 'retry'; reason: string; afterSeconds?: number }
  /** Never to be tried again as it is. */
  | { status: 'refused'; reason: string }
  /** The receiver wants nothing more of this task. */
  | { status: 'disabled'; reason: string };

/** How a task ended: payload of the Signal `ended`, and what a check finds of one that could not send it. */
export interface TaskEnd {
  v: 1;
  /** The run that ended: after a Reset a task ends once more. */
  run: string;
  outcome: 'completed' | 'failed' | 'cancelled';
  /** ms since the epoch. */
  at: number;
  /** It was ended from outside, by an operator or a time-out of the server, and may have left no result. */
  terminated?: true;
  corpusRef?: string;
  /** Subtasks of its plan that its answer did not wait for, with what was found that they need. */
  subtasks?: { spec: SubtaskSpec; found?: { subtask: string; title: string; findingsRef: string }[] }[];
  /** Plan that has their goals. */
  planRef?: string;
}

/** Payload of the Signal `redeliver`. */
export interface Redeliver {
  /** Ids of deliveries and of background subtasks. Default: all that were given up or failed. */
  ids?: string[];
}

/** What became of one delivery. */
export interface DeliveryStatus extends Pick<Delivery, 'id' | 'event' | 'at'> {
  kind: string;
  /** The receiver, without what may be secret in its address. */
  to: string;
  /**
   * `dead`: tried for days, and given up; `refused`: never to be tried again as it is; `disabled`: its receiver wants nothing
   * more; `outdated`: a later one took its place.
   */
  state: 'queued' | 'retrying' | 'delivered' | 'dead' | 'refused' | 'disabled' | 'outdated';
  tries: number;
  /** Why not, of the last try. */
  reason?: string;
  /** When it is tried again, ms since the epoch. */
  retryAt?: number;
  deliveredAt?: number;
  /** What its receiver answered, where that is a number. */
  code?: number;
}

/** Deliveries and background subtasks after which nothing more happens, unless somebody asks for it. */
export interface BackgroundTotals {
  delivered: number;
  undelivered: number;
  done: number;
  failed: number;
}

const OUTCOMES: ReadonlySet<unknown> = new Set<TaskEnd['outcome']>(['completed', 'failed', 'cancelled']);

/** Whether a payload of the Signal `ended` is one: it may come from anybody, and must not fail the Workflow Task. */
export function isTaskEnd(payload: object): payload is TaskEnd {
  const {
    v,
    run,
    outcome,
    at,
    corpusRef = '',
    planRef = '',
    subtasks = [],
  } = payload as {
    [K in keyof TaskEnd]?: unknown;
  };
  return (
    v === 1 &&
    OUTCOMES.has(outcome) &&
    Number.isFinite(at) &&
    [run, corpusRef, planRef].every((one) => typeof one === 'string') &&
    Array.isArray(subtasks) &&
    subtasks.every(isBehind)
  );
}

/** A subtask of its plan, with what was found that it needs. */
function isBehind(payload: unknown): boolean {
  const { spec, found = [] } = (payload ?? {}) as { spec?: unknown; found?: unknown };
  return (
    isSubtaskSpec(spec) &&
    Array.isArray(found) &&
    found.every((one: unknown) => {
      const { subtask, title, findingsRef } = (one ?? {}) as Record<string, unknown>;
      return [subtask, title, findingsRef].every((text) => typeof text === 'string');
    })
  );
}
