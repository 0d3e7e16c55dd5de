// notify.ts: whom a task tells of itself, and of what. How each kind of receiver is reached is a notifier's business
// (activities/notify); nothing here is sent before the task's end but progress, and that it takes longer.

/** What a receiver may be told. */
export const NOTIFY_EVENTS = [
  'task.completed',
  'task.failed',
  'task.cancelled',
  'task.demoted',
  'task.progress',
] as const;

export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];

/** One receiver. */
export interface Notify {
  /** Name of a notifier: `webhook`, `email`, `ntfy`, or one that the worker's extensions define. */
  kind: string;
  /** Where: an address that its notifier understands. No secret: it lies in the history. */
  to: string;
  /** Default: however the task ends. */
  events?: NotifyEvent[];
  /** Name of a key in the config; the first one there by default. Never the key itself. */
  key?: string;
}

/** Notifiers that every worker has; whom they may tell stands in its config file. */
export const BUILT_IN_NOTIFIERS: readonly string[] = ['webhook', 'email', 'ntfy'];

/** What a receiver is told that names no events. */
export const DEFAULT_NOTIFY_EVENTS: readonly NotifyEvent[] = ['task.completed', 'task.failed', 'task.cancelled'];

/** Receivers of one task. */
export const MAX_NOTIFY = 10;

/** Why this receiver can't be accepted, in words; undefined when it can. Whether it may be reached is for the worker to say. */
export function notifyProblem({ kind, to, events, key }: Notify): string | undefined {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(kind)) return 'the kind of a notification is a name of 1 to 64 letters and digits';
  if (to.trim() === '' || to.length > 2_048)
    return `the ${kind} notification needs an address of at most 2,048 characters`;
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(to)) return `the ${kind} address has a user name or password in it; leave it out`;
  const unknown = events?.find((event) => !NOTIFY_EVENTS.includes(event));
  if (unknown !== undefined) return `"${unknown}" is no event to be told of; there are ${NOTIFY_EVENTS.join(', ')}`;
  if (events?.length === 0) return 'name at least one event to be told of, or leave "events" out';
  if (key !== undefined && !/^[A-Za-z0-9._-]{1,64}$/.test(key)) return 'a key is named by 1 to 64 letters and digits';
  return undefined;
}
