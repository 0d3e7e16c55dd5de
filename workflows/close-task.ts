// close-task.ts: brings events and result into the store. A task closes only after its result is there.

import { CancellationScope, upsertMemo } from '@temporalio/workflow';
import { EVENT_WINDOW } from '../protocol/limits.ts';
import { MEMO } from '../protocol/names.ts';
import { resultDigest, type TaskResult } from '../protocol/result.ts';
import { enter, showState, tell } from './progress.ts';
import { runUnstopped } from './run-step.ts';
import { coverageOf, draftText, totalUsage, type MasterState } from './state.ts';

const flushing = new WeakMap<MasterState, Promise<void>>();

/** Beside the story: once half the window is unsaved, saves it. One flush at a time. */
export function flushEvents(state: MasterState): void {
  if (state.lastEvent - state.flushed < EVENT_WINDOW / 2 || flushing.has(state)) return;
  // What could not be saved now is saved with the next flush, or at the close.
  const flush = record(state, 'save events')
    .catch(() => undefined)
    .finally(() => flushing.delete(state));
  flushing.set(state, flush);
}

/** Writes the result and what events are left; returns the result. Not stopped by a cancel. */
export async function closeTask(state: MasterState, outcome: TaskResult['outcome']): Promise<TaskResult> {
  enter(state, 'closing');
  tell(state, { type: 'task.closed', outcome, ...(state.failure ? { failure: state.failure } : {}) });
  const result = resultOf(state, outcome);
  await CancellationScope.nonCancellable(async () => {
    await flushing.get(state);
    await record(state, `save the result: ${outcome}`, result);
  });
  enter(state, 'closed');
  showState(outcome);
  upsertMemo({ [MEMO.result]: resultDigest(result) });
  return result;
}

async function record(state: MasterState, summary: string, result?: TaskResult): Promise<void> {
  const events = state.events.filter((event) => event.n > state.flushed);
  const upTo = state.lastEvent;
  await runUnstopped('recordTask', summary, {
    taskId: state.taskId,
    run: state.firstRun,
    events,
    ...(result ? { result } : {}),
  });
  state.flushed = upTo;
}

function resultOf(state: MasterState, outcome: TaskResult['outcome']): TaskResult {
  const { taskId, firstRun: run, request, acceptedAt, firstActivityAt, answer, data, plan, sources, failure } = state;
  const draft = draftText(state);
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
    usage: totalUsage(state),
    ...(state.prompts.length > 0 ? { prompts: [...state.prompts].sort() } : {}),
    ...(state.failovers.length > 0 ? { failovers: state.failovers } : {}),
    ...(plan ? { model: plan.model, planRef: plan.planRef } : {}),
    ...(sources ? { corpusRef: sources.corpusRef } : {}),
    timings: { acceptedAt, closedAt: Date.now(), ...(firstActivityAt === undefined ? {} : { firstActivityAt }) },
  };
}
