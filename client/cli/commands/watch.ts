// watch.ts: `muster watch`: follows a task that was started before, from its first event or from a later one.

import { positive, taskId, whole, type Command } from '../command.ts';
import { follow, type FollowFlags } from '../follow.ts';
import { withTask } from '../open.ts';
import { checkOutput, OUTPUT_OPTIONS } from '../result-output.ts';

export const command: Command<FollowFlags> = {
  arguments: '<id>',
  options: [
    { flags: '--after <n>', about: 'show no event up to this number', read: whole },
    { flags: '--timeout <seconds>', about: 'stop waiting after this long (exit 6); the task runs on', read: positive },
    { flags: '--verbose', about: 'on a pipe: every event, with what only a developer needs' },
    ...OUTPUT_OPTIONS,
  ],
  examples: ['muster watch compare-retry-policies-9f2c41d07ab3', 'muster watch 9f2c41d07ab3 --after 12 --json'],
  async run([id], flags, io) {
    checkOutput(flags);
    return await withTask(taskId(id), io, async (task) => await follow(task, io, flags));
  },
};
