// plans.ts: plans by reference. A worker reads each once, however many visits of its subtasks it has.

import type { Plan, PlannedSubtask } from '../../protocol/plan.ts';
import { readJson } from '../../store/read-json.ts';
import type { Store } from '../../store/store.ts';

/** Plans kept: of tasks that a worker works on at the same time, and what their sub-agents delegated. */
const MAX_PLANS = 64;

const caches = new WeakMap<Store, Map<string, Promise<ReadonlyMap<string, PlannedSubtask>>>>();

/** A plan's subtasks by id. @throws StoreError, BlobMissingError */
export function readPlan(store: Store, ref: string): Promise<ReadonlyMap<string, PlannedSubtask>> {
  const cache = caches.get(store) ?? new Map<string, Promise<ReadonlyMap<string, PlannedSubtask>>>();
  caches.set(store, cache);
  const known = cache.get(ref) ?? read(store, ref);
  // Least recently used: set again it is the newest, and the first in the map is the oldest.
  cache.delete(ref);
  cache.set(ref, known);
  known.catch(() => cache.delete(ref));
  for (const oldest of cache.keys()) if (cache.size > MAX_PLANS) cache.delete(oldest);
  return known;
}

async function read(store: Store, ref: string): Promise<ReadonlyMap<string, PlannedSubtask>> {
  const plan = await readJson<Plan>(store, ref);
  return new Map(plan.subtasks.map((subtask) => [subtask.id, subtask]));
}
