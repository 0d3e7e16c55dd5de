// closed-rows.ts: what the history of its class keeps of a task that closes, and of its subtasks. Not a word of their content.

import { spentOf } from '../../protocol/budget.ts';
import { MOST_ROWS, type ClosedRows, type SubtaskRow, type TaskRow } from '../../protocol/class-history.ts';
import type { Stage } from '../../protocol/progress.ts';
import { stoodStillWithin } from './standstill.ts';
import type { MasterState } from './state.ts';
import { isEnded, stateOf, subtasksOf, usageOf, type SubtaskState } from './tree.ts';

type Known = Pick<MasterState, 'request' | 'firstRun' | 'tree' | 'standstill'>;
type KnownTask = Known &
  Pick<MasterState, 'demotion' | 'sources' | 'entered' | 'acceptedAt' | 'firstActivityAt' | 'ledger' | 'journal'>;

/** Of a task: its own row, and one of each of its subtasks. */
export function closedRows(state: KnownTask, ending: TaskRow['ending'], closedAt: number): ClosedRows {
  const { request, firstRun: run, tree, sources, standstill, acceptedAt, firstActivityAt, ledger } = state;
  const { firstFindingAt } = state.journal;
  const { route } = request;
  const stood = (to: number): number => stoodStillWithin([standstill], acceptedAt, to);
  const subtasks = subtaskRows(state, closedAt);
  return {
    task: {
      run,
      class: request.class.name,
      path: request.path === 'fast' ? 'fast' : 'deep',
      endedAt: closedAt,
      ending,
      totalMs: Math.max(0, closedAt - acceptedAt - stood(closedAt)),
      stagesMs: stagesMs(state.entered, closedAt - stood(closedAt)),
      ...(firstActivityAt === undefined
        ? {}
        : { queueMs: Math.max(0, firstActivityAt - acceptedAt - stood(firstActivityAt)) }),
      retries: subtasks.reduce((sum, { retries }) => sum + retries, 0),
      ...(sources ? { documents: sources.documents } : {}),
      subtasks: tree.ids.length,
      tokens: spentOf(ledger.spent).tokens,
      ...(ledger.spent.costUsd === undefined ? {} : { costUsd: ledger.spent.costUsd }),
      ...(firstFindingAt === undefined
        ? {}
        : { firstFindingMs: Math.max(0, firstFindingAt - acceptedAt - stood(firstFindingAt)) }),
      ...(Object.keys(ledger.wastedBy).length > 0 ? { wasted: { ...ledger.wastedBy } } : {}),
      ...(route
        ? { routed: { by: route.by, ...(route.numbers.steps === undefined ? {} : { steps: route.numbers.steps }) } }
        : {}),
      ...(state.demotion === undefined ? {} : { demoted: state.demotion }),
    },
    subtasks,
  };
}

/** Of its subtasks alone. @param now when those end that have not ended. */
export const subtaskRows = (state: Known, now: number): SubtaskRow[] =>
  subtasksOf(state.tree, MOST_ROWS).map((subtask) => rowOf(subtask, state, now));

function rowOf(subtask: SubtaskState, { request, firstRun: run, standstill }: Known, now: number): SubtaskRow {
  const { spec, lives, startedAt, endedAt = now } = subtask;
  const state = stateOf(subtask);
  const beganAt = lives[0]?.beganAt;
  const standstills = [standstill, ...(subtask.standstill ? [subtask.standstill] : [])];
  const lasted = (from: number, to: number): number => Math.max(0, to - from - stoodStillWithin(standstills, from, to));
  return {
    run,
    subtask: spec.id,
    class: request.class.name,
    kind: spec.kind,
    endedAt,
    ending: isEnded(state) ? state : 'stopped',
    totalMs: startedAt === undefined ? 0 : lasted(startedAt, endedAt),
    // Two clocks: the master's and a worker's.
    ...(startedAt === undefined || beganAt === undefined ? {} : { queueMs: lasted(startedAt, beganAt) }),
    ...(spec.mode === 'background' ? { mode: 'background' as const } : {}),
    retries: lives.reduce((sum, { retries = 0 }) => sum + retries, lives.length - 1),
    turns: lives.reduce((sum, { turns }) => sum + turns, 0),
    tokens: spentOf(usageOf(subtask)).tokens,
  };
}

/** How long each stage lasted that was reached before the end, by the task's own time. */
function stagesMs(entered: MasterState['entered'], end: number): TaskRow['stagesMs'] {
  const reached = (Object.entries(entered) as [Stage, number][])
    .filter(([, at]) => at < end)
    .sort(([, a], [, b]) => a - b);
  return Object.fromEntries(reached.map(([stage, at], n) => [stage, (reached[n + 1]?.[1] ?? end) - at]));
}
