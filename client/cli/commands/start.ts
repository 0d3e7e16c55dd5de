// start.ts: `muster start`: starts a task and prints its id; nothing waits.

import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withClient } from '../open.ts';
import { jsonLine } from '../render/text.ts';
import { ensureStackReads, readRequest, START_OPTIONS, startTask, type StartFlags } from '../start-task.ts';

export const command: Command<StartFlags> = {
  arguments: '[goal]',
  options: [...START_OPTIONS, { flags: '--json', about: 'the id as JSON on stdout' }],
  examples: [
    'id=$(muster start "Which retry policies do these clients have?" --docs ./docs)',
    'muster start "Compare the two proposals" --docs a.md --docs b.md --key compare-2',
  ],
  async run(words, flags, io) {
    const input = await readRequest(words, flags, io);
    await ensureStackReads(input, flags, io);
    return await withClient(io, async (client) => {
      const { taskId } = await startTask(client, input, flags);
      io.out(flags.json ? jsonLine({ taskId }) : `${taskId}\n`);
      if (io.outIsTerminal)
        io.say(`muster watch ${taskId}   follows it, muster result ${taskId} --wait gives the answer`);
      if (!(await client.workerSeen())) {
        io.say(`muster: no worker is polling for deployment ${client.deployment}, so task ${taskId} is queued.`);
        io.say('  Kept: the task; it starts as soon as a worker is there.');
        io.say('  Next: muster worker   (or: muster dev)');
      }
      return EXIT.done;
    });
  },
};
