// open-timers.ts: the timers of a Workflow that have not fired and were not cancelled, by its history.

import type { WorkflowClient } from '@temporalio/client';

/** Of each, in the order of their starts, after how many seconds it fires. */
export async function openTimers(client: WorkflowClient, workflowId: string): Promise<number[]> {
  const open = new Map<string | null | undefined, number>();
  for (const event of (await client.getHandle(workflowId).fetchHistory()).events ?? []) {
    const { timerStartedEventAttributes: started } = event;
    const ended = event.timerCanceledEventAttributes ?? event.timerFiredEventAttributes;
    if (started) open.set(started.timerId, Number(started.startToFireTimeout?.seconds));
    if (ended) open.delete(ended.timerId);
  }
  return [...open.values()];
}
