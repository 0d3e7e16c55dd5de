// first-task.ts: when the first task that begins in this process was accepted, which shows what it waited for the start. Asked of
// the server once a process; nobody waits for it.

import { Context } from '@temporalio/activity';
import { coldStart } from '../../telemetry/metrics/cold-start.ts';

/** Never throws, never waits. */
export function noteFirstTask(taskId: string): void {
  if (!coldStart.wantsTask()) return;
  const { client } = Context.current();
  client.workflow
    .getHandle(taskId)
    .describe()
    .then(({ startTime }) => coldStart.task(startTime.getTime()))
    .catch(() => undefined);
}
