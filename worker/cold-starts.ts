// cold-starts.ts: how often a worker of the deployment was started. Kept in the store: a number in a process begins anew with each
// of its starts, and so would never rise.

import { addToCounter } from '../store/counter.ts';
import type { Store } from '../store/store.ts';
import { metrics } from '../telemetry/metrics/registry.ts';

const KIND = 'counters';
const KEY = 'cold-starts';
const YEAR_MS = 365 * 86_400_000;
const FRESH_MS = 4_000;

/** Counts one more, and shows how many there were to who asks. Never throws: work goes on without. */
export function countColdStart(store: Store): { stop(): Promise<void> } {
  const counting = addToCounter(store, KIND, KEY, 1, { ttlMs: YEAR_MS }).then(
    ({ count }) => show(count),
    () => undefined,
  );
  let lookedAt = 0;
  const forget = metrics.onScrape(async () => {
    await counting;
    if (Date.now() - lookedAt < FRESH_MS) return;
    lookedAt = Date.now();
    const kept = await store.getRecord(KIND, KEY);
    if (kept) show((JSON.parse(kept.value) as [number])[0]);
  });
  return {
    async stop() {
      forget();
      await counting;
    },
  };
}

const show = (count: number): void => metrics.set('muster_cold_starts_total', {}, count);
