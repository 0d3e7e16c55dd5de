// findings.ts: findings by reference: what a sub-agent found, as it lies in the store.

import type { Finding } from '../../protocol/findings.ts';
import type { Store } from '../../store/store.ts';

/** Findings by reference. */
export async function readFindings(store: Store, ref: string): Promise<Finding[]> {
  return JSON.parse(Buffer.from(await store.getBlob(ref)).toString('utf8')) as Finding[];
}
