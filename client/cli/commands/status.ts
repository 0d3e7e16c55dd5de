// status.ts: `muster status`: where a task stands now, once.

import { taskId, type Command } from '../command.ts';
import { TaskCancelledError, TaskFailedError, TaskNotFoundError } from '../../errors.ts';
import type { AnyTask } from '../../kept-task.ts';
import type { TaskResult } from '../../../protocol/result.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { withTask } from '../open.ts';
import { gapLines, summaryLine } from '../render/summary.ts';
import { newView, applyStatus } from '../render/task-view.ts';
import { jsonLine } from '../terminal/text.ts';
import { treeLines } from '../render/tree-lines.ts';

/** Columns of the table where no terminal says. */
const COLUMNS_ON_A_PIPE = 120;

export const command: Command<{ json?: boolean }> = {
  arguments: '<id>',
  options: [{ flags: '--json', about: 'the whole status as one line of JSON' }],
  examples: ['muster status compare-retry-policies-9f2c41d07ab3', 'muster status 9f2c41d07ab3 --json | jq .state'],
  async run([id], flags, io) {
    return await withTask(taskId(id), io, async (handle) => {
      const status = await handle.status();
      if (flags.json) {
        io.out(jsonLine(status));
        return EXIT.done;
      }
      const now = status.closedAt?.getTime() ?? Date.now();
      const view = newView(handle.taskId, status.startedAt.getTime());
      applyStatus(view, status);
      const columns = io.outIsTerminal ? io.outColumns : COLUMNS_ON_A_PIPE;
      io.out(
        treeLines(view, { columns, rows: Infinity }, now, io.outColours)
          .map((line) => `${line.trimEnd()}\n`)
          .join(''),
      );
      const result = status.closedAt && (await leftBy(handle));
      if (result) io.out([...gapLines(result, columns), summaryLine(result)].map((line) => `${line}\n`).join(''));
      if (status.closedAt) io.say(`muster result ${handle.taskId}   shows what it handed back`);
      return EXIT.done;
    });
  },
};

/** However it ended; undefined where nothing of it is kept. */
async function leftBy(task: AnyTask): Promise<TaskResult | undefined> {
  try {
    return await task.result();
  } catch (error) {
    if (error instanceof TaskFailedError || error instanceof TaskCancelledError) return error.result;
    if (error instanceof TaskNotFoundError) return undefined;
    throw error;
  }
}
