// background.ts: what goes on behind a task's answer, as a Workflow of its own: waits for the task's end, tells the receivers,
// does the background subtasks. It has events, Queries and a result as its master has.

import {
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  isCancellation,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import type { BackgroundInput } from '../protocol/activities.ts';
import type { BackgroundTotals, Receipt, TaskEnd } from '../protocol/background.ts';
import type { TaskResult } from '../protocol/result.ts';
import { openSubtasks, type BackgroundSubtasks } from './background-subtasks.ts';
import { openDeliveries, type Deliveries } from './deliveries.ts';
import type { MasterContext } from './endings.ts';
import { keepSaved } from './background-log.ts';
import { openPods } from './pods.ts';
import { answerQueries, enterStage, eventEmitter } from './progress.ts';
import { receiveBackground } from './receive-background.ts';
import { receiveReplies } from './receive-replies.ts';
import { receiveReports } from './receive-reports.ts';
import { failureOf, runInBackground } from './run-step.ts';
import { isRunOver, MOST_EVENTS } from './run-length.ts';
import { carriedOf, takeUp, type Carried } from './state/carried.ts';
import { closing } from './state/journal.ts';
import { isUndelivered, newReceivers, statusesOf } from './state/receivers.ts';
import { newState, type MasterState } from './state/state.ts';
import { untilEnded } from './until-ended.ts';

/** A task is Reset a few times, if at all: strangers must not have its receivers told without end. */
const MAX_ENDS = 20;
const DAY_MS = 86_400_000;

/**
 * The Workflow `<task>/background`. Ends when nothing is left that could be sent or done again, or the task is kept no longer.
 * One whose history has become long goes on in another run, under the same id, with all that it knows.
 */
export async function background(input: BackgroundInput & { carried?: Carried }): Promise<TaskResult> {
  const { taskId, run, request, carried } = input;
  const { workflowId, firstExecutionRunId, runId } = workflowInfo();
  const state = newState(workflowId, firstExecutionRunId, runId, request, Date.now());
  if (carried) takeUp(state, carried);
  const receivers = (state.receivers ??= newReceivers(request.notify ?? []));
  const { tree, ledger, mailbox, remarks } = state;
  const emit = eventEmitter(state);
  const context: MasterContext = { tree, ledger, remarks, emit, isBeforeLives: false };
  const pods = openPods(state);
  /** Runs of the task that ended. */
  const ends: string[] = carried?.ends ?? [];
  /** When the first of these did, as far as is known here. */
  let endedAt = carried?.endedAt;
  const isHandingOver = (): boolean =>
    input.continues === true && ends.length > 0 && isRunOver(workflowInfo(), subtasks.isAtWork());
  const subtasks = openSubtasks(state, context, pods, isHandingOver);
  const deliveries = openDeliveries(receivers, firstExecutionRunId, {
    deliver: (delivery, summary) =>
      asReceipt(runInBackground('deliver', summary, { taskId, run, delivery, tenant: request.tenant })),
    pause: async (ms, until, summary) => void (await condition(until, ms, { summary })),
    now: () => Date.now(),
    dice: () => Math.random(),
    isHandingOver,
    emit,
  });
  /** There is something to do that was not there when it was last looked. */
  let isWanted = false;

  /** Each run of the task ends once: after a Reset it ends again. */
  function end(ended: TaskEnd): void {
    if (ends.length >= MAX_ENDS || ends.includes(ended.run)) return;
    if (ends.push(ended.run) === 1) {
      endedAt = Date.now();
      const count = subtasks.begin(ended);
      emit({ type: 'background.started', outcome: ended.outcome, receivers: receivers.length, subtasks: count });
    }
    deliveries.tell(`task.${ended.outcome}`, ended.at);
    isWanted = true;
  }

  // Before the first await: what comes with the first Workflow Task would find nobody otherwise.
  answerQueries(state);
  receiveReports(state, context, pods);
  receiveReplies(mailbox, emit);
  receiveBackground({
    ended: end,
    demoted(at) {
      // Once, whoever says it: a Reset of its master says it again.
      const isTold = statusesOf(receivers).some(({ event }) => event === 'task.demoted');
      if (ends.length === 0 && !isTold) deliveries.tell('task.demoted', at);
    },
    progress({ at, ...told }) {
      if (ends.length === 0) deliveries.tell('task.progress', at, told);
    },
    redeliver({ ids }) {
      // The server ends a Workflow with too long a history, and what was given up would be lost with it.
      if (!input.continues && workflowInfo().historyLength > MOST_EVENTS) return;
      const again = [...deliveries.again(ids), ...subtasks.again(ids)];
      if (again.length === 0) return;
      emit({ type: 'background.again', ids: again });
      isWanted = true;
    },
  });
  /** Its task is kept so long, and so is what went on behind it. */
  const keptUntil = (): number | undefined =>
    endedAt === undefined ? undefined : endedAt + request.class.retentionDays * DAY_MS;
  const saved = keepSaved(state, keptUntil);
  if (carried) {
    subtasks.goOn(carried);
    deliveries.goOn();
    isWanted = closing(state.journal) === undefined;
    enterStage(state, state.stage);
  }

  try {
    if (!carried)
      await untilEnded({
        isKnown: (ms) => condition(() => ends.length > 0, ms, { summary: 'waits for its task to end' }),
        look: async () =>
          (await runInBackground('checkTask', `looks whether ${taskId} still runs`, { taskId, run })).end,
        end,
      });
    while (isWanted || (await isAskedFor(keptUntil() ?? 0))) {
      isWanted = false;
      await settled(deliveries, subtasks);
      if (isHandingOver()) await handOver();
      if (!isWanted) emit({ type: 'background.settled', outcome: 'completed', ...totalsOf(state, subtasks) });
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(async () => {
      await settled(deliveries, subtasks).catch(() => undefined);
      deliveries.giveUp('the background work was cancelled');
      emit({ type: 'background.settled', outcome: 'cancelled', ...totalsOf(state, subtasks) });
      enterStage(state, 'closed');
      await saved.close('cancelled');
    });
    throw error;
  }
  enterStage(state, 'closed');
  return await saved.close('completed');

  /** Waits until somebody asks for what was given up once more; false when there is no such thing, or it is kept no longer. */
  async function isAskedFor(until: number): Promise<boolean> {
    const { undelivered, failed } = totalsOf(state, subtasks);
    const left = until - Date.now();
    if (undelivered + failed === 0 || left <= 0) return false;
    const isCalled = (): boolean => isWanted || isHandingOver();
    return await condition(isCalled, left, { summary: 'what was given up can be sent again' });
  }

  /** What comes by Signal until the server has taken it is part of it: the server asks again where one came in between. */
  async function handOver(): Promise<never> {
    await saved.rest();
    if (CancellationScope.current().consideredCancelled)
      throw new CancelledFailure('the background work was cancelled');
    const more = { ends, endedAt: endedAt ?? Date.now(), ...subtasks.left() };
    return await continueAsNew<typeof background>({
      taskId,
      run,
      request,
      continues: true,
      carried: carriedOf(state, more),
    });
  }
}
// Only where the worker is versioned: the server refuses a behaviour without a deployment version.
setWorkflowOptions(
  () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
  background,
);

/** A try that failed by itself, and not by its receiver, is one more that did not get through. */
async function asReceipt(trying: Promise<Receipt>): Promise<Receipt> {
  try {
    return await trying;
  } catch (error) {
    const failure = isCancellation(error) ? undefined : failureOf(error);
    if (!failure) throw error;
    return { status: 'retry', reason: failure.message };
  }
}

/** Returns when both have nothing left to do. @throws what either threw, once both have ended. */
async function settled(...works: (Deliveries | BackgroundSubtasks)[]): Promise<void> {
  for (const one of await Promise.allSettled(works.map((work) => work.settled())))
    if (one.status === 'rejected') throw one.reason;
}

function totalsOf({ receivers = [] }: MasterState, subtasks: BackgroundSubtasks): BackgroundTotals {
  const told = statusesOf(receivers);
  return {
    delivered: told.filter(({ state }) => state === 'delivered').length,
    undelivered: told.filter(isUndelivered).length,
    ...subtasks.totals(),
  };
}
