// task-head.ts: a task's head in the store, written by whichever of its steps comes first: from then on the store keeps
// what the task uses.

import type { TaskRequest } from '../../protocol/task.ts';
import type { Store } from '../../store/store.ts';

export async function putTaskHead(
  store: Store,
  { taskId, run, request, acceptedAt }: { taskId: string; run: string; request: TaskRequest; acceptedAt: number },
): Promise<void> {
  await store.putTask({
    taskId,
    run,
    goal: request.goal,
    className: request.class.name,
    tenant: request.tenant,
    acceptedAt,
    retentionDays: request.class.retentionDays,
  });
}
