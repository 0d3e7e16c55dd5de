// write-answer.ts: the answer is written from the findings, checked against its sources, and made into the JSON of the
// caller's own schema. Only the writing can fail the task: what goes wrong afterwards is a remark in coverage.

import { CancellationScope, isCancellation, patched, upsertMemo } from '@temporalio/workflow';
import type {
  AnswerStepInput,
  FoundBySubtask,
  LastStepInput,
  SynthesizedAnswer,
  SynthesizeInput,
} from '../protocol/activities.ts';
import { writingLimits } from '../protocol/classes.ts';
import { MEMO, PATCHES } from '../protocol/names.ts';
import { leftOutOfData } from '../protocol/open-result.ts';
import { resultDigest } from '../protocol/result.ts';
import { bookFailedStep, bookStep } from './account.ts';
import { resultOf } from './close-task.ts';
import type { MasterContext } from './endings.ts';
import { enterStage } from './progress.ts';
import { failureOf, runStep } from './run-step.ts';
import type { RunMore } from './research.ts';
import { settleConflicts } from './settle-conflicts.ts';
import { coverageOf } from './state/coverage.ts';
import { askedIn, type MasterState } from './state/state.ts';
import { filledIn, tellsGaps } from './state/lacks.ts';
import { shownLife, subtasksOf, type SubtaskState } from './state/tree.ts';

/** @param askAgain runs a subtask that looks for which side of a conflict holds. Default: nobody is asked. */
export async function synthesize(state: MasterState, context: MasterContext, askAgain?: RunMore): Promise<void> {
  enterStage(state, 'synthesizing');
  const spec = subtasksOf(state.tree, 1)[0]?.spec;
  if (!spec) throw new Error('there is no plan to synthesize from');
  const { taskId, firstRun: run, request } = state;
  const found = (): FoundBySubtask[] => {
    const filled = filledIn(state.tree);
    return subtasksOf(state.tree).flatMap((subtask) => foundBy(subtask, filled));
  };
  const common = { taskId, run, goal: askedIn(state), limits: writingLimits(request.class), retry: spec.retry };
  const write = (conflicts: SynthesizeInput['conflicts'], last: Pick<LastStepInput, 'open' | 'coverage'>) =>
    runStep('synthesize', 'write the answer', {
      ...common,
      ...(state.session ? { session: state.session } : {}),
      found: found(),
      ...(conflicts ? { conflicts } : {}),
      coverage: coverageOf(state),
      headings: state.headings,
      ...modelsOf(state),
      ...(state.steering.notes.length > 0 ? { notes: state.steering.notes } : {}),
      ...last,
    });
  let last = lastStep(state, 'synthesize');
  let made = await write('look', last.input);
  if ('candidates' in made) {
    const judging = { ...common, ...modelsOf(state) };
    const conflicts = await settleConflicts(state, context, made.candidates, judging, found, askAgain);
    last = lastStep(state, 'synthesize');
    made = await write(conflicts, last.input);
    if ('candidates' in made) throw new Error('conflicts were looked for once more, which nobody asked for');
  }
  const written = made;
  last.book(written, () => bookStep(context, 'synthesize', written));
  takeAnswer(state, written);
  // In older histories it was told of before it was checked and shaped.
  if (!isToldLast()) context.emit({ type: 'answer.ready', citations: written.citations });
}

/**
 * What the answer is written from: nothing of what came after the join was decided.
 * @param filled as `filledIn` has it.
 */
export function foundBy(subtask: SubtaskState, filled: ReadonlySet<string>): FoundBySubtask[] {
  if (subtask.late) return [];
  const { findingsRef, missing } = shownLife(subtask);
  const { spec, isReask, round } = subtask;
  const [first] = round?.fills ?? [];
  return [
    {
      subtask: spec.id,
      title: spec.title,
      // A re-ask is left out as a whole where the answer is written.
      missing: isReask || tellsGaps(subtask, filled) ? missing : [],
      ...(findingsRef ? { findingsRef } : {}),
      ...(isReask ? { isReask } : {}),
      ...(first === undefined ? {} : { with: first }),
    },
  ];
}

/** Tells of the answer, which nothing changes any more: its result is in the store by then, and the rest comes behind it. */
export async function giveAnswer(state: MasterState, { emit }: MasterContext): Promise<void> {
  if (!isToldLast()) return;
  const { taskId, firstRun: run, answer, ledger } = state;
  const at = state.saved?.at ?? Date.now();
  const result = resultOf(state, 'completed', at);
  if (!state.saved) {
    const { spent } = ledger;
    // Not stopped by a cancel: one that comes now is too late, and two results must not race for the store.
    await CancellationScope.nonCancellable(() => runStep('saveResult', 'save the result', { taskId, run, result }));
    state.saved = { at, spent };
  }
  emit({ type: 'answer.ready', citations: answer?.citations ?? 0 });
  // Whoever waits sees it in the history: no worker has to be asked.
  upsertMemo({ [MEMO.result]: resultDigest(result) });
}

const isToldLast = (): boolean => patched(PATCHES.answerLast);

export function takeAnswer(
  state: MasterState,
  { answerRef: ref, citations, dropped, answer }: SynthesizedAnswer,
): void {
  state.answer = { ref, citations, ...(answer ? { answer } : {}) };
  state.remarks.push(...dropped);
}

/** What the last step before the answer gets to complete the result with, and what is known once it did; nothing before it. */
export function lastStep(
  state: MasterState,
  step: 'direct' | 'synthesize' | 'verify' | 'shape',
): { input: Pick<LastStepInput, 'open' | 'coverage'>; book: (made: { savedAt?: number }, book: () => void) => void } {
  const { outputSchema, class: row } = state.request;
  const last = step === 'direct' ? step : outputSchema ? 'shape' : row.verify ? 'verify' : 'synthesize';
  if (step !== last || !isToldLast()) return { input: {}, book: (_made, book) => book() };
  const { answer: _answer, coverage, ...open } = resultOf(state, 'completed');
  const { spent } = state.ledger;
  const { waitedMs } = open.timings;
  return {
    input: { open, coverage },
    book({ savedAt }, book) {
      // What else happened meanwhile, the end of a life that was outrun or a pause, is not in what was saved.
      const isSame = state.ledger.spent === spent && resultOf(state, 'completed').timings.waitedMs === waitedMs;
      const isWhole = savedAt !== undefined && isSame;
      book();
      if (isWhole) state.saved = { at: savedAt, spent: state.ledger.spent };
    },
  };
}

/** Where the class asks for it: claims that their quotes do not support are left out. */
export async function verify(state: MasterState, context: MasterContext): Promise<void> {
  const input = answerStepInput(state);
  if (!input || !state.request.class.verify) return;
  await remarkFailure(state, context, 'The answer was not verified', async () => {
    const last = lastStep(state, 'verify');
    const made = await runStep('verifyAnswer', 'check each claim against its sources', { ...input, ...last.input });
    last.book(made, () => bookStep(context, 'verify', made));
    takeAnswer(state, made);
    const { citations, dropped } = made;
    context.emit({ type: 'answer.verified', citations, dropped: dropped.length });
  });
}

/** Where the request has a schema: the answer as JSON that fits it. */
export async function shape(state: MasterState, context: MasterContext): Promise<void> {
  const input = answerStepInput(state);
  const schema = state.request.outputSchema;
  if (!input || !schema) return;
  await remarkFailure(state, context, 'The answer could not be given in the schema that was asked for', async () => {
    const last = lastStep(state, 'shape');
    const made = await runStep('shapeAnswer', 'write the answer as JSON for its schema', {
      ...input,
      schema,
      ...last.input,
    });
    last.book(made, () => bookStep(context, 'shape', made));
    const { dataRef, data, left = [] } = made;
    state.remarks.push(...left.map(leftOutOfData));
    if (dataRef !== undefined) state.data = { ref: dataRef, ...(data === undefined ? {} : { data }) };
  });
}

/** The models to ask: those that a person named since, else those of the plan. */
export function modelsOf({ steering, tree }: MasterState): { models?: string[] } {
  const models = steering.models ?? subtasksOf(tree, 1)[0]?.spec.models;
  return models ? { models } : {};
}

function answerStepInput(state: MasterState): AnswerStepInput | undefined {
  const { taskId, firstRun: run, request, answer, sources, tree } = state;
  const spec = subtasksOf(tree, 1)[0]?.spec;
  if (!answer || !spec) return undefined;
  return {
    taskId,
    run,
    goal: askedIn(state),
    answerRef: answer.ref,
    ...(sources ? { corpusRef: sources.corpusRef } : {}),
    limits: writingLimits(request.class),
    retry: spec.retry,
    ...modelsOf(state),
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
