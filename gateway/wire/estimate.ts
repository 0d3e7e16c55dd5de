// estimate.ts: how long a task takes, from its class's own numbers. Whole seconds.

import type { RequestClass } from '../../protocol/classes.ts';

export interface Estimate {
  /** What half of the tasks keep. */
  estimated_time: number;
  estimated_time_range: { from: number; to: number };
  /** Where the numbers come from: what tasks of the class took, or what the class says. */
  estimated_time_basis: 'history' | 'class';
}

/** A class says what 95 of 100 tasks keep; that half of them take half of it is a rule of thumb. */
export function estimateOf({ slo: { p95Seconds } }: RequestClass): Estimate {
  return {
    estimated_time: Math.max(1, Math.round(p95Seconds / 2)),
    estimated_time_range: { from: Math.max(1, Math.round(p95Seconds / 10)), to: Math.max(1, Math.ceil(p95Seconds)) },
    estimated_time_basis: 'class',
  };
}

/** What is left of it: first to the middle, then to the end of the range, and never nothing while it runs. */
export function timeLeft({ estimated_time, estimated_time_range }: Estimate, elapsedSeconds: number): number {
  const until = elapsedSeconds < estimated_time ? estimated_time : estimated_time_range.to;
  return Math.max(1, Math.round(until - elapsedSeconds));
}
