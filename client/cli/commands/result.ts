// result.ts: `muster result`: prints what a task handed back. Of a closed task no server is needed.

import type { Store } from '../../../store/store.ts';
import type { Skipped } from '../../../protocol/skipped.ts';
import type { TaskResult } from '../../../protocol/result.ts';
import { StillRunningError, TaskCancelledError, TaskFailedError } from '../../errors.ts';
import { wholeSkipped } from '../../whole-result.ts';
import { positive, taskId, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { withTask } from '../open.ts';
import { checkOutput, OUTPUT_OPTIONS, printResult, printSkipped, type OutputFlags } from '../result-output.ts';

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
    { flags: '--skipped', about: 'what of the sources was not read, with the reasons, and nothing else' },
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    'muster result compare-retry-policies-9f2c41d07ab3 > answer.md',
    'muster result 9f2c41d07ab3 --wait --timeout 600 --json',
    'muster result 9f2c41d07ab3 --skipped',
  ],
  async run([id], flags, io) {
    checkOutput(flags);
    return await withTask(taskId(id), io, async (task, store) => {
      try {
        const waits = flags.wait === true || flags.timeout !== undefined;
        if (!waits && (await task.isOpen()) && (await task.status()).state !== 'completed')
          throw new StillRunningError(task.taskId);
        const result = await task.result(flags.timeout === undefined ? {} : { timeoutSeconds: flags.timeout });
        return await print(result, store, io, flags);
      } catch (error) {
        if ((error instanceof TaskFailedError || error instanceof TaskCancelledError) && error.result)
          await print(error.result, store, io, flags);
        throw error;
      }
    });
  },
};

async function print(result: TaskResult, store: Store | undefined, io: Io, flags: ResultFlags): Promise<ExitCode> {
  if (!flags.skipped) return printResult(result, io, flags);
  const { skipped = NOTHING_SKIPPED } = result;
  printSkipped(result.taskId, store ? await wholeSkipped(skipped, store) : skipped, io, flags);
  return EXIT.done;
}
