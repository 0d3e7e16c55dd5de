// result.ts: `muster result`: prints what a task handed back. Of a closed task no server is needed.

import type { Store } from '../../../store/store.ts';
import type { Skipped } from '../../../protocol/skipped.ts';
import type { TaskResult } from '../../../protocol/result.ts';
import { StillRunningError, TaskCancelledError, TaskFailedError } from '../../errors.ts';
import { wholeSkipped } from '../../whole-result.ts';
import type { TaskStatus } from '../../status.ts';
import { positive, taskId, type Command } from '../command.ts';
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { CliError, usageError } from '../terminal/cli-error.ts';
import type { AnyTask } from '../../kept-task.ts';
import { withTask } from '../open.ts';
import {
  checkOutput,
  OUTPUT_OPTIONS,
  printResult,
  printSkipped,
  printSoFar,
  type OutputFlags,
} from '../result-output.ts';

const NOTHING_SKIPPED: Skipped = { count: 0, files: [] };

interface ResultFlags extends OutputFlags {
  wait?: boolean;
  timeout?: number;
  skipped?: boolean;
  now?: boolean;
  stop?: boolean;
}

export const command: Command<ResultFlags> = {
  arguments: '<id>',
  options: [
    { flags: '--wait', about: 'wait for the task to end (default: exit 6 at once when it runs)' },
    { flags: '--timeout <seconds>', about: 'wait at most this long, then exit 6', read: positive },
    { flags: '--now', about: 'the best answer from what is there by now; the task goes on' },
    { flags: '--stop', about: 'with --now: the task ends there, with its own answer from what is there' },
    { flags: '--skipped', about: 'what of the sources was not read, with the reasons, and nothing else' },
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    'muster result compare-retry-policies-9f2c41d07ab3 > answer.md',
    'muster result 9f2c41d07ab3 --wait --timeout 600 --json',
    'muster result 9f2c41d07ab3 --now',
    'muster result 9f2c41d07ab3 --now --stop',
    'muster result 9f2c41d07ab3 --skipped',
  ],
  async run([id], flags, io) {
    checkOutput(flags);
    checkNow(flags);
    return await withTask(taskId(id), io, async (task, store) => {
      try {
        if (flags.now) return await printNow(task, store, io, flags);
        const waits = flags.wait === true || flags.timeout !== undefined;
        if (!waits && (await task.isOpen())) refuseOpen(await task.status());
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

/** @throws StillRunningError, CliError when the task has no answer yet: where it stands, and what makes it go on. */
function refuseOpen({ taskId, state, note }: TaskStatus): void {
  if (state === 'completed') return;
  if (state !== 'paused' && note === undefined) throw new StillRunningError(taskId);
  throw new CliError(
    EXIT.stillRunning,
    `task ${taskId} ${state === 'paused' ? 'is paused' : `has no answer yet: ${note}`}`,
    state === 'paused'
      ? `muster resume ${taskId} lets it go on; muster result ${taskId} --now shows what is there.`
      : `muster watch ${taskId}`,
    'the task, with all that it has found.',
  );
}

/** @throws CliError (usage) */
function checkNow({ now, stop, wait, skipped }: ResultFlags): void {
  if (stop && !now) throw usageError('--stop goes with --now', 'muster cancel stops a task without an answer.');
  if (now && (wait || skipped))
    throw usageError(`--now and ${wait ? '--wait' : '--skipped'} contradict each other`, 'Give one of them.');
}

/** What is there by now, or the task's own answer. */
async function printNow(
  task: AnyTask,
  store: Store | undefined,
  io: Io,
  { stop = false, timeout, ...flags }: ResultFlags,
): Promise<ExitCode> {
  const asked = await task.answerSoFar({ stop, ...(timeout === undefined ? {} : { timeoutSeconds: timeout }) });
  return asked.isFinal ? await print(asked.result, store, io, flags) : printSoFar(asked, io, flags);
}

async function print(result: TaskResult, store: Store | undefined, io: Io, flags: ResultFlags): Promise<ExitCode> {
  if (!flags.skipped) return printResult(result, io, flags);
  const { skipped = NOTHING_SKIPPED } = result;
  printSkipped(result.taskId, store ? await wholeSkipped(skipped, store) : skipped, io, flags);
  return EXIT.done;
}
