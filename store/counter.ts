// counter.ts: a number that any process may add to, as a small record of any store.

import type { Store } from './store.ts';

/**
 * Adds to a counter, as much as there is room for below `most`; one that there is not, or whose time is over, begins at 0.
 *
 * @param options.most the counter never passes it. Default: no bound.
 * @param options.whole adds nothing where there is no room for all of `amount`. Default: what there is room for.
 * @param options.ttlMs from its first addition on; later ones don't prolong it.
 * @returns what it is then, and how much of `amount` was added.
 * @throws StoreError
 */
export async function addToCounter(
  store: Pick<Store, 'getRecord' | 'setRecord'>,
  kind: string,
  key: string,
  amount: number,
  { most = Infinity, whole = false, ttlMs }: { most?: number; whole?: boolean; ttlMs: number },
): Promise<{ count: number; added: number }> {
  for (;;) {
    const before = await store.getRecord(kind, key);
    const [count = 0, until = Date.now() + ttlMs] = before ? (JSON.parse(before.value) as [number, number]) : [];
    const room = Math.max(0, Math.min(amount, most - count));
    const added = whole && room < amount ? 0 : room;
    if (added === 0) return { count, added };
    const next = count + added;
    const options = { version: before?.version ?? 0, ttlMs: Math.max(1, until - Date.now()) };
    if (await store.setRecord(kind, key, JSON.stringify([next, until]), options)) return { count: next, added };
  }
}
