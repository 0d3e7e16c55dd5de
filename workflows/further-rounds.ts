// further-rounds.ts: where what the plan's subtasks brought is not enough, and there is time and money, an Activity is asked what
// else to look for, and that is looked for; once or twice, as the task may. Whether a round is needed is decided here, from what ended.

import { CancellationScope } from '@temporalio/workflow';
import { joinOf, type JoinPolicy } from '../protocol/join.ts';
import { MAX_SUBTASKS_A_TASK } from '../protocol/limits.ts';
import { lackInWords, type Lack } from '../protocol/rounds.ts';
import { secondsLeft, type TimeLeft } from './clock.ts';
import type { MasterContext } from './endings.ts';
import { inEvent } from './make-plan.ts';
import { planRound, type RoundOf } from './plan-round.ts';
import { ONE_MORE, type RunMore } from './research.ts';
import { grantOf, LEAST_TURN_TOKENS, moneyIn } from './state/grants.ts';
import { lacksOf, roundsIn } from './state/lacks.ts';
import { standingOf } from './state/money.ts';
import type { MasterState } from './state/state.ts';
import { addSubtask, highestNumber } from './state/tree.ts';
import type { Steerable } from './steer-fan-out.ts';
import { steerPlanning } from './steer-planning.ts';
import { whilePaused } from './waiting.ts';

/** Of its time, a task must have so much left for a round: less was given to the answer. */
const LEAST_TIME = 1 / 4;
/** Subtasks of one round, at most. */
const MOST_A_ROUND = 8;
/** What is told of why there is a round. */
const MAX_WHY = 8;

export interface RoundPorts {
  run: RunMore;
  /** Told of what commands may do from now on. */
  steered: (hands: Steerable) => void;
}

/** Adds rounds as long as something is missing, may be found, and the last round brought something. */
export async function furtherRounds(
  state: MasterState,
  context: MasterContext,
  { run, steered }: RoundPorts,
): Promise<void> {
  const { tree, plan } = state;
  for (let further = 1; further <= (plan?.rounds ?? 0); further += 1) {
    const lacks = lacksOf(tree);
    if (lacks.length === 0 || roomForRound(state, Date.now()) === 0) return;
    const planning = new CancellationScope();
    const hands = steerPlanning(state, context, () => planning.cancel());
    steered(hands);
    try {
      await whilePaused(state);
      const most = roomForRound(state, Date.now());
      const asked = { round: further + 1, lacks, most, planning };
      const planned = most > 0 ? await planRound(state, context, asked) : [];
      await whilePaused(state);
      // A person may have wanted the answer meanwhile, or the time may have gone.
      if (planned.length === 0 || roomForRound(state, Date.now()) === 0) {
        if (hands.hasKept()) await run([], joinOfRound(state));
        return;
      }
      if ((await runRound(state, context, further + 1, lacks, planned, run)) === 0) return;
    } finally {
      hands.end();
    }
  }
}

/** Each may bring what it can, as long as the task's own join waits. */
function joinOfRound(state: MasterState): JoinPolicy {
  const { ofJoin } = timeLeft(state, Date.now());
  return ofJoin === undefined ? ONE_MORE : { ...ONE_MORE, deadlineSeconds: ofJoin.seconds };
}

/** @returns how many findings it brought. */
async function runRound(
  state: MasterState,
  { emit }: MasterContext,
  round: number,
  lacks: readonly Lack[],
  planned: RoundOf,
  run: RunMore,
): Promise<number> {
  const { tree, steering } = state;
  const isFor = new Set(planned.flatMap(({ fills }) => fills));
  const mended = lacks.filter(({ subtask }) => isFor.has(subtask));
  const more = mended.length - MAX_WHY;
  const why = [...mended.slice(0, MAX_WHY).map(lackInWords), ...(more > 0 ? [`And ${more} more.`] : [])];
  tree.rounds = [...(tree.rounds ?? []), { round, why }];
  const subtasks = planned.map(({ spec, fills, planRef }) =>
    addSubtask(tree, spec, { planRef, round: { round, fills } }),
  );
  steering.lastAdded = highestNumber(tree, steering.lastAdded);
  emit({ type: 'round.started', round, why, subtasks: subtasks.map(({ spec }) => inEvent(spec)) });
  await run(subtasks, joinOfRound(state));
  const { findings = 0, filled = [] } = roundsIn(tree).find((one) => one.round === round) ?? {};
  emit({ type: 'round.ended', round, findings, filled });
  return findings;
}

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
