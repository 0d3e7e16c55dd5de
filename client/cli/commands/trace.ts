// trace.ts: `muster trace`: what a task did, as a tree, made of what is recorded. Of a closed task no server is needed. Through a
// gateway the tree is the same, without the words of prompts and answers in `--json`.

import { taskId, type Command } from '../command.ts';
import { withTask } from '../open.ts';
import { traceLines } from '../render/trace-lines.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { jsonLine } from '../terminal/text.ts';

/** Columns where no terminal says. */
const COLUMNS_ON_A_PIPE = 110;

export const command: Command<{ json?: boolean }> = {
  arguments: '<id>',
  options: [{ flags: '--json', about: 'the spans as one line of JSON' }],
  examples: ['muster trace compare-retry-policies-9f2c41d07ab3', 'muster trace 9f2c41d07ab3 --json | jq .spans[].name'],
  async run([id], flags, io) {
    return await withTask(taskId(id), io, async (task) => {
      const trace = await task.trace();
      if (flags.json) {
        io.out(jsonLine(trace));
        return EXIT.done;
      }
      const columns = io.outIsTerminal ? io.outColumns : COLUMNS_ON_A_PIPE;
      io.out(
        traceLines(trace, columns)
          .map((line) => `${line}\n`)
          .join(''),
      );
      return EXIT.done;
    });
  },
};
