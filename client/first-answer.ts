// first-answer.ts: what a command was answered, as the log of its task has it: who sends it again once the task has ended gets
// the first answer and not that it came too late.

import { commandMark } from '../protocol/command-mark.ts';
import type { CommandReply, TaskCommand } from '../protocol/task-commands.ts';
import type { Store } from '../store/store.ts';
import { CommandRefusedError } from './errors.ts';

/**
 * Undefined where the task's log knows no command of this id, and where its store can't be read from here.
 * @throws CommandRefusedError when it was refused, or the id was used for another command; StoreError.
 */
export async function firstAnswer(
  store: Store | undefined,
  taskId: string,
  command: TaskCommand,
): Promise<CommandReply | undefined> {
  for (const event of (await store?.readEvents(taskId)) ?? []) {
    if ((event.type !== 'command.applied' && event.type !== 'command.refused') || event.id !== command.id) continue;
    // Logs of older workers have no mark.
    const isAlike = event.kind === command.kind && (event.mark ?? commandMark(command)) === commandMark(command);
    if (!isAlike) throw new CommandRefusedError(taskId, ID_REUSED, { isIdReused: true });
    if (event.type === 'command.refused') throw new CommandRefusedError(taskId, event.reason);
    return { applied: true, n: event.n, effect: event.effect };
  }
  return undefined;
}

const ID_REUSED = 'this id was used for another command';
