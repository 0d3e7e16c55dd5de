// plan-round.ts: asks the Activity that says what else to look for. Whether anybody is asked is decided in further-rounds.ts; where it
// can't be said, or is wanted no more, there is nothing to look for: the answer is worth more than a round.

import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../protocol/activities.ts';
import { joinOf } from '../protocol/join.ts';
import { deepQueueBeside } from '../protocol/names.ts';
import type { PlannedRound, RoundToPlan } from '../protocol/plan-round.ts';
import { MODEL_RETRY } from '../protocol/retry.ts';
import { MAX_LACKS_TOLD } from '../protocol/rounds.ts';
import { bookFailedStep, bookStep } from './account.ts';
import { secondsLeft } from './clock.ts';
import type { MasterContext } from './endings.ts';
import { tellMerged } from './merged.ts';
import { failureOf, runStep } from './run-step.ts';
import { askedIn, type MasterState } from './state/state.ts';
import { highestNumber, shownLife, stateOf, subtasksOf } from './state/tree.ts';
import { modelsOf } from './write-answer.ts';

/** Of the time that is left, for the planning of a round. */
const PLANNING_TIME = 1 / 4;

/** A round that is to be planned. */
export interface RoundAsked extends Pick<RoundToPlan, 'round' | 'lacks' | 'most'> {
  /** Cancelled where nothing more is to be looked for. */
  planning: CancellationScope;
}

/** What a round is to look for, with the plan that has their goals. */
export type RoundOf = (PlannedRound['added'][number] & Pick<PlannedRound, 'planRef'>)[];

/** @throws CancelledFailure where the task was cancelled. */
export async function planRound(
  state: MasterState,
  context: MasterContext,
  { planning, ...asked }: RoundAsked,
): Promise<RoundOf> {
  const { steering } = state;
  const { round, most } = asked;
  const first = highestNumber(state.tree, steering.lastAdded) + 1;
  const { lastAdded } = steering;
  // Whoever adds one meanwhile has a number behind those of the round.
  const last = (steering.lastAdded = first + most - 1);
  try {
    const input = inputOf(state, { ...asked, first });
    const made = await planning.run(() => runStep('planRound', `plan round ${round}`, input));
    bookStep(context, `round ${round}`, made);
    tellMerged(context, made.merged);
    return made.added.map((one) => ({ ...one, planRef: made.planRef }));
  } catch (error) {
    const isGivenUp = isCancellation(error) && !CancellationScope.current().consideredCancelled;
    const failure = isCancellation(error) ? undefined : failureOf(error);
    if (!failure && !isGivenUp) throw error;
    bookFailedStep(context, state.stage, error);
    if (failure) state.remarks.push(`What is missing was not looked for once more: ${failure.message}.`);
    return [];
  } finally {
    if (steering.lastAdded === last) steering.lastAdded = lastAdded;
  }
}

function inputOf(
  state: MasterState,
  { round, lacks, first, most }: Pick<RoundToPlan, 'round' | 'lacks' | 'first' | 'most'>,
): Parameters<Activities['planRound']>[0] {
  const { tree, plan, request, sources } = state;
  const { ofClass, ofJoin = ofClass } = secondsLeft(state, joinOf(request), Date.now());
  const { subtask: limits } = request.class;
  return {
    taskId: state.taskId,
    run: state.firstRun,
    request,
    goal: askedIn(state),
    round,
    queue: deepQueueBeside(workflowInfo().taskQueue),
    ...(sources ? { corpusRef: sources.corpusRef } : {}),
    ended: subtasksOf(tree).map((subtask) => {
      const { findingsRef } = shownLife(subtask);
      const { spec, planRef = plan?.planRef ?? '', round: own } = subtask;
      return {
        subtask: spec.id,
        title: spec.title,
        planRef,
        done: stateOf(subtask) === 'done',
        ...(findingsRef ? { findingsRef } : {}),
        ...(own ? { fills: own.fills } : {}),
      };
    }),
    lacks: lacks.slice(0, MAX_LACKS_TOLD),
    first,
    most,
    limits: {
      ...limits,
      seconds: Math.max(1, Math.min(limits.seconds, Math.min(ofClass.seconds, ofJoin.seconds) * PLANNING_TIME)),
    },
    retry: subtasksOf(tree, 1)[0]?.spec.retry ?? MODEL_RETRY,
    ...modelsOf(state),
  };
}
