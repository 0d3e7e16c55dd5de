// master-agent.ts: the story of a task, top to bottom: prepare, plan, fan out, coordinate, synthesize, verify, close.
// What a step does to the state stands with the step, what people see in progress.ts, what a task knows in state/.

import { ApplicationFailure, isCancellation, patched, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { MasterInput } from '../protocol/activities.ts';
import type { Failure } from '../protocol/failures.ts';
import { PATCHES } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import { requestProblem, type TaskRequest } from '../protocol/task.ts';
import { bookFailedStep } from './account.ts';
import { closeTask } from './close-task.ts';
import { shortfall } from './coordinate.ts';
import type { MasterContext } from './endings.ts';
import type { FanOut } from './fan-out.ts';
import { outline, prepareAndPlan } from './make-plan.ts';
import { openPods } from './pods.ts';
import { answerQueries, eventEmitter } from './progress.ts';
import { receiveReading } from './receive-reading.ts';
import { receiveReplies } from './receive-replies.ts';
import { receiveReports } from './receive-reports.ts';
import { research } from './research.ts';
import { failureOf } from './run-step.ts';
import { newState } from './state/state.ts';
import { shape, synthesize, verify } from './write-answer.ts';

/** The Workflow of one task. Closes as Completed, Failed or Canceled, each after its TaskResult is in the store. */
export async function masterAgent({ request }: MasterInput): Promise<TaskResult> {
  const { workflowId, firstExecutionRunId, runId } = workflowInfo();
  const state = newState(workflowId, firstExecutionRunId, runId, request, Date.now());
  const { tree, ledger, mailbox, remarks } = state;
  const emit = eventEmitter(state);
  const context: MasterContext = { tree, ledger, remarks, emit, isBeforeLives: !patched(PATCHES.lives) };
  const pods = openPods(state);
  // Before the first await: a Query or Signal that comes with the first Workflow Task would find nobody otherwise.
  answerQueries(state);
  receiveReports(state, context, pods);
  receiveReplies(mailbox);
  receiveReading(state, emit);
  emit({ type: 'task.accepted', goal: request.goal, class: request.class.name });

  let fan: FanOut | undefined;
  try {
    refuseInvalidRequest(request);
    await prepareAndPlan(state, context);
    outline(state, context);
    fan = await research(state, context, pods);
    const missing = shortfall(request.class.join, tree);
    if (missing) throw asError(missing);
    await synthesize(state, context);
    await verify(state, context);
    await shape(state, context);
  } catch (error) {
    bookFailedStep(context, state.stage, error);
    if (isCancellation(error)) {
      await closeTask(state, 'cancelled', emit);
      throw error;
    }
    const failure = failureOf(error);
    // Not a Temporal failure: a bug of ours. It fails the Workflow Task, which is retried until it is mended.
    if (!failure) throw error;
    state.failure = failure;
    await fan?.settled();
    const result = await closeTask(state, 'failed', emit);
    throw asError(failure, result);
  }
  await fan.settled();
  return await closeTask(state, 'completed', emit);
}
// Only where the worker is versioned: the server refuses a behaviour without a deployment version.
setWorkflowOptions(
  () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
  masterAgent,
);

function refuseInvalidRequest(request: TaskRequest): void {
  const problem = requestProblem(request);
  if (problem) throw asError({ type: 'RequestInvalid', message: problem });
}

function asError(failure: Failure, result?: TaskResult): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.type,
    message: failure.message,
    nonRetryable: true,
    ...(result ? { details: [{ coverage: result.coverage, usage: result.usage }] } : {}),
  });
}
