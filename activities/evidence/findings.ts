// findings.ts: findings by reference: what a sub-agent found, as it lies in the store.

import type { Finding } from '../../protocol/findings.ts';
import { readJson } from '../../store/read-json.ts';
import type { Store } from '../../store/store.ts';

/** Findings by reference. */
export const readFindings = (store: Store, ref: string): Promise<Finding[]> => readJson<Finding[]>(store, ref);
