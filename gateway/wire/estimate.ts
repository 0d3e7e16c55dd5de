// estimate.ts: how long a task takes, as HTTP says it: whole seconds, and never nothing while it runs.

import type { Eta } from '../../protocol/eta.ts';

export interface Estimate {
  /** What half of the tasks keep. */
  estimated_time: number;
  estimated_time_range: { from: number; to: number };
  /** Where the numbers come from: what tasks of the class took, or what the class says. */
  estimated_time_basis: 'history' | 'class';
}

/** @param eta of one that has just been accepted. */
export function estimateOf({ p10Ms, p50Ms, p90Ms, basis }: Eta): Estimate {
  const to = Math.max(1, Math.ceil(p90Ms / 1_000));
  const estimated_time = Math.min(to, seconds(p50Ms));
  return {
    estimated_time,
    estimated_time_range: { from: Math.min(estimated_time, seconds(p10Ms)), to },
    estimated_time_basis: basis,
  };
}

export const seconds = (ms: number): number => Math.max(1, Math.round(ms / 1_000));

/** What is left of it: first to the middle, then to the end of the range, and never nothing while it runs. */
export function timeLeft({ estimated_time, estimated_time_range }: Estimate, elapsedSeconds: number): number {
  const until = elapsedSeconds < estimated_time ? estimated_time : estimated_time_range.to;
  return Math.max(1, Math.round(until - elapsedSeconds));
}
