// start.ts: `muster start`: starts a task and prints its id; nothing waits.

import type { Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { jsonLine } from '../terminal/text.ts';
import { START_OPTIONS, type StartFlags } from '../start-flags.ts';
import { withNewTask } from '../start-task.ts';

export const command: Command<StartFlags> = {
  arguments: '[goal]',
  options: [...START_OPTIONS, { flags: '--json', about: 'the id as JSON on stdout' }],
  examples: [
    'id=$(muster start "Which retry policies do these clients have?" --docs ./docs)',
    'muster start "Compare the two proposals" --docs a.md --docs b.md --key compare-2',
  ],
  async run(words, flags, io) {
    return await withNewTask(words, flags, io, async ({ taskId }, at) => {
      io.out(flags.json ? jsonLine({ taskId }) : `${taskId}\n`);
      if (io.outIsTerminal)
        io.say(`muster watch ${taskId}   follows it, muster result ${taskId} --wait gives the answer`);
      if (!(await at.workerSeen())) {
        const whose = at.deployment === undefined ? '' : ` for deployment ${at.deployment}`;
        io.say(`muster: no worker is polling${whose}, so task ${taskId} is queued.`);
        io.say('  Kept: the task; it starts as soon as a worker is there.');
        if (at.deployment !== undefined) io.say('  Next: muster worker   (or: muster dev)');
      }
      return EXIT.done;
    });
  },
};
