// guessed-server.ts: nothing new is left at a server that nobody named unless this deployment is at home there: at another
// project's it would never be worked on, and no command of this folder would find it again.

import { UnreachableError } from './errors.ts';
import type { HandleParts } from './handle-parts.ts';
import { ownTask } from './own-task.ts';
import { workerSeen } from './task-status.ts';

/** What mends it. */
export const NAME_THE_SERVER =
  'Start the stack of this folder (muster up), or name its server (TEMPORAL_ADDRESS), and ask again.';

/**
 * @param what would be left there, as `the task`.
 * @param taskId of one that may be there already, asked for again by its key. Default: none is looked for.
 * @throws UnreachableError where the server was guessed and no worker of this deployment polls there.
 */
export async function refuseStranger(
  parts: Pick<HandleParts, 'client' | 'connection' | 'deployment' | 'isServerGuessed'>,
  what: string,
  taskId?: string,
): Promise<void> {
  if (!parts.isServerGuessed || (await workerSeen(parts))) return;
  if (taskId !== undefined && (await ownTask(parts, taskId, undefined))) return;
  const { address } = parts.connection.options;
  throw new UnreachableError(
    `nobody named the Temporal server at ${address}, and no worker of this folder is there, so ${what} would be lost; nothing was started`,
    NAME_THE_SERVER,
  );
}
