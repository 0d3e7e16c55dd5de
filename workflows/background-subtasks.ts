// background-subtasks.ts: the subtasks that no answer waits for: planned by code once the task has ended, run by the same
// fan-out as the master's, and once more when a person asks for it.

import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type { BackgroundTotals, TaskEnd } from '../protocol/background.ts';
import { backgroundQueueBeside } from '../protocol/names.ts';
import type { MasterContext } from './endings.ts';
import type { Pods } from './pods.ts';
import { research } from './research.ts';
import { failureOf, runInBackground } from './run-step.ts';
import type { MasterState } from './state/state.ts';
import { BACKGROUND_PRIORITY } from './steps.ts';
import type { Carried } from './state/carried.ts';
import { addSubtask, isEnded, reviveSubtask, stateOf, subtaskOf, type SubtaskState } from './state/tree.ts';

export interface BackgroundSubtasks {
  /** Begins them; @returns how many there are: none of a task that was stopped, or that has no documents to work with. */
  begin(end: TaskEnd): number;
  /** Does those once more that did not succeed: of these ids, or all. @returns their ids. */
  again(ids: readonly string[] | undefined): string[];
  /** Goes on where the run before left off, when nothing was at work. */
  goOn(left: BackgroundLeft): void;
  /** What a run that follows needs to know beside the state. */
  left(): BackgroundLeft;
  isAtWork(): boolean;
  /** Returns when all have ended. @throws what the SDK threw when all was cancelled. */
  settled(): Promise<void>;
  totals(): Pick<BackgroundTotals, 'done' | 'failed'>;
}

/** Ids of those of the request and of the plan, and how many could not be planned. */
export type BackgroundLeft = Pick<Carried, 'own' | 'unplanned'>;

/** @param isHandingOver nothing more is begun: the run that follows does it. */
export function openSubtasks(
  state: MasterState,
  context: MasterContext,
  pods: Pods,
  isHandingOver: () => boolean,
): BackgroundSubtasks {
  const { request, tree } = state;
  let work: Promise<void> = Promise.resolve();
  /** How much of it has not ended. */
  let atWork = 0;
  /** Asked for, and not in the tree: there was no plan of them. */
  let unplanned = 0;
  /** Those of the request and of the plan: what they delegated ends with them. */
  const own: SubtaskState[] = [];

  async function planAndRun(end: TaskEnd): Promise<void> {
    try {
      await plan(end);
    } catch (error) {
      const failure = isCancellation(error) ? undefined : failureOf(error);
      if (!failure) throw error;
      state.failure = failure;
      unplanned = request.background?.length ?? 0;
    }
    await run(own);
  }

  async function plan({ subtasks: given = [], planRef }: TaskEnd): Promise<void> {
    const { taskId, firstRun: run, request } = state;
    const queue = backgroundQueueBeside(workflowInfo().taskQueue);
    const ids = new Set(given.map(({ spec }) => spec.id));
    for (const { spec, found } of given) {
      const needs = spec.needs.filter((id) => ids.has(id));
      // The task that a person could be asked through has closed.
      const { mayAskPerson: _ask, ...asked } = spec;
      const added = addSubtask(
        tree,
        { ...asked, needs, queue, priority: BACKGROUND_PRIORITY },
        planRef === undefined ? {} : { planRef },
      );
      if (found) added.found = found;
      own.push(added);
    }
    const asked = request.background?.length ?? 0;
    if (asked === 0) return;
    const summary = `plans ${asked} background subtask${asked === 1 ? '' : 's'}`;
    const { subtasks, ...planned } = await runInBackground('planBackground', summary, { taskId, run, request, queue });
    state.plan = planned;
    for (const spec of subtasks) own.push(addSubtask(tree, spec));
  }

  async function run(subtasks: readonly SubtaskState[]): Promise<void> {
    if (subtasks.length === 0) return;
    // The class's time is counted anew: what no answer waits for begins when its task has ended.
    state.firstActivityAt = Date.now();
    const fan = await research(state, context, pods, { subtasks, join: { kind: 'bestEffort', min: 1 } });
    await fan.settled();
  }

  function counted(one: Promise<void>): Promise<void> {
    atWork += 1;
    const ended = (): void => void (atWork -= 1);
    one.then(ended, ended);
    return one;
  }

  return {
    begin(end) {
      const { corpusRef } = end;
      const asked = (request.background?.length ?? 0) + (end.subtasks?.length ?? 0);
      if (asked === 0 || corpusRef === undefined || end.outcome === 'cancelled' || end.terminated) return 0;
      const none = { documents: 0, passages: 0, skipped: [], skippedCount: 0 };
      state.sources = { corpusRef, ...none, startedAt: Date.now() };
      work = counted(planAndRun(end));
      work.catch(() => undefined);
      return asked;
    },
    again(ids) {
      const failed = own.filter(
        (one) => isEnded(stateOf(one)) && stateOf(one) !== 'done' && (ids?.includes(one.spec.id) ?? true),
      );
      if (failed.length === 0) return [];
      for (const one of failed) reviveSubtask(tree, one);
      if (!isHandingOver()) {
        work = Promise.all([work, counted(run(failed))]).then(() => undefined);
        work.catch(() => undefined);
      }
      return failed.map(({ spec }) => spec.id);
    },
    goOn(left) {
      unplanned = left.unplanned;
      own.push(...left.own.flatMap((id) => subtaskOf(tree, id) ?? []));
      const open = own.filter((one) => !isEnded(stateOf(one)));
      if (open.length === 0) return;
      work = counted(run(open));
      work.catch(() => undefined);
    },
    left: () => ({ own: own.map(({ spec }) => spec.id), unplanned }),
    isAtWork: () => atWork > 0,
    settled: () => work,
    totals: () => {
      const ended = own.map(stateOf).filter(isEnded);
      const done = ended.filter((state) => state === 'done').length;
      return { done, failed: ended.length - done + unplanned };
    },
  };
}
