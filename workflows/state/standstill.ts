// standstill.ts: when the own time of a task, or of one subtask, stands still, since it is paused or only a person can make it
// go on. No clock here: the caller passes the time.

/** `paused` by a command; `person`: it waits for somebody, and nothing else is under way. */
export type StandstillReason = 'paused' | 'person';

export interface Standstill {
  /** Why it stands still now; none while it goes on. */
  reasons: StandstillReason[];
  /** Since when, ms since the epoch. */
  since?: number;
  /** When it stood still before, in this order: ms since the epoch. */
  spans: { from: number; to: number }[];
}

export const newStandstill = (): Standstill => ({ reasons: [], spans: [] });

/** True when it begins to stand still by this. */
export function hold(standstill: Standstill, reason: StandstillReason, now: number): boolean {
  const { reasons } = standstill;
  if (reasons.includes(reason)) return false;
  reasons.push(reason);
  if (reasons.length > 1) return false;
  standstill.since = now;
  return true;
}

/** True when it goes on by this. */
export function release(standstill: Standstill, reason: StandstillReason, now: number): boolean {
  const { reasons, since = now } = standstill;
  if (!reasons.includes(reason)) return false;
  standstill.reasons = reasons.filter((one) => one !== reason);
  if (standstill.reasons.length > 0) return false;
  if (now > since) standstill.spans.push({ from: since, to: now });
  delete standstill.since;
  return true;
}

/** How long it stood still, up to now. */
export const stoodStillMs = (standstill: Standstill, now: number): number => stoodStillWithin([standstill], 0, now);

/** For how long of this time one of these at least stood still. */
export function stoodStillWithin(standstills: readonly Standstill[], from: number, to: number): number {
  const spans = standstills
    .flatMap(({ spans, since }) => (since === undefined ? spans : [...spans, { from: since, to }]))
    .sort((a, b) => a.from - b.from);
  let ms = 0;
  let until = from;
  for (const span of spans) {
    const end = Math.min(span.to, to);
    ms += Math.max(0, end - Math.max(span.from, until));
    until = Math.max(until, end);
  }
  return ms;
}
