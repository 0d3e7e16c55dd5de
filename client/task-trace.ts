// task-trace.ts: a task's trace as a client makes it of what is recorded, whether it still works or not. No receiver is needed.

import type { TaskTrace } from '../protocol/trace.ts';
import { readTrace } from '../telemetry/read-trace.ts';
import { WorkflowNotFoundError } from '@temporalio/client';
import { translatingConnectionErrors } from './connection-errors.ts';
import { RequestRefusedError, TaskNotFoundError } from './errors.ts';
import { queryEvents } from './follow-events.ts';
import { goneTask } from './gone-task.ts';
import type { HandleParts } from './handle-parts.ts';
import { keptEvents } from './kept-events.ts';

const ENDED_FROM_OUTSIDE: readonly string[] = ['TERMINATED', 'TIMED_OUT'];

/** @throws as TaskHandle.trace. */
export async function taskTrace(parts: HandleParts): Promise<TaskTrace> {
  const { client, store, taskId } = parts;
  if (!store)
    throw new RequestRefusedError(
      'a trace is made of what lies in the deployment’s store, which can’t be read from here',
    );
  const now = Date.now();
  try {
    const { status, runId, closeTime } = await translatingConnectionErrors(() =>
      client.workflow.getHandle(taskId).describe(),
    );
    if (status.name === 'RUNNING') {
      const kept = await keptEvents(store, taskId, undefined, runId);
      const page = await queryEvents(parts, kept.at(-1));
      const read = await readTrace(store, taskId, { events: [...kept, ...(page?.events ?? [])], now });
      if (read) return read;
    }
    const terminatedAt = ENDED_FROM_OUTSIDE.includes(status.name) ? closeTime?.getTime() : undefined;
    const read = await readTrace(store, taskId, { now, ...(terminatedAt === undefined ? {} : { terminatedAt }) });
    if (read) return read;
  } catch (error) {
    // Beyond Temporal's retention the store may still have it.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const read = await readTrace(store, taskId, { now });
    if (read) return read;
  }
  throw (await goneTask(store, taskId)) ?? new TaskNotFoundError(taskId);
}
