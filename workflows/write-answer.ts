// write-answer.ts: the answer is written from what was found, held against its sources, and handed into the caller's own
// shape. Only the writing can fail the task: what goes wrong afterwards is said in coverage.

import { isCancellation } from '@temporalio/workflow';
import type { AnswerStepInput } from '../protocol/activities.ts';
import { accountFailure, accountStep } from './account.ts';
import type { Books } from './endings.ts';
import { enter } from './progress.ts';
import { failureOf, runStep } from './run-step.ts';
import { coverageOf } from './state/coverage.ts';
import type { MasterState } from './state/state.ts';
import { seenLife, subtasksOf } from './state/tree.ts';

export async function synthesize(state: MasterState, books: Books): Promise<void> {
  enter(state, 'synthesizing');
  const { taskId, firstRun: run, request, headings } = state;
  const subtasks = subtasksOf(state.tree);
  const spec = subtasks[0]?.spec;
  if (!spec) throw new Error('there is no plan to synthesize from');
  const made = await runStep('synthesize', 'write the answer', {
    taskId,
    run,
    goal: request.goal,
    found: subtasks.map((subtask) => {
      const { findingsRef, missing } = seenLife(subtask);
      const { id, title } = subtask.spec;
      return { subtask: id, title, missing, ...(findingsRef ? { findingsRef } : {}) };
    }),
    coverage: coverageOf(state),
    headings,
    limits: request.class.subtask,
    retry: spec.retry,
    ...(spec.models ? { models: spec.models } : {}),
  });
  accountStep(books, 'synthesize', made);
  const { answerRef: ref, citations, dropped, answer } = made;
  state.answer = { ref, citations, dropped, ...(answer ? { answer } : {}) };
  books.tell({ type: 'answer.ready', citations });
}

/** Where the class asks for it: claims that their quotes do not bear are left out. */
export async function verify(state: MasterState, books: Books): Promise<void> {
  const input = answerStep(state);
  if (!input || !state.request.class.verify) return;
  await remarkFailure(state, books, 'The answer was not verified', async () => {
    const made = await runStep('verifyAnswer', 'hold each claim against its sources', input);
    accountStep(books, 'verify', made);
    const { answerRef: ref, citations, dropped, answer } = made;
    const before = state.answer?.dropped ?? [];
    state.answer = { ref, citations, dropped: [...before, ...dropped], ...(answer ? { answer } : {}) };
    books.tell({ type: 'answer.verified', citations, dropped: dropped.length });
  });
}

/** Where the request has a schema: the answer as that asks. */
export async function shape(state: MasterState, books: Books): Promise<void> {
  const input = answerStep(state);
  const schema = state.request.outputSchema;
  if (!input || !schema) return;
  await remarkFailure(state, books, 'The answer could not be handed into the schema that was asked for', async () => {
    const {
      dataRef,
      data,
      left = [],
      ...account
    } = await runStep('shapeAnswer', 'hand the answer into its schema', {
      ...input,
      schema,
    });
    accountStep(books, 'shape', account);
    state.remarks.push(...left.map((problem) => `Left out of the data: ${problem}.`));
    state.data = { ref: dataRef, ...(data === undefined ? {} : { data }) };
  });
}

function answerStep({
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
    limits: request.class.subtask,
    retry: spec.retry,
    ...(spec.models ? { models: spec.models } : {}),
  };
}

/** A failure becomes a sentence of coverage. */
async function remarkFailure(state: MasterState, books: Books, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const failure = isCancellation(error) ? undefined : failureOf(error);
    if (!failure) throw error;
    accountFailure(books, state.stage, error);
    state.remarks.push(`${what}: ${failure.message}.`);
  }
}
