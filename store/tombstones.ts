// tombstones.ts: what stays of a task that was removed: whose it was, when it went, and why. A small record like others, so that
// both stores have it; none of what the task was about is in it.

import type { Store } from './store.ts';

export interface Tombstone {
  taskId: string;
  /** Absent where the task left no head. */
  tenant?: string;
  className?: string;
  /** ms since the epoch; absent for a task that never closed. */
  closedAt?: number;
  removedAt: number;
  why: 'expired' | 'forgotten';
}

export const TOMBSTONES = 'tombstone';

/** A year: whoever asks for a task later than that is told that there is none. */
export const TOMBSTONE_MS = 365 * 86_400_000;

type Records = Pick<Store, 'getRecord' | 'setRecord'>;

/** Undefined where no task of this id was removed in the last year. */
export async function getTombstone(
  records: Pick<Records, 'getRecord'>,
  taskId: string,
): Promise<Tombstone | undefined> {
  const found = await records.getRecord(TOMBSTONES, taskId);
  return found && (JSON.parse(found.value) as Tombstone);
}

/** The last one counts: an id may be used, and its task removed, more than once. */
export async function putTombstone(records: Records, tombstone: Tombstone): Promise<void> {
  for (;;) {
    const found = await records.getRecord(TOMBSTONES, tombstone.taskId);
    const options = { version: found?.version ?? 0, ttlMs: TOMBSTONE_MS };
    if (await records.setRecord(TOMBSTONES, tombstone.taskId, JSON.stringify(tombstone), options)) return;
  }
}
