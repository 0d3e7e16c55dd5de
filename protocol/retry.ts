// retry.ts: how failed model calls are tried again, in one table. Counted in the log of each subtask or step.

import type { RetryPolicy } from './plan.ts';

/** Six tries: about 1, 2, 4, 8 and 16 s apart, unless the provider says how long it wants. */
export const MODEL_RETRY: RetryPolicy = { maxAttempts: 6, baseMs: 1_000, capMs: 60_000 };

/** Without a plan there is nothing to go on with: two tries more, 32 and 60 s apart, wait out an outage of two minutes. */
export const PLAN_RETRY: RetryPolicy = { ...MODEL_RETRY, maxAttempts: 8 };

/**
 * Milliseconds until the next try: exponential with jitter of ±25 %, and never before the time that the provider asks for,
 * which gets up to a tenth on top, so that a fan-out that was turned away together does not come back together.
 */
export function retryDelayMs(
  policy: RetryPolicy,
  failures: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const pause = Math.min(policy.capMs, policy.baseMs * 2 ** Math.max(0, failures - 1));
  // A provider that says "at once" through an outage would otherwise use up all tries in a second.
  return Math.round(Math.max(pause * (0.75 + 0.5 * random()), (retryAfterMs ?? 0) * (1 + 0.1 * random())));
}
