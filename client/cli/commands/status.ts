// status.ts: `muster status`: where a task stands now, once.

import { taskId, type Command } from '../command.ts';
import { TaskCancelledError, TaskFailedError, TaskNotFoundError } from '../../errors.ts';
import type { AnyTask } from '../../kept-task.ts';
import type { TaskResult } from '../../../protocol/result.ts';
import type { SessionView } from '../../../protocol/session.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { withTask } from '../open.ts';
import { failureLines, gapLines, summaryLine } from '../render/summary.ts';
import { routeInWords } from '../render/event-lines.ts';
import { newView, applyStatus } from '../render/task-view.ts';
import type { TaskStatus } from '../../status.ts';
import { seenWords } from './sessions.ts';
import { counted, duration, jsonLine, oneLine } from '../terminal/text.ts';
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
      if (status.route) io.say(routeInWords(status.route));
      if (status.session) io.say(sessionLine(status.session));
      if (status.schedule !== undefined) io.say(`started by schedule ${status.schedule} (muster schedules)`);
      const hasResult = status.closedAt !== undefined || status.state === 'completed';
      const result = hasResult ? await leftBy(handle) : undefined;
      if (result)
        io.out(
          [...failureLines(result, columns), ...gapLines(result, columns), summaryLine(result)]
            .map((line) => `${line}\n`)
            .join(''),
        );
      for (const line of behindLines(status, Date.now())) io.out(`${line}\n`);
      if (hasResult) io.say(`muster result ${handle.taskId}   shows what it handed back`);
      return EXIT.done;
    });
  },
};

/** Which question of its session it is, what it sees of that, and what it means. */
function sessionLine({ id, n, sees, open = [], resolved }: SessionView): string {
  const meant = resolved === undefined ? '' : `; understood as: ${resolved}`;
  return oneLine(`question ${n} of session ${id}${seenWords(sees, open)}${meant}`);
}

/** What goes on behind the answer, a line each. */
function behindLines({ background }: TaskStatus, now: number): string[] {
  if (!background) return [];
  const { deliveries, subtasks } = background;
  return [
    ...deliveries.map((one) =>
      oneLine(`${one.state}: ${one.event} to ${one.kind} ${one.to}${triedLine(one, now)} (${one.id})`),
    ),
    ...subtasks.map(({ id, title, state, findings, failure }) =>
      oneLine(
        `${state}: ${[id, title].join(' ').trim()}, ${counted(findings, 'finding')}${failure ? `: ${failure.message}` : ''}`,
      ),
    ),
  ];
}

type Delivery = NonNullable<TaskStatus['background']>['deliveries'][number];

/** `, at try 3: it answered 503; try 4 is in 2 min 10 s` */
function triedLine({ tries, reason, retryAt }: Delivery, now: number): string {
  const tried = tries === 0 ? '' : `, at try ${tries}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${tried}${why}${retryAt === undefined ? '' : `; try ${tries + 1} is in ${duration(retryAt - now)}`}`;
}

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
