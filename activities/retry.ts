// retry.ts: how failed model calls are tried again, in one table. Counted in the log of each subtask or step.

import type { RetryPolicy } from '../protocol/plan.ts';

/** Six tries: about 1, 2, 4, 8 and 16 s apart, unless the provider says how long it wants. */
export const MODEL_RETRY: RetryPolicy = { maxAttempts: 6, baseMs: 1_000, capMs: 60_000 };

/** Without a plan there is nothing to go on with: two tries more, 32 and 60 s apart, wait out an outage of two minutes. */
export const PLAN_RETRY: RetryPolicy = { ...MODEL_RETRY, maxAttempts: 8 };

/**
 * Milliseconds until the next try. What the provider asks for wins; else exponential with jitter of ±25 %,
 * so that a fan-out that was turned away together does not come back together.
 */
export function retryDelayMs(
  policy: RetryPolicy,
  failures: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  const pause = Math.min(policy.capMs, policy.baseMs * 2 ** Math.max(0, failures - 1));
  return Math.round(pause * (0.75 + 0.5 * random()));
}
