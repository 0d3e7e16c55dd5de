// close-task.ts: writes events and result to the store. A task closes only after its result is there.

import { CancellationScope, upsertMemo } from '@temporalio/workflow';
import type { PreparedSources } from '../protocol/activities.ts';
import { MEMO } from '../protocol/names.ts';
import { resultDigest, type TaskResult } from '../protocol/result.ts';
import { enterStage, showState, type Emit } from './progress.ts';
import { runNonCancellable } from './run-step.ts';
import { coverageOf } from './state/coverage.ts';
import { draftText } from './state/draft.ts';
import { unsaved, wantsFlush, type Journal } from './state/journal.ts';
import type { MasterState } from './state/state.ts';

type Saved = Pick<MasterState, 'taskId' | 'firstRun' | 'journal'>;

const flushing = new WeakMap<Journal, Promise<void>>();

/** Saves the events in the background once half of the window is unsaved. One flush at a time. */
export function flushEvents(task: Saved): void {
  const { journal } = task;
  if (!wantsFlush(journal) || flushing.has(journal)) return;
  // What could not be saved now is saved with the next flush, or at the close.
  const flush = record(task, 'save events')
    .catch(() => undefined)
    .finally(() => flushing.delete(journal));
  flushing.set(journal, flush);
}

/** Writes the result and what events are left; returns the result. Not stopped by a cancel. */
export async function closeTask(state: MasterState, outcome: TaskResult['outcome'], emit: Emit): Promise<TaskResult> {
  enterStage(state, 'closing');
  emit({ type: 'task.closed', outcome, ...(state.failure ? { failure: state.failure } : {}) });
  const result = resultOf(state, outcome);
  await CancellationScope.nonCancellable(async () => {
    await flushing.get(state.journal);
    await record(state, `save the result: ${outcome}`, result);
  });
  enterStage(state, 'closed');
  showState(outcome);
  upsertMemo({ [MEMO.result]: resultDigest(result) });
  return result;
}

async function record({ taskId, firstRun: run, journal }: Saved, summary: string, result?: TaskResult): Promise<void> {
  const upTo = journal.last;
  await runNonCancellable('recordTask', summary, {
    taskId,
    run,
    events: unsaved(journal),
    ...(result ? { result } : {}),
  });
  journal.flushed = upTo;
}

function resultOf(state: MasterState, outcome: TaskResult['outcome']): TaskResult {
  const { taskId, firstRun: run, request, acceptedAt, firstActivityAt, answer, data, plan, sources, failure } = state;
  const { spent, wasted, prompts, failovers, notes } = state.ledger;
  const draft = draftText(state.tree);
  return {
    v: 1,
    taskId,
    run,
    outcome,
    goal: request.goal,
    ...(answer?.answer ? { answer: answer.answer } : {}),
    ...(answer ? { answerRef: answer.ref } : {}),
    ...(data ? { dataRef: data.ref } : {}),
    ...(data && data.data !== undefined ? { data: data.data } : {}),
    ...(outcome !== 'completed' && draft !== '' ? { draft } : {}),
    ...(failure ? { failure } : {}),
    coverage: coverageOf(state),
    usage: spent,
    ...(wasted.length > 0 ? { waste: wasted } : {}),
    ...(prompts.length > 0 ? { prompts: [...prompts].sort() } : {}),
    ...(failovers.length > 0 ? { failovers } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(plan ? { model: plan.model, planRef: plan.planRef } : {}),
    ...(sources ? { corpusRef: sources.corpusRef, ...skippedOf(sources) } : {}),
    timings: { acceptedAt, closedAt: Date.now(), ...(firstActivityAt === undefined ? {} : { firstActivityAt }) },
  };
}

function skippedOf({ skipped, skippedCount, skippedRef }: PreparedSources): Pick<TaskResult, 'skipped'> {
  if (skippedCount === 0 && skippedRef === undefined) return {};
  return {
    skipped: { count: skippedCount, files: skipped, ...(skippedRef === undefined ? {} : { ref: skippedRef }) },
  };
}
