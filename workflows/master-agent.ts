// master-agent.ts: the story of a task, top to bottom: prepare, plan, fan out, coordinate, synthesize, verify, close.
// How a step is run stands in steps.ts and run-step.ts, what it changes in state.ts, what people see in progress.ts.

import { ApplicationFailure, isCancellation, patched, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { MasterInput } from '../protocol/activities.ts';
import type { Failure } from '../protocol/failures.ts';
import { PATCHES } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import { requestProblem } from '../protocol/task.ts';
import { addUsage } from '../protocol/usage.ts';
import { accountFailure, accountStep } from './account.ts';
import { closeTask } from './close-task.ts';
import { coordinate } from './coordinate.ts';
import { shape, verify } from './finish-answer.ts';
import { answerQueries, enter, showState, tell } from './progress.ts';
import { receiveAnswers } from './receive-answers.ts';
import { receiveReports } from './receive-reports.ts';
import { research } from './research.ts';
import { failureOf, runStep } from './run-step.ts';
import { coverageOf, newState, newSubtask, type MasterState } from './state.ts';
import { together } from './together.ts';

/** The Workflow of one task. Closes as Completed, Failed or Canceled, each after its TaskResult is in the store. */
export async function masterAgent({ request }: MasterInput): Promise<TaskResult> {
  const { workflowId, firstExecutionRunId, runId } = workflowInfo();
  const state = newState(workflowId, firstExecutionRunId, runId, request, Date.now());
  // Before the first await: a Query or Signal that comes with the first Workflow Task would find nobody otherwise.
  answerQueries(state);
  receiveReports(state);
  receiveAnswers(state);
  tell(state, { type: 'task.accepted', goal: request.goal, class: request.class.name });

  try {
    refuseWhatNoWorkerShouldTry(state);
    await prepareAndPlan(state);
    outline(state);
    await research(state);
    const verdict = coordinate(state.subtasks, request.class.join);
    if (!verdict.enough) throw asError(verdict.failure);
    await synthesize(state);
    await verify(state);
    await shape(state);
  } catch (error) {
    accountFailure(state, error);
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

/** Documents are read and indexed while the plan is made: that needs no more than their names. */
async function prepareAndPlan(state: MasterState): Promise<void> {
  enter(state, 'preparing');
  if (patched(PATCHES.planWhileIndexing)) {
    await together([() => prepare(state), () => plan(state)], (error) => accountFailure(state, error));
  } else {
    await prepare(state);
    await plan(state);
  }
}

async function prepare(state: MasterState): Promise<void> {
  const { taskId, firstRun: run, request } = state;
  const sources = await runStep('prepareSources', `read ${request.sources.length} source(s)`, { taskId, run, request });
  state.sources = sources;
  if (sources.usage) state.stepUsage = addUsage(state.stepUsage, sources.usage);
  state.remarks.push(...(sources.remarks ?? []));
  work(state, sources.startedAt);
  tell(state, {
    type: 'sources.ready',
    documents: sources.documents,
    passages: sources.passages,
    skipped: sources.skippedCount,
  });
  if (!state.plan) enter(state, 'planning');
}

async function plan(state: MasterState): Promise<void> {
  const { taskId, firstRun: run, request } = state;
  const { subtasks, remark, ...planned } = await runStep('planTask', `plan: ${request.goal}`, {
    taskId,
    run,
    request,
    queue: workflowInfo().taskQueue,
    ...(state.sources ? { corpusRef: state.sources.corpusRef } : {}),
  });
  state.plan = planned;
  state.remarks.push(...(remark === undefined ? [] : [remark]));
  accountStep(state, 'plan', planned);
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
  accountStep(state, 'synthesize', made);
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
