// cancel-background.ts: `muster cancel-background`: ends what goes on behind the answer of a task.

import { taskId, type Command } from '../command.ts';
import { withTask } from '../open.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { jsonLine } from '../terminal/text.ts';

export const command: Command<{ json?: boolean }> = {
  arguments: '<id>',
  options: [{ flags: '--json', about: 'what was asked for as one line of JSON' }],
  examples: [
    'muster cancel-background compare-retry-policies-9f2c41d07ab3',
    'muster cancel-background 9f2c41d07ab3   (what was not delivered is not; the task and its result stay)',
  ],
  async run([id], flags, io) {
    return await withTask(taskId(id), io, async (task) => {
      await task.cancelBackground();
      if (flags.json) io.out(jsonLine({ taskId: task.taskId, recorded: true }));
      else io.say(`recorded: muster status ${task.taskId} shows what is left of it`);
      return EXIT.done;
    });
  },
};
