// task-plan.ts: a task's plan in full words, from the store: what a person reads before they approve it.

import type { Plan, TaskPlan } from '../protocol/plan.ts';
import { readJson } from '../store/read-json.ts';
import type { Store } from '../store/store.ts';
import { RequestRefusedError } from './errors.ts';
import type { HandleParts } from './handle-parts.ts';
import { queryProgress } from './query-progress.ts';

/** @throws as TaskHandle.plan. */
export async function readPlan(parts: HandleParts): Promise<TaskPlan | undefined> {
  const { store, taskId } = parts;
  if (!store)
    throw new RequestRefusedError(
      'plans lie in the deployment’s store, which can’t be read from here; ask where it can',
    );
  const progress = await queryProgress(parts);
  const hash = progress?.planRef ?? (await store.getResult(taskId))?.planRef;
  return hash === undefined ? undefined : await keptPlan(store, hash, progress?.proposal?.until);
}

/** A plan by its hash. @throws StoreError, BlobMissingError */
export async function keptPlan(store: Store, hash: string, until?: number): Promise<TaskPlan> {
  const { subtasks, estimate } = await readJson<Plan>(store, hash);
  return {
    hash,
    subtasks: subtasks.map(({ id, title, kind, goal, needs, mode, limits: { callIdleSeconds: _idle, ...limits } }) => ({
      id,
      title,
      kind,
      goal,
      needs,
      ...(mode === 'background' ? { background: true as const } : {}),
      limits,
    })),
    ...(estimate ? { estimate } : {}),
    ...(until === undefined ? {} : { until: new Date(until) }),
  };
}
