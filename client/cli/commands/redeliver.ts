// redeliver.ts: `muster redeliver`: sends once more what was given up behind the answer of a task.

import { taskId, type Command } from '../command.ts';
import { withTask } from '../open.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { jsonLine } from '../terminal/text.ts';

export const command: Command<{ json?: boolean }> = {
  arguments: '<id> [ids...]',
  options: [{ flags: '--json', about: 'what was asked for as one line of JSON' }],
  examples: [
    'muster redeliver compare-retry-policies-9f2c41d07ab3',
    'muster redeliver 9f2c41d07ab3 b2   (one delivery or background subtask, as muster status shows it; one that waits for its next try is tried now)',
  ],
  async run([id, ...ids], flags, io) {
    return await withTask(taskId(id), io, async (task) => {
      await task.redeliver(ids.length === 0 ? undefined : ids);
      if (flags.json) io.out(jsonLine({ taskId: task.taskId, recorded: true }));
      else io.say(`recorded: muster watch ${task.taskId} --background shows what becomes of it`);
      return EXIT.done;
    });
  },
};
