// retention.ts: how long things are kept, the same for every store. Rules only; each store removes in its own way.

import { BACKSTOP_DAYS } from '../protocol/limits.ts';

const DAY_MS = 86_400_000;

/** For a task that closed before its head was written (it was refused, say): the longest of the built-in classes. */
export const DEFAULT_RETENTION_DAYS = 30;

/**
 * A task without a closing moment was terminated, or ran out of the server's backstop; a Reset may start that anew.
 * Nothing of it can be at work after twice the backstop.
 */
const NEVER_CLOSED_DAYS = 2 * BACKSTOP_DAYS;

/**
 * Corpora and blobs are kept from this long before the oldest remaining task was accepted: the clocks of servers and
 * workers differ, and a task's first step may put something just before its head.
 */
const GRACE_MS = DAY_MS;

export interface TaskTimes {
  acceptedAt: number;
  closedAt?: number | undefined;
  /** When its log was last claimed or written to: a closed task that was reset is at work again. */
  lastActiveAt: number;
  retentionDays: number;
  /** In place of these days, where it is known and the task has closed. */
  keptUntil?: number | undefined;
}

/** Whether a task has expired. */
export function isOver(
  { acceptedAt, closedAt, lastActiveAt, retentionDays, keptUntil }: TaskTimes,
  now: number,
): boolean {
  if (keptUntil !== undefined && closedAt !== undefined && lastActiveAt <= closedAt)
    return Math.max(keptUntil, closedAt) < now;
  const ended = closedAt ?? acceptedAt + NEVER_CLOSED_DAYS * DAY_MS;
  return Math.max(ended, lastActiveAt) + retentionDays * DAY_MS < now;
}

/** A log that belongs to no task can be at work no more when it was last written to before this moment. */
export const strayBefore = (now: number): number => now - NEVER_CLOSED_DAYS * DAY_MS;

/** Small records that were over before this moment are forgotten: by then nobody writes who had read them before. */
export const recordsOverBefore = (now: number): number => now - DAY_MS;

/** Corpora and blobs last used before this moment are needed by no task. */
export function usedBefore(acceptedAt: readonly number[], now: number): number {
  return acceptedAt.reduce((oldest, at) => Math.min(oldest, at), now) - GRACE_MS;
}

/** Whether a task may use what was last used at this moment: later tasks would have used it again. */
export const mayUse = ({ acceptedAt }: { acceptedAt: number }, usedAt: number): boolean =>
  acceptedAt - GRACE_MS <= usedAt;
