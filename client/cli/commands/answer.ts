// answer.ts: `muster answer`: a person's reply to what a sub-agent asks, or to what a tool call waits for.

import { filled, taskId as checkedId, type Command } from '../command.ts';
import { withTask } from '../open.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { jsonLine } from '../terminal/text.ts';

interface Flags {
  handle?: string;
  failed?: boolean;
  json?: boolean;
}

export const command: Command<Flags> = {
  arguments: '<id> <text>',
  options: [
    {
      flags: '--handle <handle>',
      about: 'which question is answered, where several are open (without it they are listed)',
      read: filled,
    },
    { flags: '--failed', about: 'tells the sub-agent that there is no answer, and why' },
    { flags: '--json', about: 'what was answered as one line of JSON' },
  ],
  examples: [
    'muster answer 9f2c41d07ab3 "the one of 2024"',
    'muster answer 9f2c41d07ab3 "nobody knows" --handle s2/g1/call_7 --failed',
  ],
  async run([id, text = ''], { handle, failed = false, json }, io) {
    return await withTask(checkedId(id), io, async (task) => {
      // Kept as well where nobody waits for it yet: whoever has mistyped a handle must be able to see that.
      const { progress } = handle === undefined ? {} : await task.status();
      const isKnown = handle === undefined || progress?.questions?.some((one) => one.handle === handle);
      await task.reply(handle, text, { ok: !failed });
      if (json) io.out(jsonLine({ taskId: task.taskId, ...(handle === undefined ? {} : { handle }), recorded: true }));
      else
        io.say(
          `recorded: ${isKnown ? 'the sub-agent' : `a sub-agent that waits for a reply to ${handle}`} goes on with it`,
        );
      return EXIT.done;
    });
  },
};
