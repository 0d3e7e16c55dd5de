// open.ts: reaches the deployment from a command, and finds a task by its id or a part of it.

import { connect } from '../connect.ts';
import { MusterError, TaskNotFoundError, UnreachableError } from '../errors.ts';
import type { MusterClient } from '../muster-client.ts';
import type { TaskHandle } from '../task-handle.ts';
import { CliError, usageError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import { processIo } from './io.ts';

/** How many of the newest tasks a shortened id is looked for in. */
const RECENT = 500;
const SHORTEST_PART = 4;

/** Connects, works, disconnects. */
export async function withClient<T>(work: (client: MusterClient) => Promise<T>): Promise<T> {
  const client = await open();
  try {
    return await work(client);
  } finally {
    // A connection that can't be closed must not hide how the work ended.
    await client.close().catch(() => undefined);
  }
}

async function open(): Promise<MusterClient> {
  try {
    return await connect({ warn: (message) => processIo().say(`muster: ${message}`) });
  } catch (error) {
    if (error instanceof UnreachableError) throw error;
    throw new CliError(
      EXIT.cannotConnect,
      error instanceof Error ? error.message : String(error),
      error instanceof MusterError
        ? error.hint
        : 'Check TEMPORAL_ADDRESS, TEMPORAL_CONFIG_FILE and the other TEMPORAL_ settings.',
    );
  }
}

/**
 * The task with this id; else the one among the recent tasks whose id begins or ends with it.
 * @throws TaskNotFoundError when there is none, CliError when there are several.
 */
export async function findTask(client: MusterClient, id: string): Promise<TaskHandle> {
  try {
    return await client.get(id);
  } catch (error) {
    if (!(error instanceof TaskNotFoundError) || id.length < SHORTEST_PART) throw error;
    const matches: string[] = [];
    for await (const { taskId } of client.list({ limit: RECENT })) {
      if (taskId.startsWith(id) || taskId.endsWith(id)) matches.push(taskId);
    }
    const [only] = matches;
    if (only === undefined) throw error;
    if (matches.length > 1) {
      throw usageError(
        `${matches.length} tasks begin or end with ${id}: ${matches.slice(0, 5).join(', ')}`,
        'Give more of the id.',
      );
    }
    return await client.get(only);
  }
}
