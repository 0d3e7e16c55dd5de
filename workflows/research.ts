// research.ts: the fan-out wired to the task: where a visit goes, what a life waits for, what is folded in and emitted,
// what ends the fan-out. Each of these has a file of its own; nothing is decided here.

import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';
import { flushEvents } from './close-task.ts';
import { deadlineOf, startClock } from './clock.ts';
import { coordinate } from './coordinate.ts';
import { addDelegated } from './delegation.ts';
import { endSubtask, setLifeState, endLife, bookVisit, type MasterContext } from './endings.ts';
import { fanOut, type Ending, type FanOut, type FanOutPorts, type Unfinished } from './fan-out.ts';
import type { Pods } from './pods.ts';
import { enterStage } from './progress.ts';
import { failureOf, podOutputOf } from './run-step.ts';
import type { MasterState } from './state/state.ts';
import { addLife, subtasksOf, type Life, type SubtaskState } from './state/tree.ts';
import { waitForReplies, waitUntil } from './waiting.ts';

/** What may be put in place of, or beside, what a fan-out does by itself. */
export interface Policies {
  /** Another way for visits to reach workers, as packing several into one pod. Default: a pod each. */
  visit?: FanOutPorts['visit'];
  /** Called once before the first subtask starts, with the fan-out: to begin lives by a timer or a Signal, say. */
  meanwhile?: (fan: FanOut) => void;
}

/** Runs the subtasks until all have ended or the clock ends them. Returns the fan-out, in which outrun lives may still end. */
export async function research(
  state: MasterState,
  context: MasterContext,
  pods: Pods,
  { visit = pods.visit, meanwhile = () => undefined }: Policies = {},
): Promise<FanOut> {
  enterStage(state, 'researching');
  const { request, tree, ledger, mailbox } = state;
  const { emit } = context;
  const scope = new CancellationScope();
  const clock = startClock(request.class, ledger, () => scope.cancel());

  async function waitForNext(subtask: SubtaskState, life: Life, outcome: Unfinished): Promise<void> {
    const named = { subtask: subtask.spec.id, generation: life.generation };
    switch (outcome.status) {
      case 'retryAt': {
        const { at, failure } = outcome;
        setLifeState(context, subtask, life, 'retrying', { retryAt: at, failure });
        bookVisit(context, subtask, life, outcome);
        emit({ type: 'subtask.retrying', ...named, at, failure });
        clock.check();
        return await waitUntil(at, subtask.spec.id);
      }
      case 'waiting':
        setLifeState(context, subtask, life, 'waiting');
        bookVisit(context, subtask, life, outcome);
        emit({ type: 'subtask.waiting', ...named, handles: outcome.handles });
        clock.check();
        return await waitForReplies(mailbox, outcome.handles, life);
      case 'delegated':
        bookVisit(context, subtask, life, outcome);
        setLifeState(context, subtask, life, 'waiting');
        return await fan.run(addDelegated(tree, subtask, life, outcome, emit));
      default:
        throw new Error(
          `${subtask.spec.id} ended in a way that is not known: ${JSON.stringify(outcome satisfies never)}`,
        );
    }
  }

  function endingOf(error: unknown, { spec }: SubtaskState): Ending | undefined {
    if (isCancellation(error)) {
      const failure = clock.reason();
      const last = podOutputOf(error)?.outcomes.find(({ subtask }) => subtask === spec.id);
      return { status: 'stopped', ...(failure ? { failure } : {}), ...(last ? { last } : {}) };
    }
    const failure = failureOf(error);
    return failure && { status: 'failed', failure };
  }

  const fan = fanOut({
    visit,
    waitForNext,
    endingOf,
    cancellable(work) {
      // One scope more would change the sequence of a cancel's commands, and older histories would not replay.
      if (context.isBeforeLives) return { done: work(), cancel: () => scope.cancel() };
      const alone = new CancellationScope();
      return { done: alone.run(work), cancel: () => alone.cancel() };
    },
    newLife: (subtask) => addLife(tree, subtask),
    onStart(subtask, life) {
      subtask.startedAt ??= Date.now();
      setLifeState(context, subtask, life, 'running');
      emit({ type: 'subtask.started', subtask: subtask.spec.id, generation: life.generation });
    },
    decide: (subtask, ending) => coordinate(request.class.join, tree, subtask, ending),
    onEnd(subtask, life, ending) {
      endSubtask(context, subtask, life, ending, Date.now());
      flushEvents(state);
      clock.check();
    },
    onLost: (subtask, life, ending) => endLife(context, subtask, life, ending),
  });
  meanwhile(fan);
  clock.arm(deadlineOf(request.class, state.firstActivityAt ?? Date.now(), Date.now()));
  await scope.run(() => fan.run(subtasksOf(tree)));
  clock.stop();
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the task was cancelled');
  return fan;
}
