// run-step.ts: the one place where the master calls Activities, and reads what their failures say.

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
} from '@temporalio/workflow';
import type { Activities, PodInput, PodOutput } from '../protocol/activities.ts';
import { asFailure, type Failure } from '../protocol/failures.ts';
import { PATCHES } from '../protocol/names.ts';
import type { FailedStep } from '../protocol/outcome.ts';
import type { MasterState, SubtaskState } from './state.ts';
import { activityOptions, CANCEL_PATIENCE_MS } from './steps.ts';

/** Runs a step as its row in the table says. `summary` is what the Web UI shows on it. */
export function runStep<N extends keyof Activities>(
  name: N,
  summary: string,
  input: Parameters<Activities[N]>[0],
): Promise<Awaited<ReturnType<Activities[N]>>> {
  return withPatience(() => scheduleActivity(name, [input], activityOptions(name, summary)));
}

/** The same for a step that a cancel does not stop, and whose end is always waited for. */
export function runUnstopped<N extends keyof Activities>(
  name: N,
  summary: string,
  input: Parameters<Activities[N]>[0],
): Promise<Awaited<ReturnType<Activities[N]>>> {
  // In older histories a cancel also began to wait for this step's last words.
  return CancellationScope.nonCancellable(() =>
    patched(PATCHES.savingIgnoresCancel)
      ? scheduleActivity(name, [input], activityOptions(name, summary))
      : runStep(name, summary, input),
  );
}

/** One visit of one subtask to a worker, with the time-outs, queue and priority that its plan gave it. */
export function runPod(state: MasterState, subtask: SubtaskState, reportBudget: number): Promise<PodOutput> {
  const { spec, generation, records } = subtask;
  const needs = state.subtasks.flatMap((one) =>
    spec.needs.includes(one.spec.id) && one.findingsRef
      ? [{ subtask: one.spec.id, title: one.spec.title, findingsRef: one.findingsRef }]
      : [],
  );
  const input: PodInput = {
    taskId: state.taskId,
    run: state.firstRun,
    goal: state.request.goal,
    planRef: state.plan?.planRef ?? '',
    ...(state.sources ? { corpusRef: state.sources.corpusRef } : {}),
    pod: [
      {
        spec,
        generation,
        records,
        reportBudget,
        needs,
        ...subtask.brings,
        ...(subtask.planRef === undefined ? {} : { planRef: subtask.planRef }),
      },
    ],
  };
  return withPatience(() =>
    scheduleActivity('runSubAgents' satisfies keyof Activities, [input], {
      ...activityOptions('runSubAgents', `${spec.id} ${spec.title}`),
      startToCloseTimeout: spec.timeouts.startToCloseSeconds * 1_000,
      heartbeatTimeout: spec.timeouts.heartbeatSeconds * 1_000,
      taskQueue: spec.queue,
      priority: { priorityKey: spec.priority },
    }),
  );
}

/** After a cancel, waits for the Activity's last words, but not for ever: its worker may be gone. */
async function withPatience<T>(work: () => Promise<T>): Promise<T> {
  let timer: CancellationScope | undefined;
  const patience = CancellationScope.current().cancelRequested.catch(async (error: unknown) => {
    await CancellationScope.nonCancellable(() => {
      timer = new CancellationScope();
      return timer.run(() => sleep(CANCEL_PATIENCE_MS, { summary: 'waits for the last words of a cancelled step' }));
    });
    throw error;
  });
  try {
    return await Promise.race([work(), patience]);
  } finally {
    timer?.cancel();
  }
}

/** What the pod said in its CancelledFailure. */
export function podOf(error: unknown): PodOutput | undefined {
  const cancelled = error instanceof ActivityFailure ? error.cause : error;
  if (!(cancelled instanceof CancelledFailure)) return undefined;
  // Cancelled before it could say anything, an Activity brings the details of its last heartbeat, or none.
  const said = cancelled.details[0] as Partial<PodOutput> | undefined;
  return Array.isArray(said?.outcomes) ? { outcomes: said.outcomes } : undefined;
}

/** What a step that failed or was cancelled says of itself; nothing where no model was asked. */
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
