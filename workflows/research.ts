// research.ts: the fan-out with its clock: runs the subtasks, folds what comes back into the state, and closes when all
// have ended, the class deadline comes or the budget is spent. What is enough is coordinate.ts's business.

import { CancellationScope, CancelledFailure, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { Failure } from '../protocol/failures.ts';
import { MAX_REPORTS_A_RUN, MAX_SUBTASKS_A_TASK } from '../protocol/limits.ts';
import type { Handle, Outcome } from '../protocol/outcome.ts';
import { accountModels } from './account.ts';
import { flushEvents } from './close-task.ts';
import { fanOut, type Ending } from './fan-out.ts';
import { enter, tell } from './progress.ts';
import { failureOf, podOf, runPod } from './run-step.ts';
import {
  draftText,
  expectAnswer,
  isEnded,
  newSubtask,
  totalUsage,
  type MasterState,
  type SubtaskState,
} from './state.ts';

/** Of the class's time, at least, for the fan-out: slow reading and planning must not leave it nothing. */
const LEAST_SHARE = 1 / 4;

export async function research(state: MasterState): Promise<void> {
  enter(state, 'researching');
  const deadlineMs = state.request.class.deadlineSeconds * 1_000;
  const deadlineAt = Math.max(
    (state.firstActivityAt ?? Date.now()) + deadlineMs,
    Date.now() + deadlineMs * LEAST_SHARE,
  );
  const reportBudget = Math.max(1, Math.floor(MAX_REPORTS_A_RUN / state.subtasks.length));
  let closedBy: Failure | undefined;

  const fan = new CancellationScope();
  const clock = new CancellationScope();
  const ringing = clock.run(async () => {
    await sleep(Math.max(1, deadlineAt - Date.now()), { summary: `deadline of class ${state.request.class.name}` });
    closedBy = {
      type: 'DeadlineReached',
      message: `the class deadline of ${state.request.class.deadlineSeconds} s came first`,
    };
    fan.cancel();
  });
  // The clock is stopped when the fan-out ends; that is its only failure.
  ringing.catch(() => undefined);
  const spent = (): void => {
    if (closedBy) return;
    closedBy = overBudget(state);
    if (closedBy) fan.cancel();
  };

  await fan.run(() =>
    fanOut(state.subtasks, {
      runPod: (subtask) => {
        bringHome(state, subtask);
        return runPod(state, subtask, reportBudget);
      },
      sleepUntil: (at, subtask) =>
        sleep(Math.max(1, at - Date.now()), { summary: `${subtask.spec.id} waits to try again` }),
      awaitAnswers: (handles, subtask) => awaitAnswers(state, handles, subtask),
      takeIn: (subtask, outcome) => takeIn(state, subtask, outcome),
      isCancellation,
      podOf,
      failureOf,
      deadline: () => closedBy,
      onStart: (subtask) => started(state, subtask),
      onRetry: (subtask, outcome) => {
        Object.assign(subtask, { state: 'retrying', retryAt: outcome.at, failure: outcome.failure });
        visited(state, subtask, outcome);
        const { generation } = subtask;
        tell(state, {
          type: 'subtask.retrying',
          subtask: subtask.spec.id,
          generation,
          at: outcome.at,
          failure: outcome.failure,
        });
        spent();
      },
      onWait: (subtask, outcome) => {
        subtask.state = 'waiting';
        visited(state, subtask, outcome);
        const { generation } = subtask;
        tell(state, { type: 'subtask.waiting', subtask: subtask.spec.id, generation, handles: outcome.handles });
        spent();
      },
      onEnd: (subtask, ending) => {
        ended(state, subtask, ending);
        spent();
      },
    }),
  );
  clock.cancel();
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the task was cancelled');
}

/** What the class gives the whole task, when that is spent. */
function overBudget(state: MasterState): Failure | undefined {
  const { budget } = state.request.class;
  if (!budget) return undefined;
  const { inputTokens, outputTokens, costUsd = 0 } = totalUsage(state);
  const tokens = inputTokens + outputTokens;
  if (budget.tokens !== undefined && tokens >= budget.tokens)
    return { type: 'LimitReached', message: `the task used its ${budget.tokens} tokens` };
  if (budget.costUsd !== undefined && costUsd >= budget.costUsd)
    return { type: 'LimitReached', message: `the task used its ${budget.costUsd} dollars` };
  return undefined;
}

/** Waits for each handle until it is answered or its time is over, and hands the answers to the next visit. */
async function awaitAnswers(state: MasterState, handles: readonly Handle[], subtask: SubtaskState): Promise<void> {
  for (const { handle } of handles) expectAnswer(state, handle);
  await Promise.all(
    handles.map(({ handle, until }) =>
      condition(() => Object.hasOwn(state.answers, handle), Math.max(1, until - Date.now())),
    ),
  );
  const answers = handles.flatMap(({ handle }) => state.answers[handle] ?? []);
  subtask.brings = { ...subtask.brings, answers: [...(subtask.brings.answers ?? []), ...answers] };
}

/** Delegated subtasks become the master's own, as far as there is room for them. */
function takeIn(
  state: MasterState,
  parent: SubtaskState,
  outcome: Extract<Outcome, { status: 'delegated' }>,
): SubtaskState[] {
  visited(state, parent, outcome);
  parent.state = 'waiting';
  const taken: SubtaskState[] = [];
  const news: SubtaskState[] = [];
  for (const { planRef, subtasks } of outcome.delegations) {
    for (const spec of subtasks) {
      const known = state.subtasks.find((one) => one.spec.id === spec.id);
      const child = known ?? { ...newSubtask(spec), planRef };
      taken.push(child);
      if (!known && state.subtasks.length < MAX_SUBTASKS_A_TASK) {
        state.subtasks.push(child);
        news.push(child);
      }
    }
  }
  if (news.length > 0) {
    const { generation } = parent;
    const subtasks = news.map(({ spec: { id, title, kind } }) => ({ id, title, kind }));
    tell(state, { type: 'subtask.delegated', subtask: parent.spec.id, generation, subtasks });
  }
  // By reference: when the parent is visited next, each child says how it ended.
  parent.brings = {
    ...parent.brings,
    brought: outcome.delegations.map(({ handle, subtasks }) => ({
      handle,
      subtasks: subtasks.map(({ id, title }) => ({ subtask: id, title, state: 'skipped' as const })),
    })),
  };
  return taken.filter((child) => state.subtasks.includes(child));
}

/** Tells a parent, before its next visit, how its children ended. */
function bringHome(state: MasterState, parent: SubtaskState): void {
  const { brought } = parent.brings;
  if (!brought) return;
  parent.brings = {
    ...parent.brings,
    brought: brought.map(({ handle, subtasks }) => ({
      handle,
      subtasks: subtasks.map((told) => {
        const child = state.subtasks.find((one) => one.spec.id === told.subtask);
        if (!child) return { ...told, reason: `the task has ${MAX_SUBTASKS_A_TASK} subtasks already` };
        const { subtask, title } = told;
        return {
          subtask,
          title,
          state: isEnded(child.state) ? child.state : ('stopped' as const),
          ...(child.findingsRef ? { findingsRef: child.findingsRef } : {}),
          ...(child.failure ? { reason: child.failure.message } : {}),
        };
      }),
    })),
  };
}

function started(state: MasterState, subtask: SubtaskState): void {
  subtask.state = 'running';
  subtask.startedAt = Date.now();
  tell(state, { type: 'subtask.started', subtask: subtask.spec.id, generation: subtask.generation });
}

/** What every visit says, whatever its end. */
function visited(state: MasterState, subtask: SubtaskState, outcome: Outcome): void {
  Object.assign(subtask, { usage: outcome.usage, turns: outcome.turns, records: outcome.records });
  accountModels(state, subtask.spec.id, outcome, subtask.failovers);
  subtask.failovers = Math.max(subtask.failovers, outcome.failovers?.length ?? 0);
}

/** Folds one ending into the state. What a stopped subtask had found by then stays. */
function ended(state: MasterState, subtask: SubtaskState, ending: Ending): void {
  if (isEnded(subtask.state)) return;
  const outcome = ending.status === 'stopped' ? ending.last : 'usage' in ending ? ending : undefined;
  if (outcome) visited(state, subtask, outcome);
  if (outcome?.status === 'done' || outcome?.status === 'failed') {
    const { findingCount, digests, missing, findingsRef, dataRef } = outcome;
    Object.assign(subtask, { findingCount, digests, missing }, findingsRef ? { findingsRef } : {});
    if (dataRef !== undefined) subtask.dataRef = dataRef;
  }
  subtask.state = ending.status;
  subtask.endedAt = Date.now();
  delete subtask.retryAt;
  delete subtask.failure;
  if ('failure' in ending && ending.failure) subtask.failure = ending.failure;
  tell(state, {
    type: 'subtask.finished',
    subtask: subtask.spec.id,
    generation: subtask.generation,
    state: ending.status,
    findings: subtask.findingCount,
    usage: subtask.usage,
    ...(subtask.failure ? { failure: subtask.failure } : {}),
  });
  const findings = state.subtasks.reduce((sum, one) => sum + one.findingCount, 0);
  if (findings > 0) tell(state, { type: 'draft.updated', chars: draftText(state).length, findings });
  flushEvents(state);
}
