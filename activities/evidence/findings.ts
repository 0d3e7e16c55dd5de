// findings.ts: findings by reference: what a sub-agent found, as it lies in the store.

import type { Finding } from '../../protocol/findings.ts';
import type { LogRecord } from '../../protocol/log-records.ts';
import { readJson } from '../../store/read-json.ts';
import type { LogKey, Store } from '../../store/store.ts';

/** Findings by reference. */
export const readFindings = (store: Store, ref: string): Promise<Finding[]> => readJson<Finding[]>(store, ref);

/** The first `count` findings of a sub-agent that is at work, which it has reported: each was in its log before. */
export async function readReported(store: Store, key: LogKey, count: number): Promise<Finding[]> {
  const records = await store.readLog<LogRecord>(key);
  return records.flatMap((record) => (record.t === 'finding' && record.seq <= count ? [record.finding] : []));
}
