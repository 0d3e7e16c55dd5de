// calls.ts: the model calls that a log has on record.

import type { LogKey, Store } from '../../../store/store.ts';

/** @throws StoreError */
export async function modelCallsIn(store: Store, key: LogKey): Promise<number> {
  const records = await store.readLog<{ t?: unknown }>(key);
  return records.filter(({ t }) => t === 'model').length;
}
