// applied.ts: a command to a running task with its answer, however busy the machine is: an answer that takes longer than the client waits
// says that the command is kept, and the same one again gets the answer.

import { randomUUID } from 'node:crypto';
import type { CommandBody, TaskHandle } from '../../client/index.ts';
import type { CommandReply } from '../../protocol/task-commands.ts';

/** @throws what the command is refused with. */
export async function applied(
  task: TaskHandle,
  body: CommandBody,
  options: Parameters<TaskHandle['command']>[1] = {},
): Promise<CommandReply> {
  const id = randomUUID();
  for (;;) {
    const receipt = await task.command(body, { ...options, id });
    if (receipt.applied) return receipt;
  }
}
