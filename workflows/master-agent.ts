// master-agent.ts: the story of a task, top to bottom: prepare, plan, fan out, coordinate, synthesize, close.
// How a step is run stands in steps.ts and run-step.ts, what it changes in state.ts, what people see in progress.ts.

import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  setWorkflowOptions,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { MasterInput } from '../protocol/activities.ts';
import type { Failure } from '../protocol/failures.ts';
import { MAX_REPORTS_A_RUN } from '../protocol/limits.ts';
import type { TaskResult } from '../protocol/result.ts';
import { requestProblem } from '../protocol/task.ts';
import { addUsage } from '../protocol/usage.ts';
import { closeTask, flushEvents } from './close-task.ts';
import { coordinate } from './coordinate.ts';
import { fanOut, type Ending } from './fan-out.ts';
import { answerQueries, enter, showState, tell } from './progress.ts';
import { receiveReports } from './receive-reports.ts';
import { failureOf, podOf, runPod, runStep } from './run-step.ts';
import { coverageOf, draftText, isEnded, newState, newSubtask, type MasterState, type SubtaskState } from './state.ts';

/** The Workflow of one task. Closes as Completed, Failed or Canceled, each after its TaskResult is in the store. */
export async function masterAgent({ request }: MasterInput): Promise<TaskResult> {
  const { workflowId, firstExecutionRunId, runId } = workflowInfo();
  const state = newState(workflowId, firstExecutionRunId, runId, request, Date.now());
  // Before the first await: a Query or Signal that comes with the first Workflow Task would find nobody otherwise.
  answerQueries(state);
  receiveReports(state);
  tell(state, { type: 'task.accepted', goal: request.goal, class: request.class.name });

  try {
    refuseWhatNoWorkerShouldTry(state);
    await prepare(state);
    await plan(state);
    outline(state);
    await research(state);
    const verdict = coordinate(state.subtasks, request.class.join);
    if (!verdict.enough) throw asError(verdict.failure);
    await synthesize(state);
  } catch (error) {
    if (isCancellation(error)) {
      await closeTask(state, 'cancelled');
      throw error;
    }
    const failure = failureOf(error);
    // Not a Temporal failure: a bug of ours. It fails the Workflow Task, which is retried until it is mended.
    if (!failure) throw error;
    state.failure = failure;
    const result = await closeTask(state, 'failed');
    throw asError(failure, result);
  }
  return await closeTask(state, 'completed');
}
// Only where the worker is versioned: the server refuses a behaviour without a deployment version.
setWorkflowOptions(
  () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
  masterAgent,
);

function refuseWhatNoWorkerShouldTry({ request }: MasterState): void {
  const problem = requestProblem(request);
  if (problem) throw asError({ type: 'RequestInvalid', message: problem });
}

async function prepare(state: MasterState): Promise<void> {
  enter(state, 'preparing');
  const { taskId, firstRun: run, request } = state;
  const sources = await runStep('prepareSources', `read ${request.sources.length} source(s)`, { taskId, run, request });
  state.sources = sources;
  work(state, sources.startedAt);
  tell(state, {
    type: 'sources.ready',
    documents: sources.documents,
    passages: sources.passages,
    skipped: sources.skippedCount,
  });
}

async function plan(state: MasterState): Promise<void> {
  enter(state, 'planning');
  const { taskId, firstRun: run, request } = state;
  const { subtasks, ...planned } = await runStep('planTask', `plan: ${request.goal}`, {
    taskId,
    run,
    request,
    queue: workflowInfo().taskQueue,
    ...(state.sources ? { corpusRef: state.sources.corpusRef } : {}),
  });
  state.plan = planned;
  state.stepUsage = addUsage(state.stepUsage, planned.usage);
  state.subtasks = subtasks.map(newSubtask);
  work(state, planned.startedAt);
  tell(state, {
    type: 'plan.ready',
    subtasks: subtasks.map(({ id, title, kind, needs }) => ({ id, title, kind, needs })),
  });
}

/** Computed from the plan before anything is dispatched: no model call. */
function outline(state: MasterState): void {
  state.headings = state.subtasks.map((subtask) => subtask.spec.title);
  tell(state, { type: 'outline.ready', headings: state.headings });
}

/** Fans the subtasks out and folds what comes back, until all have ended or the class deadline closes the fan-out. */
async function research(state: MasterState): Promise<void> {
  enter(state, 'researching');
  const deadlineAt = (state.firstActivityAt ?? Date.now()) + state.request.class.deadlineSeconds * 1_000;
  const reportBudget = Math.max(1, Math.floor(MAX_REPORTS_A_RUN / state.subtasks.length));
  let deadline: Failure | undefined;

  const fan = new CancellationScope();
  const clock = new CancellationScope();
  const ringing = clock.run(async () => {
    await sleep(Math.max(1, deadlineAt - Date.now()), { summary: `deadline of class ${state.request.class.name}` });
    deadline = {
      type: 'DeadlineReached',
      message: `the class deadline of ${state.request.class.deadlineSeconds} s came first`,
    };
    fan.cancel();
  });
  // The clock is stopped when the fan-out ends; that is its only failure.
  ringing.catch(() => undefined);

  await fan.run(() =>
    fanOut(state.subtasks, {
      runPod: (subtask) => runPod(state, subtask, reportBudget),
      sleepUntil: (at, subtask) =>
        sleep(Math.max(1, at - Date.now()), { summary: `${subtask.spec.id} waits to try again` }),
      isCancellation,
      podOf,
      failureOf,
      deadline: () => deadline,
      onStart: (subtask) => started(state, subtask),
      onRetry: (subtask, outcome) => {
        Object.assign(subtask, { state: 'retrying', retryAt: outcome.at, failure: outcome.failure });
        Object.assign(subtask, { records: outcome.records, turns: outcome.turns, usage: outcome.usage });
        const { generation } = subtask;
        tell(state, {
          type: 'subtask.retrying',
          subtask: subtask.spec.id,
          generation,
          at: outcome.at,
          failure: outcome.failure,
        });
      },
      onEnd: (subtask, ending) => ended(state, subtask, ending),
    }),
  );
  clock.cancel();
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the task was cancelled');
}

function started(state: MasterState, subtask: SubtaskState): void {
  subtask.state = 'running';
  subtask.startedAt = Date.now();
  tell(state, { type: 'subtask.started', subtask: subtask.spec.id, generation: subtask.generation });
}

/** Folds one ending into the state. What a stopped subtask had found by then stays. */
function ended(state: MasterState, subtask: SubtaskState, ending: Ending): void {
  if (isEnded(subtask.state)) return;
  const outcome = ending.status === 'stopped' ? ending.last : 'usage' in ending ? ending : undefined;
  if (outcome) Object.assign(subtask, { usage: outcome.usage, turns: outcome.turns, records: outcome.records });
  if (outcome?.status === 'done' || outcome?.status === 'failed') {
    const { findingCount, digests, missing, findingsRef } = outcome;
    Object.assign(subtask, { findingCount, digests, missing }, findingsRef ? { findingsRef } : {});
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

async function synthesize(state: MasterState): Promise<void> {
  enter(state, 'synthesizing');
  const { taskId, firstRun: run, request } = state;
  const spec = state.subtasks[0]?.spec;
  if (!spec || !state.plan) throw new Error('there is no plan to synthesize from');
  const made = await runStep('synthesize', 'write the answer', {
    taskId,
    run,
    planRef: state.plan.planRef,
    goal: request.goal,
    found: state.subtasks.map(({ spec: { id, title }, findingsRef, missing }) => ({
      subtask: id,
      title,
      missing,
      ...(findingsRef ? { findingsRef } : {}),
    })),
    coverage: coverageOf(state),
    headings: state.headings,
    limits: request.class.subtask,
    retry: spec.retry,
    ...(spec.models ? { models: spec.models } : {}),
  });
  state.stepUsage = addUsage(state.stepUsage, made.usage);
  const { answerRef: ref, citations, dropped, answer } = made;
  state.answer = { ref, citations, dropped, ...(answer ? { answer } : {}) };
  tell(state, { type: 'answer.ready', citations });
}

/** Marks the task as running from its first Activity's start on. */
function work(state: MasterState, startedAt: number): void {
  if (state.firstActivityAt !== undefined) return;
  state.firstActivityAt = startedAt;
  showState('running');
}

function asError(failure: Failure, result?: TaskResult): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.type,
    message: failure.message,
    nonRetryable: true,
    ...(result ? { details: [{ coverage: result.coverage, usage: result.usage }] } : {}),
  });
}
