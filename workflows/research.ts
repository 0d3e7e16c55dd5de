// research.ts: the fan-out wired to the task: where a visit goes, what a life waits for, what is folded in and emitted,
// what ends the fan-out. Each of these has a file of its own; nothing is decided here.

import { CancellationScope, CancelledFailure, isCancellation, patched } from '@temporalio/workflow';
import { joinOf, type JoinPolicy } from '../protocol/join.ts';
import { RESUME, VISIT_AGAIN } from '../protocol/commands.ts';
import { flushEvents } from './close-task.ts';
import { PATCHES } from '../protocol/names.ts';
import { deadlineSetter, startClock } from './clock.ts';
import { coordinate } from './coordinate.ts';
import { addDelegated, wasStoppedWithItsParent } from './delegation.ts';
import { endSubtask, setLifeState, endLife, bookVisit, type MasterContext } from './endings.ts';
import { fanOut, type Ending, type FanOut, type Unfinished } from './fan-out.ts';
import { grantQueue } from './grant-queue.ts';
import type { Pods } from './pods.ts';
import { enterStage } from './progress.ts';
import { beginBeside, openHedges } from './hedge.ts';
import { areQuestions, waitForReplies } from './questions.ts';
import { failureOf, podOutputOf } from './run-step.ts';
import { openGrants } from './state/money.ts';
import type { MasterState } from './state/state.ts';
import { goOn, lookAgain, standStill } from './state/at-work.ts';
import { isHeld } from './state/steering.ts';
import {
  addLife,
  handedOnBy,
  openCount,
  shownLife,
  subtaskOf,
  subtasksOf,
  type Life,
  type SubtaskState,
} from './state/tree.ts';
import { steerFanOut, stoppedByPerson, type Steerable } from './steer-fan-out.ts';
import { watchUnderWay } from './under-way.ts';
import { visitOnce, type VisitPorts } from './visits.ts';
import { onceNotHeld, waitUntil } from './waiting.ts';

/** What may be put in place of, or beside, what a fan-out does by itself. */
export interface Policies {
  /** Another way for visits to reach workers, as packing several into one pod. Default: a pod each. */
  visit?: Pods['visit'];
  /** Called once with what commands may do to the fan-out. Default: they do nothing to it. */
  steered?: (fanOut: Steerable) => void;
  /** Called once before the first subtask starts, with the fan-out: to begin lives by a timer or a Signal, say. */
  meanwhile?: (fan: FanOut) => void;
  /** Those to run, each by its last life; what they need of the others is done, or they are skipped. Default: all of the tree. */
  subtasks?: readonly SubtaskState[];
  /** When the outcomes are enough. Default: as the request says. */
  join?: JoinPolicy;
}

/** Runs these subtasks as the task's own behind its first fan-out, and returns when they have ended. Default of `join`: `ONE_MORE`. */
export type RunMore = (subtasks: readonly SubtaskState[], join?: JoinPolicy) => Promise<unknown>;

/** How such subtasks are joined: each may bring what it can. */
export const ONE_MORE = { kind: 'bestEffort', min: 1 } as const satisfies JoinPolicy;

/** Runs the subtasks until all have ended or the clock ends them. Returns the fan-out, in which outrun lives may still end. */
export async function research(
  state: MasterState,
  context: MasterContext,
  pods: Pods,
  {
    visit = pods.visit,
    meanwhile = () => undefined,
    steered = () => undefined,
    subtasks,
    join = joinOf(state.request),
  }: Policies = {},
): Promise<FanOut> {
  enterStage(state, 'researching');
  const { request, tree, mailbox, steering } = state;
  const { emit } = context;
  const scope = new CancellationScope();
  const clock = startClock(request.class, state, () => scope.cancel());

  openGrants(state);
  const queue = grantQueue(state);
  const underWay = watchUnderWay(state, clock);

  async function waitForNext(subtask: SubtaskState, life: Life, outcome: Unfinished): Promise<void> {
    const named = { subtask: subtask.spec.id, generation: life.generation };
    switch (outcome.status) {
      case 'retryAt': {
        const { at, failure } = outcome;
        setLifeState(context, subtask, life, 'retrying', { retryAt: at, failure });
        bookVisit(context, subtask, life, outcome);
        emit({ type: 'subtask.retrying', ...named, at, failure });
        clock.check();
        return await underWay.counted(waitUntil(at, subtask.spec.id));
      }
      case 'waiting': {
        setLifeState(context, subtask, life, 'waiting');
        bookVisit(context, subtask, life, outcome);
        // It goes on as soon as it may: the next visit waits for that.
        if (outcome.handles.some(({ handle }) => handle === VISIT_AGAIN)) return;
        if (outcome.handles.some(({ handle }) => handle === RESUME)) return emit({ type: 'subtask.paused', ...named });
        emit({ type: 'subtask.waiting', ...named, handles: outcome.handles });
        clock.check();
        const replies = waitForReplies(mailbox, emit, subtask.spec.id, life, outcome.handles);
        if (!areQuestions(outcome.handles)) return await underWay.counted(replies);
        standStill(subtask, life, Date.now());
        return await replies;
      }
      case 'delegated':
        bookVisit(context, subtask, life, outcome);
        setLifeState(context, subtask, life, 'waiting');
        do await fan.run(addDelegated(tree, subtask, life, outcome, emit, state.ledger.grants));
        while (wasStoppedWithItsParent(tree, life) && !CancellationScope.current().consideredCancelled);
        return;
      default:
        throw new Error(
          `${subtask.spec.id} ended in a way that is not known: ${JSON.stringify(outcome satisfies never)}`,
        );
    }
  }

  function endingOf(error: unknown, { spec, late }: SubtaskState): Ending | undefined {
    if (isCancellation(error)) {
      const failure = late ?? clock.reason() ?? stoppedByPerson(steering, spec.id);
      const last = podOutputOf(error)?.outcomes.find(({ subtask }) => subtask === spec.id);
      return { status: 'stopped', ...(failure ? { failure } : {}), ...(last ? { last } : {}) };
    }
    const failure = failureOf(error);
    return failure && { status: 'failed', failure };
  }

  const visits: VisitPorts = {
    send(subtask, life) {
      if (life.visit > 0 || life.state === 'waiting') setLifeState(context, subtask, life, 'running');
      return visit(subtask, life);
    },
    onceNotHeld(subtask, life, work) {
      if (isHeld(steering, subtask.spec.id)) {
        standStill(subtask, life, Date.now());
        // Paused before its first visit: nobody may take it for at work.
        if (life.visit === 0) setLifeState(context, subtask, life, 'waiting');
      }
      return onceNotHeld(state, subtask.spec.id, () => {
        goOn(subtask, life, Date.now());
        return work();
      });
    },
    counted: (work) => underWay.counted(work),
    pause: (subtask, ms) => waitUntil(Date.now() + ms, subtask.spec.id),
  };
  const fan = fanOut({
    visit: (subtask, life) => visitOnce(visits, subtask, life),
    waitForNext,
    endingOf,
    cancellable(work) {
      // One scope more would change the sequence of a cancel's commands, and older histories would not replay.
      if (context.isBeforeLives) return { done: work(), cancel: () => scope.cancel() };
      const alone = new CancellationScope();
      return { done: alone.run(work), cancel: () => alone.cancel() };
    },
    wasMet(id) {
      const has = handedOnBy(subtaskOf(tree, id));
      return has === 'all' || (has === 'part' && patched(PATCHES.failedBeforeHandsOn));
    },
    handsOn: (id) => hasFound(subtaskOf(tree, id)) && patched(PATCHES.failedNeedsHandOn),
    newLife: (subtask) => addLife(tree, subtask),
    admit: queue.ask,
    nothingMore: () => queue.close(),
    onStart(subtask, life) {
      queue.begins(subtask, life);
      if (subtask.startedAt === undefined) hedges.started(subtask);
      subtask.startedAt ??= Date.now();
      goOn(subtask, life, Date.now());
      setLifeState(context, subtask, life, 'running');
      emit({ type: 'subtask.started', subtask: subtask.spec.id, generation: life.generation });
    },
    decide(subtask, ending) {
      const verdict = coordinate(join, tree, subtask, ending);
      if (typeof verdict === 'object') emit({ type: 'join.decided', why: verdict.enough, left: openCount(tree) - 1 });
      return verdict;
    },
    onEnd(subtask, life, ending) {
      endSubtask(context, subtask, life, ending, Date.now());
      lookAgain(subtask, Date.now());
      flushEvents(state);
      clock.check();
      queue.serve();
    },
    onLost(subtask, life, ending) {
      endLife(context, subtask, life, ending);
      lookAgain(subtask, Date.now());
      queue.serve();
    },
  });
  const hedges = openHedges(join.hedge, state.plan?.usualMs ?? {}, {
    count: () => tree.totals.counted,
    isAlone: ({ chosen, lives }) => chosen === undefined && lives.length === 1,
    standsStill: ({ spec, lives }) => isHeld(steering, spec.id) || lives.some(({ standsStill }) => standsStill),
    hasRoom: queue.hasRoomBeside,
    begin: (subtask, afterMs) => beginBeside(context, fan, subtask, afterMs),
  });
  meanwhile(fan);
  const arm = deadlineSetter(state, clock, join);
  steered(steerFanOut(state, context, fan, scope, clock, queue, arm));
  arm();
  // Who waits for a grant does not begin only to be stopped.
  if (state.ledger.grants) scope.cancelRequested.catch((error: unknown) => queue.close(error));
  await scope.run(() => fan.runAll(subtasks ?? subtasksOf(tree)));
  clock.stop();
  hedges.stop();
  underWay.stop();
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the task was cancelled');
  return fan;
}

const hasFound = (subtask: SubtaskState | undefined): boolean =>
  subtask !== undefined && shownLife(subtask).findingCount > 0;
