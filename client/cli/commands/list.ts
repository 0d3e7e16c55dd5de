// list.ts: `muster list`: the tasks of this deployment, newest first.

import type { TaskState } from '../../../protocol/task.ts';
import type { ListFilter, TaskSummary } from '../../task-summary.ts';
import { filled, wholeFromOne, type Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { withTaskList } from '../open.ts';
import { columnsOf, cut, duration, formatCount, jsonLine, oneLine, pad } from '../terminal/text.ts';

interface ListFlags {
  state?: TaskState;
  class?: string;
  tenant?: string;
  session?: string;
  schedule?: string;
  limit?: number;
  json?: boolean;
}

const STATES: Record<TaskState, true> = {
  queued: true,
  running: true,
  waiting: true,
  paused: true,
  completed: true,
  failed: true,
  cancelled: true,
};
const MIN_GOAL_COLUMNS = 20;
/** Tasks that are shown where nothing else is asked for. */
const MOST = 50;

export const command: Command<ListFlags> = {
  options: [
    { flags: '--state <state>', about: 'only tasks in this state', choices: Object.keys(STATES) },
    { flags: '--class <name>', about: 'only tasks of this class', read: filled },
    { flags: '--tenant <name>', about: 'only tasks of this tenant', read: filled },
    { flags: '--session <id>', about: 'only tasks of this session', read: filled },
    { flags: '--schedule <name>', about: 'only tasks that this schedule started', read: filled },
    { flags: '--limit <n>', about: `at most this many (default: ${MOST})`, read: wholeFromOne },
    { flags: '--json', about: 'NDJSON: one task a line' },
  ],
  examples: ['muster list --state running', 'muster list --limit 200 --json | jq -r .taskId'],
  async run(_words, flags, io) {
    const { json, session, ...rest } = flags;
    const most = flags.limit ?? MOST;
    // One more than is shown, to tell whether there are more.
    const filter: ListFilter = { ...rest, ...(session === undefined ? {} : { sessionId: session }), limit: most + 1 };
    return await withTaskList(io, filter.tenant, async (list, asked) => {
      const tasks: TaskSummary[] = [];
      let seen = 0;
      for await (const task of list(filter)) {
        if ((seen += 1) > most) break;
        if (json) io.out(jsonLine(task));
        else tasks.push(task);
      }
      const isCut = seen > most;
      if (json) {
        if (isCut) io.say(cutNote(most));
        return EXIT.done;
      }
      if (tasks.length === 0) {
        const isFiltered = Object.keys(filter).some((name) => name !== 'limit');
        io.say(isFiltered && (await hasAny(list)) ? NONE_FITS : noneYet(asked));
      }
      for (const line of table(tasks, io.outIsTerminal ? io.outColumns : undefined)) io.out(`${line}\n`);
      if (isCut) io.say(cutNote(most));
      return EXIT.done;
    });
  },
};

const cutNote = (most: number): string =>
  `${most === 1 ? 'this is the newest' : `these are the newest ${formatCount(most)}`}; there are more: muster list --limit ${most * 4}`;

/** At a server or gateway that a person named it is said who was asked: their tasks may be elsewhere. */
const noneYet = (asked: string | undefined): string =>
  `${asked === undefined ? 'there are no tasks yet' : `${asked} has no tasks of this deployment yet`}; muster run "what you want to know" starts one`;
const NONE_FITS = 'no task fits this filter; muster list without it shows those there are';

async function hasAny(list: (filter: ListFilter) => AsyncIterable<TaskSummary>): Promise<boolean> {
  for await (const _task of list({ limit: 1 })) return true;
  return false;
}

function table(tasks: readonly TaskSummary[], columns: number | undefined): string[] {
  const rows = tasks.map((task) => ({
    cells: [
      oneLine(task.taskId),
      task.state,
      oneLine(task.class ?? '-'),
      `${duration(Date.now() - task.startedAt.getTime())} ago`,
    ],
    goal: oneLine(task.goal),
  }));
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map(({ cells }) => columnsOf(cells[column] ?? ''))));
  const padded = (cells: readonly string[], from = 0): string =>
    cells
      .slice(from)
      .map((cell, column) => pad(cell, widths[column + from] ?? 0))
      .join('  ');
  if (columns === undefined) return rows.map(({ cells, goal }) => `${padded(cells)}  ${goal}`);
  const all = widths.reduce((sum, width) => sum + width + 2, 0);
  if (all + MIN_GOAL_COLUMNS < columns)
    return rows.map(({ cells, goal }) => `${padded(cells)}  ${cut(goal, columns - all - 1)}`);
  // The id alone, so that it can be copied; the rest under it.
  return rows.flatMap(({ cells, goal }) => {
    const rest = `  ${padded(cells, 1)}  `;
    return [cells[0] ?? '', rest + cut(goal, columns - columnsOf(rest) - 1)];
  });
}
