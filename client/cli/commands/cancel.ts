// cancel.ts: `muster cancel`: asks Temporal to cancel a task; what it had found is kept.

import type { TaskResult } from '../../../protocol/result.ts';
import { TaskCancelledError, TaskFailedError } from '../../errors.ts';
import { taskId as checkedId, type Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { withTask } from '../open.ts';
import { jsonLine } from '../terminal/text.ts';

export const command: Command<{ reason?: string; wait?: boolean; json?: boolean }> = {
  arguments: '<id>',
  options: [
    { flags: '--reason <text>', about: 'why; stands in the events of the task' },
    { flags: '--wait', about: 'wait until it has ended' },
    { flags: '--json', about: 'what was asked for, and how it ended, as one line of JSON' },
  ],
  examples: [
    'muster cancel compare-retry-policies-9f2c41d07ab3 --reason "asked the wrong question"',
    'muster cancel 9f2c41d07ab3 --wait',
  ],
  async run([id], flags, io) {
    return await withTask(checkedId(id), io, async (handle) => {
      const { taskId } = handle;
      const { state, closedAt, progress, note } = await handle.status();
      const say = (line: string, told: object): void =>
        flags.json ? io.out(jsonLine({ taskId, ...told })) : io.say(line);
      if (closedAt) {
        say(`task ${taskId} is ${state} already; there is nothing to cancel`, { recorded: false, state });
        return EXIT.done;
      }
      await handle.cancel(flags.reason);
      if (!progress && note !== undefined) {
        say(`asked task ${taskId} to stop; Temporal keeps that, but ${note}`, { recorded: true, note });
        return flags.wait ? EXIT.stillRunning : EXIT.done;
      }
      if (!flags.wait) {
        say(`asked task ${taskId} to stop; what it has found is kept (muster result ${taskId})`, { recorded: true });
        return EXIT.done;
      }
      // However it ended, it has ended.
      const { outcome, coverage } = await handle.result().catch((error: unknown): Partial<TaskResult> => {
        if (error instanceof TaskCancelledError) return { ...error.result, outcome: 'cancelled' };
        if (error instanceof TaskFailedError) return { ...error.result, outcome: 'failed' };
        throw error;
      });
      const isEmpty = coverage?.subtasks.every((one) => one.findings === 0) ?? false;
      const kept = isEmpty ? 'nothing was found until then' : `muster result ${taskId} shows what it found`;
      say(`task ${taskId} is ${outcome}; ${kept}`, { recorded: true, state: outcome });
      return EXIT.done;
    });
  },
};
