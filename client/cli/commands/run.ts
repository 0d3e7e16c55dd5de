// run.ts: `muster run`: starts a task, follows it, prints its answer.

import { positive, type Command } from '../command.ts';
import { follow, type FollowFlags } from '../follow.ts';
import { checkOutput, OUTPUT_OPTIONS } from '../result-output.ts';
import { START_OPTIONS, type StartFlags } from '../start-flags.ts';
import { withNewTask } from '../start-task.ts';

export const command: Command<StartFlags & FollowFlags> = {
  arguments: '[goal]',
  options: [
    ...START_OPTIONS,
    { flags: '--timeout <seconds>', about: 'stop waiting after this long (exit 6); the task runs on', read: positive },
    { flags: '--verbose', about: 'on a pipe: every event, with what only a developer needs' },
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    'muster run "Which retry policies do these clients have?" --docs ./docs',
    'cat question.txt | muster run - --class quick --json | tail -1',
  ],
  async run(words, flags, io) {
    checkOutput(flags);
    return await withNewTask(words, flags, io, async (task) => await follow(task, io, flags));
  },
};
