// watch.ts: `muster watch`: follows a task that was started before, from its first event or from a later one.

import { positive, taskId, whole, type Command } from '../command.ts';
import { follow, type FollowFlags } from '../follow.ts';
import { withTask } from '../open.ts';
import { TaskCancelledError, TaskFailedError } from '../../errors.ts';
import type { AnyTask } from '../../kept-task.ts';
import { eventLine, isDetail } from '../render/event-lines.ts';
import { checkOutput, OUTPUT_OPTIONS, wantsJson } from '../result-output.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { jsonLine } from '../terminal/text.ts';

export const command: Command<FollowFlags & { background?: boolean }> = {
  arguments: '<id>',
  options: [
    { flags: '--after <n>', about: 'show no event up to this number', read: whole },
    { flags: '--timeout <seconds>', about: 'stop waiting after this long (exit 6); the task runs on', read: positive },
    { flags: '--verbose', about: 'on a pipe: every event, with what only a developer needs' },
    { flags: '--background', about: 'then also what goes on behind the answer, until nothing more happens there' },
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    'muster watch compare-retry-policies-9f2c41d07ab3',
    'muster watch 9f2c41d07ab3 --after 12 --json',
    'muster watch 9f2c41d07ab3 --background',
  ],
  async run([id], flags, io) {
    checkOutput(flags);
    return await withTask(taskId(id), io, async (task) => {
      if (!flags.background) return await follow(task, io, flags);
      const until = Date.now() + (flags.timeout ?? Infinity) * 1_000;
      let code: ExitCode;
      try {
        code = await follow(task, io, flags);
      } catch (error) {
        // It has ended, only not with an answer.
        if (error instanceof TaskFailedError || error instanceof TaskCancelledError)
          await followBehind(task, io, flags, until);
        throw error;
      }
      // Whoever left the task does not stay for what is behind it.
      if (code === EXIT.interrupted || (await followBehind(task, io, flags, until))) return code;
      const again = `muster watch ${task.taskId} --background follows it.`;
      throw new CliError(EXIT.stillRunning, 'what goes on behind the answer has not ended yet', again);
    });
  },
};

/** What goes on behind the answer, until nothing more happens there; false when the time was over first. */
async function followBehind(task: AnyTask, io: Io, flags: FollowFlags, until: number): Promise<boolean> {
  const late = new AbortController();
  const left = until - Date.now();
  const timer = Number.isFinite(left) ? setTimeout(() => late.abort(), Math.max(0, left)) : undefined;
  try {
    for await (const event of task.events({ background: 'only', signal: late.signal })) {
      if (wantsJson(flags)) io.out(jsonLine(event));
      else if (flags.verbose || !isDetail(event)) io.say(eventLine(event));
    }
    return !late.signal.aborted;
  } finally {
    clearTimeout(timer);
  }
}
