// calls.ts: the model calls that a log has on record.

import { STEP_LOGS } from '../../../protocol/names.ts';
import type { LogKey, Store } from '../../../store/store.ts';

/** Of the master's own steps. */
export const LOGS_OF_STEPS: readonly string[] = Object.values(STEP_LOGS);

/** @throws StoreError */
export async function modelCallsIn(store: Store, key: LogKey): Promise<number> {
  const records = await store.readLog<{ t?: unknown }>(key);
  return records.filter(({ t }) => t === 'model').length;
}
