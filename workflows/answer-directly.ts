// answer-directly.ts: the fast path: passages by code and one model call, in one step. What that does not answer is planned and
// fanned out like any other task, with what was spent on it booked.

import { defineSignal, setHandler } from '@temporalio/workflow';
import { writingLimits } from '../protocol/classes.ts';
import { SIGNALS } from '../protocol/names.ts';
import type { Demotion } from '../protocol/path.ts';
import { MODEL_RETRY } from '../protocol/retry.ts';
import { bookStep } from './account.ts';
import type { MasterContext } from './endings.ts';
import { markRunning } from './make-plan.ts';
import { enterStage } from './progress.ts';
import { runStep } from './run-step.ts';
import type { Emit } from './state/journal.ts';
import { closing } from './state/journal.ts';
import type { MasterState } from './state/state.ts';
import { lastStep, takeAnswer } from './write-answer.ts';

/** Whether it is answered. False for a task that was not asked to be, and for one that one call does not answer. */
export async function answerDirectly(state: MasterState, context: MasterContext): Promise<boolean> {
  const { taskId, firstRun: run, request } = state;
  if (request.path !== 'fast') return false;
  enterStage(state, 'answering');
  const last = lastStep(state, 'direct');
  const made = await runStep('answerDirectly', `answer at once: ${request.goal}`, {
    taskId,
    run,
    request,
    ...(state.session ? { session: state.session } : {}),
    limits: writingLimits(request.class),
    retry: MODEL_RETRY,
    ...last.input,
  });
  markRunning(state, made.startedAt);
  if ('notEnough' in made) {
    bookStep(context, 'direct', made);
    demote(state, context.emit, made.isBusy ? 'busy' : 'not enough', made.notEnough);
    return false;
  }
  const { model, corpusRef } = made;
  state.direct = { model, ...(corpusRef === undefined ? {} : { corpusRef }) };
  last.book(made, () => bookStep(context, 'direct', made));
  takeAnswer(state, made);
  return true;
}

/** Signal `demote`: whoever waited for the answer at once follows the task from now on. Its call goes on untouched. */
export function receiveDemotion(state: MasterState, emit: Emit): void {
  setHandler(
    defineSignal(SIGNALS.demote),
    () => {
      if (state.request.path === 'fast' && !state.answer && !closing(state.journal)) demote(state, emit, 'budget');
    },
    { description: 'The time for an answer at once is over; the task goes on.' },
  );
}

/** Told once. */
function demote(state: MasterState, emit: Emit, reason: Demotion, why?: string): void {
  // Late, and then not enough: what it was in the end.
  if (state.demotion !== 'not enough') state.demotion = reason;
  if (state.isDemoted) return;
  state.isDemoted = true;
  emit({ type: 'task.demoted', reason, afterMs: Date.now() - state.acceptedAt, ...(why === undefined ? {} : { why }) });
}
