// result.ts: `muster result`: prints what a task handed back. Reads it from the store of this folder when no server
// answers: a closed task needs none.

import { WorkflowNotFoundError } from '@temporalio/client';
import { existingStore } from '../../../store/open-store.ts';
import type { Store } from '../../../store/store.ts';
import type { Skipped } from '../../../protocol/skipped.ts';
import type { TaskResult } from '../../../protocol/result.ts';
import { clientConfig } from '../../config.ts';
import { StillRunningError, TaskCancelledError, TaskFailedError, UnreachableError } from '../../errors.ts';
import type { MusterClient } from '../../muster-client.ts';
import { reachable } from '../../reachable.ts';
import { completedResult, wholeResult, wholeSkipped } from '../../whole-result.ts';
import { positive, type Command } from '../command.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { findTask, withClient } from '../open.ts';
import { checkOut, printResult, printSkipped, type OutputFlags } from '../result-output.ts';

const NOTHING_SKIPPED: Skipped = { count: 0, files: [] };

interface ResultFlags extends OutputFlags {
  wait?: boolean;
  timeout?: number;
  skipped?: boolean;
}

export const command: Command<ResultFlags> = {
  arguments: '<id>',
  options: [
    { flags: '--wait', about: 'wait for the task to end (default: exit 6 at once when it runs)' },
    { flags: '--timeout <seconds>', about: 'wait at most this long, then exit 6', read: positive },
    { flags: '-o, --out <file>', about: 'also write the answer to this file, as Markdown' },
    { flags: '--skipped', about: 'what of the sources was not read, with the reasons, and nothing else' },
    { flags: '--json', about: 'the whole result as one line of JSON' },
  ],
  examples: [
    'muster result compare-retry-policies-9f2c41d07ab3 > answer.md',
    'muster result 9f2c41d07ab3 --wait --timeout 600 --json',
    'muster result 9f2c41d07ab3 --skipped',
  ],
  async run([id = ''], flags, io) {
    checkOut(flags.out);
    try {
      const result = await withClient(async (client) => {
        const handle = await findTask(client, id);
        const waits = flags.wait === true || flags.timeout !== undefined;
        if (!waits && (await isRunning(client, handle.taskId))) throw new StillRunningError(handle.taskId);
        return await handle.result(flags.timeout === undefined ? {} : { timeoutSeconds: flags.timeout });
      });
      await print(result, io, flags);
      return EXIT.done;
    } catch (error) {
      return await afterError(error, id, io, flags);
    }
  },
};

async function print(result: TaskResult, io: Io, flags: ResultFlags): Promise<void> {
  if (!flags.skipped) return printResult(result, io, flags);
  const skipped = await fromOwnStore((store) => wholeSkipped(result.skipped ?? NOTHING_SKIPPED, store));
  printSkipped(result.taskId, skipped ?? result.skipped ?? NOTHING_SKIPPED, io, flags);
}

/** Asked of Temporal directly: the status would ask a worker, too. */
async function isRunning(client: MusterClient, taskId: string): Promise<boolean> {
  try {
    const { status } = await reachable(() => client.temporal.workflow.getHandle(taskId).describe());
    return status.name === 'RUNNING';
  } catch (error) {
    // Beyond Temporal's retention: only closed tasks get that old.
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function afterError(error: unknown, id: string, io: Io, flags: ResultFlags): Promise<number> {
  const away =
    error instanceof UnreachableError || (error instanceof CliError && error.exitCode === EXIT.cannotConnect);
  if (away) {
    const kept = await fromStore(id);
    if (!kept) throw error;
    await print(kept, io, flags);
    completedResult(kept);
    return EXIT.done;
  }
  if ((error instanceof TaskFailedError || error instanceof TaskCancelledError) && error.result)
    await print(error.result, io, flags);
  throw error;
}

async function fromStore(id: string): Promise<TaskResult | undefined> {
  return await fromOwnStore(async (store) => {
    const result = await store.getResult(id);
    return result && (await wholeResult(result, store));
  });
}

/** Undefined when this folder has no store. */
async function fromOwnStore<T>(read: (store: Store) => Promise<T>): Promise<T | undefined> {
  const { home, environment } = clientConfig();
  const store = existingStore(home, environment);
  try {
    return store && (await read(store));
  } finally {
    await store?.close();
  }
}
