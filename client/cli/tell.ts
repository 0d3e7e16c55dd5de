// tell.ts: sends a command to a task from the command line, and says in one line what became of it.

import type { CommandBody, CommandReceipt } from '../../protocol/task-commands.ts';
import { withTask } from './open.ts';
import { EXIT, type ExitCode } from './terminal/exit-codes.ts';
import type { Io } from './terminal/io.ts';
import { jsonLine } from './terminal/text.ts';

/** @throws what `TaskHandle.command` throws; TaskNotFoundError, CliError. */
export async function tell(
  id: string,
  command: CommandBody,
  io: Io,
  { json = false }: { json?: boolean | undefined } = {},
): Promise<ExitCode> {
  return await withTask(id, io, async (task) => {
    return say(task.taskId, await task.command(command), io, { json });
  });
}

/** One line of what became of a command, for a person or a program. */
export function say(
  taskId: string,
  receipt: CommandReceipt,
  io: Io,
  { json }: { json?: boolean | undefined },
): ExitCode {
  if (json) io.out(jsonLine({ taskId, ...receipt }));
  else io.say(receiptLine(receipt));
  return EXIT.done;
}

/** What became of a command, for a person. */
export const receiptLine = (receipt: CommandReceipt): string =>
  receipt.applied ? receipt.effect : 'recorded: no worker answered; it takes effect when one does';
