// close-task.ts: writes events and result to the store. A task closes only after its result is there.

import { CancellationScope, upsertMemo } from '@temporalio/workflow';
import type { PreparedSources, RecordTaskInput } from '../protocol/activities.ts';
import { inResult } from '../protocol/books.ts';
import { MEMO } from '../protocol/names.ts';
import { resultDigest, type TaskResult } from '../protocol/result.ts';
import { enterStage, showState } from './progress.ts';
import { runBehind, startBackground } from './run-step.ts';
import { closedRows } from './state/closed-rows.ts';
import { coverageOf } from './state/coverage.ts';
import { draftText } from './state/draft.ts';
import { unsaved, wantsFlush, type Emit, type Journal } from './state/journal.ts';
import { stoodStillMs } from './state/standstill.ts';
import { statusesOf } from './state/receivers.ts';
import type { MasterState } from './state/state.ts';
import { usageBySubtask } from './state/tree.ts';

type Saved = Pick<MasterState, 'taskId' | 'firstRun' | 'journal'>;

const flushing = new WeakMap<Journal, Promise<void>>();

/** Saves the events in the background once half of the window is unsaved. One flush at a time. */
export function flushEvents(task: Saved): void {
  const { journal } = task;
  if (!wantsFlush(journal) || flushing.has(journal)) return;
  const upTo = journal.last;
  const flush = new Promise<void>((ended) => {
    startBackground('recordTask', 'save events', recordOf(task), (error) => {
      // What could not be saved now is saved with the next flush, or at the close.
      if (error === undefined) journal.flushed = upTo;
      flushing.delete(journal);
      ended();
    });
  });
  flushing.set(journal, flush);
}

/** Writes what the store has not yet of events and result; returns the result. Not stopped by a cancel. */
export async function closeTask(state: MasterState, outcome: TaskResult['outcome'], emit: Emit): Promise<TaskResult> {
  enterStage(state, 'closing');
  emit({ type: 'task.closed', outcome, ...(state.failure ? { failure: state.failure } : {}) });
  const result = resultOf(state, outcome, outcome === 'completed' ? state.saved?.at : undefined);
  const { saved, ledger } = state;
  // Lives that were outrun may have ended since: what they spent belongs to the result, too.
  const isSaved = outcome === 'completed' && saved?.spent === ledger.spent;
  await CancellationScope.nonCancellable(async () => {
    await flushing.get(state.journal);
    const rows = closedRows(state, outcome, result.timings.closedAt);
    await (isSaved
      ? record(state, `save the last events: ${outcome}`, { rows })
      : record(state, `save the result: ${outcome}`, { rows, result }));
  });
  enterStage(state, 'closed');
  showState(outcome);
  if (outcome !== 'completed' || !saved) upsertMemo({ [MEMO.result]: resultDigest(result) });
  return result;
}

async function record(task: Saved, summary: string, more: Pick<RecordTaskInput, 'result' | 'rows'>): Promise<void> {
  const upTo = task.journal.last;
  await runBehind('recordTask', summary, { ...recordOf(task), ...more });
  task.journal.flushed = upTo;
}

const recordOf = ({ taskId, firstRun: run, journal }: Saved): RecordTaskInput => ({
  taskId,
  run,
  events: unsaved(journal),
});

/** What the task has to hand back now. */
export function resultOf(state: MasterState, outcome: TaskResult['outcome'], closedAt = Date.now()): TaskResult {
  const { taskId, firstRun: run, request, acceptedAt, firstActivityAt, answer, data, plan, sources, failure } = state;
  const { direct } = state;
  const { receivers } = state;
  const { wasted } = state.ledger;
  const draft = draftText(state.tree);
  const waitedMs = stoodStillMs(state.standstill, Date.now());
  return {
    v: 1,
    taskId,
    run,
    outcome,
    goal: request.goal,
    ...(state.session ? { session: state.session } : {}),
    ...(answer?.answer ? { answer: answer.answer } : {}),
    ...(answer ? { answerRef: answer.ref } : {}),
    ...(data ? { dataRef: data.ref } : {}),
    ...(data && data.data !== undefined ? { data: data.data } : {}),
    ...(outcome !== 'completed' && draft !== '' ? { draft } : {}),
    ...(failure ? { failure } : {}),
    coverage: coverageOf(state),
    ...inResult({ ...state.ledger, ...usageBySubtask(state.tree) }),
    ...(wasted.length > 0 ? { waste: wasted } : {}),
    ...(plan ? { model: plan.model, planRef: plan.planRef } : {}),
    ...direct,
    ...(sources ? { corpusRef: sources.corpusRef, ...skippedOf(sources) } : {}),
    ...(receivers ? { deliveries: statusesOf(receivers) } : {}),
    timings: {
      acceptedAt,
      closedAt,
      ...(firstActivityAt === undefined ? {} : { firstActivityAt }),
      ...(waitedMs > 0 ? { waitedMs } : {}),
    },
  };
}

function skippedOf({ skipped, skippedCount, skippedRef }: PreparedSources): Pick<TaskResult, 'skipped'> {
  if (skippedCount === 0 && skippedRef === undefined) return {};
  return {
    skipped: { count: skippedCount, files: skipped, ...(skippedRef === undefined ? {} : { ref: skippedRef }) },
  };
}
