// further-rounds.ts: where what the plan's subtasks brought is not enough, and there is time and money, an Activity is asked what
// else to look for, and that is looked for; once or twice, as the task may. Whether a round is needed is decided here, from what ended.

import { isCancellation, workflowInfo } from '@temporalio/workflow';
import { joinOf } from '../protocol/join.ts';
import { MAX_SUBTASKS_A_TASK } from '../protocol/limits.ts';
import { deepQueueBeside } from '../protocol/names.ts';
import { MODEL_RETRY } from '../protocol/retry.ts';
import { lackInWords, type Lack } from '../protocol/rounds.ts';
import { bookFailedStep, bookStep } from './account.ts';
import { secondsLeft, type TimeLeft } from './clock.ts';
import type { MasterContext } from './endings.ts';
import { inEvent } from './make-plan.ts';
import { tellMerged } from './merged.ts';
import { ONE_MORE, type RunMore } from './research.ts';
import { failureOf, runStep } from './run-step.ts';
import { grantOf, LEAST_TURN_TOKENS, moneyIn } from './state/grants.ts';
import { lacksOf, roundsIn } from './state/lacks.ts';
import { standingOf } from './state/money.ts';
import { askedIn, type MasterState } from './state/state.ts';
import { addSubtask, highestNumber, shownLife, stateOf, subtasksOf } from './state/tree.ts';
import { whilePaused } from './waiting.ts';
import { modelsOf } from './write-answer.ts';

/** Of its time, a task must have so much left for a round: less was given to the answer. */
const LEAST_TIME = 1 / 4;
/** Of the time that is left, for the planning of a round. */
const PLANNING_TIME = 1 / 4;
/** Subtasks of one round, at most. */
const MOST_A_ROUND = 8;
/** What is told of why there is a round. */
const MAX_WHY = 8;

/** Adds rounds as long as something is missing, may be found, and the last round brought something. */
export async function furtherRounds(state: MasterState, context: MasterContext, run: RunMore): Promise<void> {
  const { tree, plan } = state;
  for (let further = 1; further <= (plan?.rounds ?? 0); further += 1) {
    await whilePaused(state);
    const lacks = lacksOf(tree);
    if (lacks.length === 0 || roomForRound(state, Date.now()) === 0) return;
    const planned = await planRound(state, context, further + 1, lacks);
    await whilePaused(state);
    // A person may have wanted the answer meanwhile, or the time may have gone.
    if (planned.length === 0 || roomForRound(state, Date.now()) === 0) return;
    if ((await runRound(state, context, further + 1, lacks, planned, run)) === 0) return;
  }
}

type Planned = Awaited<ReturnType<typeof planRound>>;

/** @returns how many findings it brought. */
async function runRound(
  state: MasterState,
  { emit }: MasterContext,
  round: number,
  lacks: readonly Lack[],
  planned: Planned,
  run: RunMore,
): Promise<number> {
  const { tree, steering } = state;
  const isFor = new Set(planned.flatMap(({ fills }) => fills));
  const why = lacks
    .filter(({ subtask }) => isFor.has(subtask))
    .slice(0, MAX_WHY)
    .map(lackInWords);
  tree.rounds = [...(tree.rounds ?? []), { round, why }];
  const subtasks = planned.map(({ spec, fills, planRef }) =>
    addSubtask(tree, spec, { planRef, round: { round, fills } }),
  );
  steering.lastAdded = highestNumber(tree, steering.lastAdded);
  emit({ type: 'round.started', round, why, subtasks: subtasks.map(({ spec }) => inEvent(spec)) });
  const { ofJoin } = timeLeft(state, Date.now());
  await run(subtasks, ofJoin === undefined ? ONE_MORE : { ...ONE_MORE, deadlineSeconds: ofJoin.seconds });
  const { findings = 0, filled = [] } = roundsIn(tree).find((one) => one.round === round) ?? {};
  emit({ type: 'round.ended', round, findings, filled });
  return findings;
}

/** What a round is to look for; nothing where that could not be planned: the answer is worth more than a round. */
async function planRound(state: MasterState, context: MasterContext, round: number, lacks: Lack[]) {
  const { tree, plan, request, sources } = state;
  const first = subtasksOf(tree, 1)[0]?.spec;
  const { ofClass } = timeLeft(state, Date.now());
  state.isPlanningRound = true;
  try {
    const made = await runStep('planRound', `plan round ${round}`, {
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
      lacks,
      first: nextNumber(state),
      most: roomForRound(state, Date.now()),
      limits: {
        ...request.class.subtask,
        seconds: Math.max(1, Math.min(request.class.subtask.seconds, ofClass.seconds * PLANNING_TIME)),
      },
      retry: first?.retry ?? MODEL_RETRY,
      ...modelsOf(state),
    });
    bookStep(context, `round ${round}`, made);
    tellMerged(context, made.merged);
    return made.added.map((one) => ({ ...one, planRef: made.planRef }));
  } catch (error) {
    const failure = isCancellation(error) ? undefined : failureOf(error);
    if (!failure) throw error;
    bookFailedStep(context, state.stage, error);
    state.remarks.push(`What is missing was not looked for once more: ${failure.message}.`);
    return [];
  } finally {
    delete state.isPlanningRound;
  }
}

/** Behind all that have one: those in the background have theirs, too. */
const nextNumber = ({ tree, steering, background }: MasterState): number =>
  background.reduce(
    (most, { id }) => Math.max(most, Number(id.slice(1)) || 0),
    highestNumber(tree, steering.lastAdded),
  ) + 1;

/**
 * How many subtasks a further round may have now; 0 where there is to be none: nobody found anything, something was ended early (by a
 * person, a join, the deadline or the budget), the answer is wanted now, or time, budget or room is nearly out.
 */
export function roomForRound(state: Known, now: number): number {
  const { tree, steering, request, ledger } = state;
  const { isFinishing, answerAskedBy, stoppedBy } = steering;
  if (tree.totals.useful === 0 || (tree.totals.states.stopped ?? 0) > 0) return 0;
  if (isFinishing || answerAskedBy !== undefined || Object.keys(stoppedBy).length > 0) return 0;
  const { ofClass, ofJoin = ofClass } = timeLeft(state, now);
  if (Math.min(ofClass.share, ofJoin.share) < LEAST_TIME) return 0;
  if (ledger.grants) {
    // What a first one of the round would begin with.
    const standing = { ...standingOf(state), notBegun: 1 };
    const granted = grantOf(ledger.grants, 'further', moneyIn(request.class.subtask), standing);
    if ((granted?.tokens ?? 0) < LEAST_TURN_TOKENS) return 0;
  }
  const most = Math.min(request.class.maxSubtasks, MAX_SUBTASKS_A_TASK);
  return Math.max(0, Math.min(MOST_A_ROUND, most - tree.ids.length));
}

type Known = Pick<
  MasterState,
  'tree' | 'steering' | 'request' | 'ledger' | 'standstill' | 'entered' | 'firstActivityAt'
>;

const timeLeft = (state: Known, now: number): TimeLeft => secondsLeft(state, joinOf(state.request), now);
