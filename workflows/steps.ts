// steps.ts: every step of a task in one table: does the Workflow wait for it, how long may it take, how is it retried.
// An Activity's own retries are for processes that die; failed model calls are counted in the step's log.

import type { ActivityOptions } from '@temporalio/workflow';
import { ActivityCancellationType } from '@temporalio/workflow';
import type { Activities } from '../protocol/activities.ts';
import { deepQueueBeside, fastQueueBeside } from '../protocol/names.ts';

interface Step {
  /** Only `blocking` steps can be awaited on the way to an answer; `background` ones are started (see `run-step.ts`). */
  mode: 'blocking' | 'background';
  startToCloseSeconds: number;
  heartbeatSeconds?: number;
  cancel: ActivityCancellationType;
  /** `attempts`: how often at most. Default: without an end. */
  retry: { initialMs: number; capMs: number; attempts?: number };
  /** Default: that of deep work. */
  queue?: 'fast';
}

/** Death of a process is not the work's fault: try again soon, without end. */
const AFTER_A_CRASH = { initialMs: 500, capMs: 5_000 };

export const STEPS = {
  prepareSources: {
    mode: 'blocking',
    startToCloseSeconds: 1_800,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.TRY_CANCEL,
    retry: AFTER_A_CRASH,
  },
  joinSession: {
    mode: 'blocking',
    queue: 'fast',
    startToCloseSeconds: 30,
    cancel: ActivityCancellationType.TRY_CANCEL,
    retry: AFTER_A_CRASH,
  },
  answerDirectly: {
    mode: 'blocking',
    startToCloseSeconds: 60,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: AFTER_A_CRASH,
    queue: 'fast',
  },
  planTask: {
    mode: 'blocking',
    startToCloseSeconds: 1_800,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: AFTER_A_CRASH,
  },
  revisePlan: {
    mode: 'blocking',
    startToCloseSeconds: 30,
    cancel: ActivityCancellationType.TRY_CANCEL,
    retry: AFTER_A_CRASH,
  },
  // Time-outs, queue and priority come with each subtask.
  runSubAgents: {
    mode: 'blocking',
    startToCloseSeconds: 0,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: AFTER_A_CRASH,
  },
  synthesize: {
    mode: 'blocking',
    startToCloseSeconds: 1_800,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: AFTER_A_CRASH,
  },
  answerSoFar: {
    mode: 'blocking',
    startToCloseSeconds: 600,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: AFTER_A_CRASH,
  },
  findConflicts: {
    mode: 'blocking',
    startToCloseSeconds: 1_800,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: AFTER_A_CRASH,
  },
  verifyAnswer: {
    mode: 'blocking',
    startToCloseSeconds: 1_800,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: AFTER_A_CRASH,
  },
  shapeAnswer: {
    mode: 'blocking',
    startToCloseSeconds: 1_800,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: AFTER_A_CRASH,
  },
  saveResult: {
    mode: 'blocking',
    startToCloseSeconds: 60,
    cancel: ActivityCancellationType.ABANDON,
    retry: { initialMs: 500, capMs: 30_000 },
  },
  recordTask: {
    mode: 'background',
    startToCloseSeconds: 60,
    // What was accepted must reach the store, also after a cancel.
    cancel: ActivityCancellationType.ABANDON,
    retry: { initialMs: 500, capMs: 30_000 },
  },
  planSubtask: {
    mode: 'blocking',
    startToCloseSeconds: 60,
    cancel: ActivityCancellationType.TRY_CANCEL,
    retry: AFTER_A_CRASH,
  },
  planRound: {
    mode: 'blocking',
    startToCloseSeconds: 1_800,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: AFTER_A_CRASH,
  },
  forgetTask: {
    mode: 'background',
    startToCloseSeconds: 3_600,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.ABANDON,
    retry: { initialMs: 1_000, capMs: 60_000 },
  },
  commandSubAgent: {
    mode: 'background',
    startToCloseSeconds: 10,
    cancel: ActivityCancellationType.ABANDON,
    retry: AFTER_A_CRASH,
  },
  // One try: the next one is the Workflow's to wait for.
  deliver: {
    mode: 'background',
    startToCloseSeconds: 90,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.TRY_CANCEL,
    retry: { initialMs: 500, capMs: 30_000, attempts: 10 },
  },
  checkTask: {
    mode: 'background',
    startToCloseSeconds: 15,
    cancel: ActivityCancellationType.TRY_CANCEL,
    retry: { initialMs: 1_000, capMs: 60_000 },
  },
  planBackground: {
    mode: 'background',
    startToCloseSeconds: 60,
    cancel: ActivityCancellationType.TRY_CANCEL,
    retry: AFTER_A_CRASH,
  },
} as const satisfies Readonly<Record<keyof Activities, Step>>;

type StepOf<Mode extends Step['mode']> = {
  [Name in keyof typeof STEPS]: (typeof STEPS)[Name]['mode'] extends Mode ? Name : never;
}[keyof typeof STEPS];

/** Steps that an answer may wait for. */
export type BlockingStep = StepOf<'blocking'>;

/** Steps that no answer waits for. */
export type BackgroundStep = StepOf<'background'>;

/** After a cancel, how long an Activity may take to end and report what it spent; then the task closes without it. */
export const CANCEL_TIMEOUT_MS = 15_000;

/** Temporal's priority of all that no answer waits for: behind everything else. */
export const BACKGROUND_PRIORITY = 5;

/** Of a step's own work, for waiting on places and on the store beside it. */
const WITH_WAITING = 2;

/** Where a step of a Workflow is done that is on this queue. */
export function queueOf(name: keyof Activities, own: string): string {
  const { queue }: Step = STEPS[name];
  return queue === 'fast' ? fastQueueBeside(own) : deepQueueBeside(own);
}

/**
 * A step's row as options for the SDK.
 *
 * @param workSeconds what the class lets its models work: ended from outside before that, it would begin the same call anew,
 *   without an end.
 */
export function activityOptions(name: keyof Activities, summary: string, workSeconds = 0): ActivityOptions {
  const step: Step = STEPS[name];
  return {
    // A step without a heartbeat asks no model: of its worker's death only this time-out tells.
    startToCloseTimeout:
      Math.max(step.startToCloseSeconds, step.heartbeatSeconds ? workSeconds * WITH_WAITING : 0) * 1_000,
    ...(step.heartbeatSeconds ? { heartbeatTimeout: step.heartbeatSeconds * 1_000 } : {}),
    cancellationType: step.cancel,
    retry: {
      initialInterval: step.retry.initialMs,
      maximumInterval: step.retry.capMs,
      backoffCoefficient: 2,
      ...(step.retry.attempts === undefined ? {} : { maximumAttempts: step.retry.attempts }),
    },
    summary: summary.slice(0, 200),
  };
}
