// write-answer.ts: the answer is written from the findings, checked against its sources, and made into the JSON of the
// caller's own schema. Only the writing can fail the task: what goes wrong afterwards is a remark in coverage.

import { isCancellation } from '@temporalio/workflow';
import type { AnswerStepInput } from '../protocol/activities.ts';
import { writingLimits } from '../protocol/classes.ts';
import { bookFailedStep, bookStep } from './account.ts';
import type { MasterContext } from './endings.ts';
import { enterStage } from './progress.ts';
import { failureOf, runStep } from './run-step.ts';
import { coverageOf } from './state/coverage.ts';
import type { MasterState } from './state/state.ts';
import { shownLife, subtasksOf } from './state/tree.ts';

export async function synthesize(state: MasterState, context: MasterContext): Promise<void> {
  enterStage(state, 'synthesizing');
  const { taskId, firstRun: run, request, headings } = state;
  const subtasks = subtasksOf(state.tree);
  const spec = subtasks[0]?.spec;
  if (!spec) throw new Error('there is no plan to synthesize from');
  const made = await runStep('synthesize', 'write the answer', {
    taskId,
    run,
    goal: request.goal,
    found: subtasks.map((subtask) => {
      const { findingsRef, missing } = shownLife(subtask);
      const { id, title } = subtask.spec;
      return { subtask: id, title, missing, ...(findingsRef ? { findingsRef } : {}) };
    }),
    coverage: coverageOf(state),
    headings,
    limits: writingLimits(request.class),
    retry: spec.retry,
    ...(spec.models ? { models: spec.models } : {}),
  });
  bookStep(context, 'synthesize', made);
  const { answerRef: ref, citations, dropped, answer } = made;
  state.answer = { ref, citations, dropped, ...(answer ? { answer } : {}) };
  context.emit({ type: 'answer.ready', citations });
}

/** Where the class asks for it: claims that their quotes do not support are left out. */
export async function verify(state: MasterState, context: MasterContext): Promise<void> {
  const input = answerStepInput(state);
  if (!input || !state.request.class.verify) return;
  await remarkFailure(state, context, 'The answer was not verified', async () => {
    const made = await runStep('verifyAnswer', 'check each claim against its sources', input);
    bookStep(context, 'verify', made);
    const { answerRef: ref, citations, dropped, answer } = made;
    const before = state.answer?.dropped ?? [];
    state.answer = { ref, citations, dropped: [...before, ...dropped], ...(answer ? { answer } : {}) };
    context.emit({ type: 'answer.verified', citations, dropped: dropped.length });
  });
}

/** Where the request has a schema: the answer as JSON that fits it. */
export async function shape(state: MasterState, context: MasterContext): Promise<void> {
  const input = answerStepInput(state);
  const schema = state.request.outputSchema;
  if (!input || !schema) return;
  await remarkFailure(state, context, 'The answer could not be given in the schema that was asked for', async () => {
    const {
      dataRef,
      data,
      left = [],
      ...account
    } = await runStep('shapeAnswer', 'write the answer as JSON for its schema', {
      ...input,
      schema,
    });
    bookStep(context, 'shape', account);
    state.remarks.push(...left.map((problem) => `Left out of the data: ${problem}.`));
    if (dataRef !== undefined) state.data = { ref: dataRef, ...(data === undefined ? {} : { data }) };
  });
}

function answerStepInput({
  taskId,
  firstRun: run,
  request,
  answer,
  sources,
  tree,
}: MasterState): AnswerStepInput | undefined {
  const spec = subtasksOf(tree, 1)[0]?.spec;
  if (!answer || !spec) return undefined;
  return {
    taskId,
    run,
    goal: request.goal,
    answerRef: answer.ref,
    ...(sources ? { corpusRef: sources.corpusRef } : {}),
    limits: writingLimits(request.class),
    retry: spec.retry,
    ...(spec.models ? { models: spec.models } : {}),
  };
}

/** A failure becomes a sentence of coverage. */
async function remarkFailure(
  state: MasterState,
  context: MasterContext,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const failure = isCancellation(error) ? undefined : failureOf(error);
    if (!failure) throw error;
    bookFailedStep(context, state.stage, error);
    state.remarks.push(`${what}: ${failure.message}.`);
  }
}
