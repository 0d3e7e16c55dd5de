// run-step.ts: the one place where Workflows call Activities, and read what their failures mean. On the way to an answer only
// blocking steps can be awaited: what starts a background one there gives back nothing to wait for.

import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  patched,
  scheduleActivity,
  sleep,
  TemporalFailure,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { Activities, PodInput, PodOutput, TaskRef } from '../protocol/activities.ts';
import { asFailure, type Failure } from '../protocol/failures.ts';
import { backgroundQueueBeside, PATCHES } from '../protocol/names.ts';
import type { FailedStep } from '../protocol/outcome.ts';
import type { SubtaskSpec } from '../protocol/plan.ts';
import type { TaskRequest } from '../protocol/task.ts';
import {
  activityOptions,
  queueOf,
  BACKGROUND_PRIORITY,
  CANCEL_TIMEOUT_MS,
  STEPS,
  type BackgroundStep,
  type BlockingStep,
} from './steps.ts';

/**
 * Runs a step as its row in the table says. `summary` is what the Web UI shows on it.
 * @throws Error, which is a bug, for a background step: no answer waits for one.
 */
export function runStep<N extends BlockingStep>(
  name: N,
  summary: string,
  input: Parameters<Activities[N]>[0],
): Promise<Awaited<ReturnType<Activities[N]>>> {
  const { mode }: { mode: string } = STEPS[name];
  if (mode !== 'blocking') throw new Error(`${name} is a background step: it is started, and no answer waits for it`);
  return cancellable(name, summary, input);
}

const cancellable = <N extends keyof Activities>(
  name: N,
  summary: string,
  input: Parameters<Activities[N]>[0],
): Promise<Awaited<ReturnType<Activities[N]>>> =>
  withCancelTimeout(() => scheduleActivity(name, [input], optionsOf(name, summary, workSecondsOf(input))));

const optionsOf = (name: keyof Activities, summary: string, workSeconds?: number): ActivityOptions => ({
  ...activityOptions(name, summary, workSeconds),
  taskQueue: queueOf(name, workflowInfo().taskQueue),
});

/** How long its class lets a step's models work; 0 for a step that asks none. */
const workSecondsOf = ({
  limits,
  request,
}: TaskRef & { limits?: SubtaskSpec['limits']; request?: TaskRequest }): number =>
  limits?.seconds ?? request?.class.subtask.seconds ?? 0;

/**
 * Starts a step that no answer waits for, and that a cancel does not stop. There is nothing to await.
 * @param onEnd told how it ended: the error, if it failed. Must not throw. Default: nobody is.
 */
export function startBackground<N extends BackgroundStep>(
  name: N,
  summary: string,
  input: Parameters<Activities[N]>[0],
  onEnd: (error?: unknown) => void = () => undefined,
): void {
  runBehind(name, summary, input).then(() => onEnd(), onEnd);
}

/**
 * The same to be awaited: for the close of a task and for its background child, which are behind the answer. No module on the
 * way to an answer may import it (`test/workflows/steps.test.ts`).
 */
export function runBehind<N extends BackgroundStep>(
  name: N,
  summary: string,
  input: Parameters<Activities[N]>[0],
): Promise<Awaited<ReturnType<Activities[N]>>> {
  // In older histories a cancel also started the time-out for this step's end.
  return CancellationScope.nonCancellable(() =>
    patched(PATCHES.savingIgnoresCancel)
      ? scheduleActivity(name, [input], optionsOf(name, summary))
      : cancellable(name, summary, input),
  );
}

/** A step of a background child: on the queue of what no answer waits for, behind everything else. */
export function runInBackground<N extends BackgroundStep>(
  name: N,
  summary: string,
  input: Parameters<Activities[N]>[0],
): Promise<Awaited<ReturnType<Activities[N]>>> {
  return scheduleActivity(name, [input], {
    ...activityOptions(name, summary),
    taskQueue: backgroundQueueBeside(workflowInfo().taskQueue),
    priority: { priorityKey: BACKGROUND_PRIORITY },
  });
}

/**
 * One pod, with the time-outs, queue and priority that the plan gave its subtasks; they share these.
 * @param moreSeconds that one of them may work, above the plan.
 */
export function runPod(
  input: PodInput,
  [first, ...others]: readonly SubtaskSpec[],
  moreSeconds: number,
): Promise<PodOutput> {
  if (!first) throw new Error('a pod without a subtask');
  const summary = others.length === 0 ? `${first.id} ${first.title}` : `${first.id} and ${others.length} more`;
  return withCancelTimeout(() =>
    scheduleActivity('runSubAgents' satisfies keyof Activities, [input], {
      ...activityOptions('runSubAgents', summary),
      startToCloseTimeout: (first.timeouts.startToCloseSeconds + moreSeconds) * 1_000,
      heartbeatTimeout: first.timeouts.heartbeatSeconds * 1_000,
      taskQueue: first.queue,
      priority: { priorityKey: first.priority },
    }),
  );
}

/** After a cancel, waits for the Activity to end, but not for ever: its worker may be gone. */
async function withCancelTimeout<T>(work: () => Promise<T>): Promise<T> {
  let timer: CancellationScope | undefined;
  const timedOut = CancellationScope.current().cancelRequested.catch(async (error: unknown) => {
    await CancellationScope.nonCancellable(() => {
      timer = new CancellationScope();
      return timer.run(() => sleep(CANCEL_TIMEOUT_MS, { summary: 'waits for a cancelled step to end' }));
    });
    throw error;
  });
  try {
    return await Promise.race([work(), timedOut]);
  } finally {
    timer?.cancel();
  }
}

/** The output of a cancelled pod, from its CancelledFailure. */
export function podOutputOf(error: unknown): PodOutput | undefined {
  const cancelled = error instanceof ActivityFailure ? error.cause : error;
  if (!(cancelled instanceof CancelledFailure)) return undefined;
  // An Activity that was cancelled before it ended itself has the details of its last heartbeat, or none.
  const said = cancelled.details[0] as Partial<PodOutput> | undefined;
  return Array.isArray(said?.outcomes) ? { outcomes: said.outcomes } : undefined;
}

/** What a step that failed or was cancelled had used; undefined where no model was asked. */
export function accountOf(error: unknown): FailedStep | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure || cause instanceof CancelledFailure)) return undefined;
  const said = cause.details?.[0] as Partial<FailedStep> | null | undefined;
  return said?.usage ? { ...said, usage: said.usage } : undefined;
}

/** A Temporal failure as data; undefined for anything else, which is a bug. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof TemporalFailure)) return undefined;
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return asFailure(cause.type, cause.message, 'AttemptsExhausted');
  if (cause instanceof TimeoutFailure)
    return { type: 'LimitReached', message: 'the step took longer than its time-out allows' };
  return { type: 'AttemptsExhausted', message: cause?.message ?? error.message };
}
