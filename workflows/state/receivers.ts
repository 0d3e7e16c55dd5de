// receivers.ts: who is told of a task, what of, and what became of it; when a failed try is repeated. Pure: the caller passes
// the time and the dice.

import type { Delivery, DeliveryStatus, ProgressTold } from '../../protocol/background.ts';
import { DEFAULT_NOTIFY_EVENTS, type Notify, type NotifyEvent } from '../../protocol/notify.ts';
import { shownAddress } from '../../protocol/shown-address.ts';

/** One receiver, and all that it is told, in this order. */
export interface Receiver {
  notify: Notify;
  deliveries: DeliveryState[];
  /** Set once it wants nothing more. */
  disabled?: string;
}

export interface DeliveryState extends DeliveryStatus {
  n: number;
  progress?: ProgressTold;
}

export const newReceivers = (notify: readonly Notify[]): Receiver[] =>
  notify.map((one) => ({ notify: one, deliveries: [] }));

/**
 * Adds what this receiver is to be told, if it asked for that. A progress that nobody has begun to send makes room for the next.
 * @param run of the background child: the ids of another child's deliveries are others.
 */
export function addDelivery(
  receiver: Receiver,
  index: number,
  run: string,
  told: { event: NotifyEvent; at: number; progress?: ProgressTold },
): DeliveryState | undefined {
  const { notify, deliveries } = receiver;
  if (!(notify.events ?? DEFAULT_NOTIFY_EVENTS).includes(told.event)) return undefined;
  const last = deliveries.at(-1);
  if (last?.event === 'task.progress' && last.state === 'queued' && last.tries === 0) deliveries.pop();
  const n = (deliveries.at(-1)?.n ?? 0) + 1;
  const id = `msg_${run.replaceAll('-', '')}_${index + 1}_${n}_${told.event.replace('task.', '')}`;
  const { kind, to } = notify;
  const added: DeliveryState = { ...told, id, n, kind, to: shownAddress(to), state: 'queued', tries: 0 };
  deliveries.push(added);
  return added;
}

export const deliveryOf = ({ notify }: Receiver, { id, event, n, at, progress }: DeliveryState): Delivery => ({
  id,
  notify,
  event,
  n,
  at,
  ...(progress ? { progress } : {}),
});

/** The one that is to be sent next; undefined where all is done or given up. */
export const nextDelivery = ({ deliveries }: Receiver): DeliveryState | undefined => deliveries.find(isOpen);

const isOpen = ({ state }: DeliveryState): boolean => state === 'queued' || state === 'retrying';

/** How far a task was is no news any more when there is something newer to tell. */
export const isOutdated = ({ deliveries }: Receiver, one: DeliveryState): boolean =>
  one.event === 'task.progress' && deliveries.some((other) => other.n > one.n && isOpen(other));

/** Whether it was given up, and can be sent once more. */
export const isUndelivered = ({ state }: DeliveryStatus): boolean =>
  state === 'dead' || state === 'refused' || state === 'disabled';

/** What people see of all. */
export const statusesOf = (receivers: readonly Receiver[]): DeliveryStatus[] =>
  receivers.flatMap(({ deliveries }) => deliveries.map(({ n: _n, progress: _progress, ...status }) => status));

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Between the tries: eleven of these, over four days, then it is given up. */
const PAUSES_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
/** Longest that a receiver may ask to be left alone. */
const MAX_ASKED_MS = 24 * HOUR;
/** Up to this part of a pause more, so that those that failed together do not come back together. */
const JITTER = 0.25;

/**
 * How long to wait after so many failed tries; undefined when it is given up.
 * @param afterSeconds what the receiver asked for.
 * @param dice from 0 to 1.
 */
export function pauseAfter(tries: number, afterSeconds: number | undefined, dice: number): number | undefined {
  const pause = PAUSES_MS[tries - 1];
  if (pause === undefined) return undefined;
  const asked = Math.min(MAX_ASKED_MS, Math.max(0, (afterSeconds ?? 0) * SECOND) || 0);
  return Math.round(Math.max(pause * (1 + JITTER * dice), asked));
}
