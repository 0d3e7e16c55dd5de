// counter.ts: a number that any process may add to, as a small record of any store.

import type { Store } from './store.ts';

/**
 * Adds to a counter and returns what it is then; one that there is not, or whose time is over, begins at 0.
 * @param ttlMs from its first addition on; later ones don't prolong it.
 * @throws StoreError
 */
export async function addToCounter(
  store: Pick<Store, 'getRecord' | 'setRecord'>,
  kind: string,
  key: string,
  amount: number,
  ttlMs: number,
): Promise<number> {
  for (;;) {
    const before = await store.getRecord(kind, key);
    const [count = 0, until = Date.now() + ttlMs] = before ? (JSON.parse(before.value) as [number, number]) : [];
    const next = count + amount;
    const options = { version: before?.version ?? 0, ttlMs: Math.max(1, until - Date.now()) };
    if (await store.setRecord(kind, key, JSON.stringify([next, until]), options)) return next;
  }
}
