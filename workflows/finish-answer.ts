// finish-answer.ts: what is done with an answer once it is written: held against its sources, handed into the caller's own
// shape. Neither costs the task its answer: what goes wrong here is said in coverage.

import { isCancellation } from '@temporalio/workflow';
import type { AnswerStepInput } from '../protocol/activities.ts';
import { accountFailure, accountStep } from './account.ts';
import { tell } from './progress.ts';
import { failureOf, runStep } from './run-step.ts';
import type { MasterState } from './state.ts';

/** Where the class asks for it: claims that their quotes do not bear are left out. */
export async function verify(state: MasterState): Promise<void> {
  const input = answerStep(state);
  if (!input || !state.request.class.verify) return;
  await orSaid(state, 'The answer was not verified', async () => {
    const made = await runStep('verifyAnswer', 'hold each claim against its sources', input);
    accountStep(state, 'verify', made);
    const { answerRef: ref, citations, dropped, answer } = made;
    const before = state.answer?.dropped ?? [];
    state.answer = { ref, citations, dropped: [...before, ...dropped], ...(answer ? { answer } : {}) };
    tell(state, { type: 'answer.verified', citations, dropped: dropped.length });
  });
}

/** Where the request has a schema: the answer as that asks. */
export async function shape(state: MasterState): Promise<void> {
  const input = answerStep(state);
  const schema = state.request.outputSchema;
  if (!input || !schema) return;
  await orSaid(state, 'The answer could not be handed into the schema that was asked for', async () => {
    const {
      dataRef,
      data,
      left = [],
      ...account
    } = await runStep('shapeAnswer', 'hand the answer into its schema', {
      ...input,
      schema,
    });
    accountStep(state, 'shape', account);
    state.remarks.push(...left.map((problem) => `Left out of the data: ${problem}.`));
    state.data = { ref: dataRef, ...(data === undefined ? {} : { data }) };
  });
}

function answerStep(state: MasterState): AnswerStepInput | undefined {
  const { taskId, firstRun: run, request, answer, sources } = state;
  const spec = state.subtasks[0]?.spec;
  if (!answer || !spec) return undefined;
  return {
    taskId,
    run,
    goal: request.goal,
    answerRef: answer.ref,
    ...(sources ? { corpusRef: sources.corpusRef } : {}),
    limits: request.class.subtask,
    retry: spec.retry,
    ...(spec.models ? { models: spec.models } : {}),
  };
}

async function orSaid(state: MasterState, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const failure = isCancellation(error) ? undefined : failureOf(error);
    if (!failure) throw error;
    accountFailure(state, error);
    state.remarks.push(`${what}: ${failure.message}.`);
  }
}
