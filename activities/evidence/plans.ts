// plans.ts: plans by reference. A worker reads each once, however many visits of its subtasks it has.

import type { Plan, PlannedSubtask } from '../../protocol/plan.ts';
import { readJson } from '../../store/read-json.ts';
import type { Store } from '../../store/store.ts';

/** Plans kept: of tasks that a worker works on at the same time, and what their sub-agents delegated. */
const MAX_PLANS = 64;

const shelves = new WeakMap<Store, Map<string, Promise<ReadonlyMap<string, PlannedSubtask>>>>();

/** A plan's subtasks by id. @throws StoreError, BlobMissingError */
export function readPlan(store: Store, ref: string): Promise<ReadonlyMap<string, PlannedSubtask>> {
  const shelf = shelves.get(store) ?? new Map<string, Promise<ReadonlyMap<string, PlannedSubtask>>>();
  shelves.set(store, shelf);
  const known = shelf.get(ref) ?? read(store, ref);
  // Put back as the newest: the first in the map is the one that was not asked for longest.
  shelf.delete(ref);
  shelf.set(ref, known);
  known.catch(() => shelf.delete(ref));
  for (const oldest of shelf.keys()) if (shelf.size > MAX_PLANS) shelf.delete(oldest);
  return known;
}

async function read(store: Store, ref: string): Promise<ReadonlyMap<string, PlannedSubtask>> {
  const plan = await readJson<Plan>(store, ref);
  return new Map(plan.subtasks.map((subtask) => [subtask.id, subtask]));
}
