// master-agent.ts: the story of a task, top to bottom: answer at once, or prepare, plan, fan out, coordinate, synthesize, verify;
// close.
// What a step does to the state stands with the step, what people see in progress.ts, what a task knows in state/.

import { ApplicationFailure, isCancellation, patched, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { MasterInput } from '../protocol/activities.ts';
import type { Failure } from '../protocol/failures.ts';
import { joinOf } from '../protocol/join.ts';
import { PATCHES } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import { requestShapeProblem } from '../protocol/request-shape.ts';
import { requestProblem } from '../protocol/task.ts';
import { bookFailedStep } from './account.ts';
import { answerDirectly, receiveDemotion } from './answer-directly.ts';
import { giveAnswersSoFar } from './answer-so-far.ts';
import { approvePlan } from './approve-plan.ts';
import { closeTask } from './close-task.ts';
import { approve } from './commands/approve.ts';
import { controlsOf } from './commands/controls.ts';
import { steeringControls } from './commands/steer.ts';
import { receiveCommands } from './commands/receive-commands.ts';
import { shortfall } from './coordinate.ts';
import type { MasterContext } from './endings.ts';
import type { FanOut } from './fan-out.ts';
import { furtherRounds } from './further-rounds.ts';
import { joinSession } from './join-session.ts';
import { outline, prepareAndPlan } from './make-plan.ts';
import { openPods } from './pods.ts';
import { answerQueries, eventEmitter, showTaskState } from './progress.ts';
import { receiveCancel, tellCancel } from './receive-cancel.ts';
import { receiveReading } from './receive-reading.ts';
import { receiveReplies } from './receive-replies.ts';
import { receiveReports } from './receive-reports.ts';
import { ONE_MORE, research, type RunMore } from './research.ts';
import { failureOf } from './run-step.ts';
import { senderToSubAgents } from './send-to-sub-agents.ts';
import { startBackgroundChild } from './start-background.ts';
import { newState } from './state/state.ts';
import type { Steerable } from './steer-fan-out.ts';
import { whilePaused } from './waiting.ts';
import { giveAnswer, shape, synthesize, verify } from './write-answer.ts';

/** The Workflow of one task. Closes as Completed, Failed or Canceled, each after its TaskResult is in the store. */
export async function masterAgent(input: MasterInput): Promise<TaskResult> {
  // No task can be made of it, and whoever wrote it hears of it: any other error would be tried again without end.
  const malformed = requestShapeProblem((input as MasterInput | undefined)?.request);
  if (malformed !== undefined) throw asError({ type: 'RequestInvalid', message: malformed });
  const { request } = input;
  const { workflowId, firstExecutionRunId, runId } = workflowInfo();
  const state = newState(workflowId, firstExecutionRunId, runId, request, Date.now());
  const { tree, ledger, mailbox, remarks } = state;
  const emit = eventEmitter(state);
  const context: MasterContext = { tree, ledger, remarks, emit, isBeforeLives: !patched(PATCHES.lives) };
  const pods = openPods(state);
  // Before the first await: a Query or Signal that comes with the first Workflow Task would find nobody otherwise.
  answerQueries(state);
  receiveReports(state, context, pods);
  receiveReplies(mailbox, emit);
  receiveReading(state, emit);
  receiveDemotion(state, emit);
  receiveCancel(state);
  let open: Steerable | undefined;
  const fanOut = () => (open?.isOpen() ? open : undefined);
  const steering = steeringControls({
    state,
    fanOut,
    send: senderToSubAgents(state),
    showState: () => showTaskState(state),
    now: () => Date.now(),
  });
  const inbox = receiveCommands(state, controlsOf({ ...steering, approve: approve(state) }), emit);
  const soFar = giveAnswersSoFar(context, inbox, { state, fanOut });
  emit({
    type: 'task.accepted',
    goal: request.goal,
    class: request.class.name,
    ...(request.route ? { route: request.route } : {}),
  });

  const refusal = requestProblem(request);
  // Who is to be told may be what is wrong with it.
  let child = refusal !== undefined && patched(PATCHES.refusedAlone) ? undefined : startBackgroundChild(state);
  const close = async (outcome: TaskResult['outcome']): Promise<TaskResult> => {
    if (soFar.isAsked()) await soFar.end();
    const result = await closeTask(state, outcome, emit);
    await child?.ended(result);
    return result;
  };
  const fans: FanOut[] = [];
  const settled = () => Promise.all(fans.map((fan) => fan.settled()));
  try {
    if (refusal !== undefined) throw asError({ type: 'RequestInvalid', message: refusal });
    await whilePaused(state);
    await joinSession(state, emit);
    if (!(await answerDirectly(state, context))) {
      await prepareAndPlan(state, context);
      await approvePlan(state, context);
      child ??= startBackgroundChild(state);
      outline(state, context);
      const steered = (next: Steerable) => {
        open?.followedBy?.(next);
        open = next;
      };
      fans.push(await research(state, context, pods, { steered }));
      const runMore: RunMore = async (subtasks, join = ONE_MORE) =>
        fans.push(await research(state, context, pods, { steered, subtasks, join }));
      await furtherRounds(state, context, { run: runMore, steered });
      const missing = shortfall(joinOf(request), tree);
      if (missing) throw asError(missing);
      for (const step of [synthesize, verify, shape]) {
        await whilePaused(state);
        await step(state, context, runMore);
      }
    }
    await giveAnswer(state, context);
  } catch (error) {
    bookFailedStep(context, state.stage, error);
    if (isCancellation(error)) {
      tellCancel(state, emit);
      await close('cancelled');
      throw error;
    }
    const failure = failureOf(error);
    // Not a Temporal failure: a bug of ours. It fails the Workflow Task, which is retried until it is mended.
    if (!failure) throw error;
    state.failure = failure;
    await settled();
    const result = await close('failed');
    throw asError(failure, result);
  }
  await settled();
  return await close('completed');
}
// Only where the worker is versioned: the server refuses a behaviour without a deployment version.
setWorkflowOptions(
  () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
  masterAgent,
);

function asError(failure: Failure, result?: TaskResult): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.type,
    message: failure.message,
    nonRetryable: true,
    ...(result ? { details: [{ coverage: result.coverage, usage: result.usage }] } : {}),
  });
}
