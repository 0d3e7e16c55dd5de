// task-head.ts: a task's head in the store, written by whichever of its steps comes first: from then on the store keeps
// what the task uses.

import type { TaskRequest } from '../../protocol/task.ts';
import { traceHeaders } from '../loop/trace-headers.ts';
import type { Store } from '../../store/store.ts';
import { noteFirstTask } from './first-task.ts';

export async function putTaskHead(
  store: Store,
  { taskId, run, request, acceptedAt }: { taskId: string; run: string; request: TaskRequest; acceptedAt: number },
): Promise<void> {
  const { traceparent } = traceHeaders();
  noteFirstTask(taskId);
  await store.putTask({
    taskId,
    run,
    goal: request.goal,
    className: request.class.name,
    tenant: request.tenant,
    acceptedAt,
    retentionDays: request.class.retentionDays,
    ...(request.sessionId === undefined ? {} : { sessionId: request.sessionId }),
    ...(traceparent === undefined ? {} : { traceparent }),
  });
}
