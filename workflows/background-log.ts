// background-log.ts: writes a background child's events to the store as they come, and its result at the end, so that readers need
// no worker. One write at a time; nothing waits for it but the child's own end.

import { CancellationScope, condition } from '@temporalio/workflow';
import type { TaskResult } from '../protocol/result.ts';
import { resultOf } from './close-task.ts';
import { runInBackground } from './run-step.ts';
import { subtaskRows } from './state/closed-rows.ts';
import { closing, unsaved } from './state/journal.ts';
import type { MasterState } from './state/state.ts';

export interface Saved {
  /** Begins no further write. Returns when none is under way: what is unsaved then is left to the run that follows. */
  rest(): Promise<void>;
  /** Writes what is left, and the result. Not stopped by a cancel. */
  close(outcome: TaskResult['outcome']): Promise<TaskResult>;
}

/** @param keptUntil until when its task is kept, ms since the epoch; undefined while that is at work: nothing is written then. */
export function keepSaved(state: MasterState, keptUntil: () => number | undefined): Saved {
  const { journal } = state;
  let isClosing = false;
  const saving = CancellationScope.nonCancellable(async () => {
    for (;;) {
      await condition(() => isClosing || (keptUntil() !== undefined && journal.last > journal.flushed));
      if (isClosing) return;
      await save(state, 'save events', keptUntil());
    }
  });
  // Awaited at the close; until then nobody listens.
  saving.catch(() => undefined);
  const rest = async (): Promise<void> => {
    isClosing = true;
    await saving;
  };
  return {
    rest,
    async close(outcome) {
      await rest();
      const result = resultOf(state, outcome);
      // A cancel that comes now is too late, and must not take what became of it.
      await CancellationScope.nonCancellable(() => save(state, 'save what became of it', keptUntil(), result));
      return result;
    },
  };
}

async function save(
  state: MasterState,
  summary: string,
  keptUntil: number | undefined,
  result?: TaskResult,
): Promise<void> {
  const { taskId, firstRun: run, journal, request, acceptedAt, tree } = state;
  const upTo = journal.last;
  const { goal, tenant, class: row } = request;
  await runInBackground('recordTask', summary, {
    taskId,
    run,
    events: unsaved(journal),
    head: {
      goal,
      tenant,
      className: row.name,
      retentionDays: row.retentionDays,
      acceptedAt,
      ...(keptUntil === undefined ? {} : { keptUntil }),
    },
    ...(result ? { result } : {}),
    // Once nothing is at work: rows that are there already stay as they are.
    ...(closing(journal) && tree.ids.length > 0 ? { rows: { subtasks: subtaskRows(state, Date.now()) } } : {}),
  });
  journal.flushed = upTo;
}
