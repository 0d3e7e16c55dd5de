// When a failed model call is made again: by the one table, and by what the provider asks for.

import { MODEL_RETRY, PLAN_RETRY, retryDelayMs } from '../../protocol/retry.ts';

const pauses = (policy: typeof MODEL_RETRY, retryAfterMs?: number, random = 0.5): number[] =>
  Array.from({ length: policy.maxAttempts - 1 }, (_, i) => retryDelayMs(policy, i + 1, retryAfterMs, () => random));

test('the pauses of a call double up to their cap, and a planner’s wait out an outage of two minutes', () => {
  expect(pauses(MODEL_RETRY)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  expect(pauses(PLAN_RETRY)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
});

test('a provider that asks for no pause, again and again, gets the growing ones', () => {
  expect(pauses(MODEL_RETRY, 0)).toEqual(pauses(MODEL_RETRY));
  expect(pauses(MODEL_RETRY, 200)).toEqual(pauses(MODEL_RETRY));
});

test('nobody comes back before the provider’s time, nor all at the same moment', () => {
  for (const random of [0, 0.3, 0.999]) {
    const [first = 0] = pauses(MODEL_RETRY, 30_000, random);
    expect(first).toBeGreaterThanOrEqual(30_000);
    expect(first).toBeLessThanOrEqual(33_000);
  }
  expect(pauses(MODEL_RETRY, 30_000, 0.1)[0]).not.toBe(pauses(MODEL_RETRY, 30_000, 0.9)[0]);
});
