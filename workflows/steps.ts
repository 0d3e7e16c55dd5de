// steps.ts: every step of a task in one table: does the Workflow wait for it, how long may it take, how is it retried.
// An Activity's own retries are for processes that die; failed model calls are counted in the step's log.

import type { ActivityOptions } from '@temporalio/workflow';
import { ActivityCancellationType } from '@temporalio/workflow';
import type { Activities } from '../protocol/activities.ts';

interface Step {
  /** Nothing but the close waits for `background` steps. */
  mode: 'blocking' | 'background';
  startToCloseSeconds: number;
  heartbeatSeconds?: number;
  cancel: ActivityCancellationType;
  retry: { initialMs: number; capMs: number };
}

/** Death of a process is not the work's fault: try again soon, without end. */
const AFTER_A_CRASH = { initialMs: 500, capMs: 5_000 };

export const STEPS: Readonly<Record<keyof Activities, Step>> = {
  prepareSources: {
    mode: 'blocking',
    startToCloseSeconds: 1_800,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.TRY_CANCEL,
    retry: AFTER_A_CRASH,
  },
  planTask: {
    mode: 'blocking',
    startToCloseSeconds: 1_800,
    heartbeatSeconds: 10,
    cancel: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
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
  recordTask: {
    mode: 'background',
    startToCloseSeconds: 60,
    // What was accepted must reach the store, also after a cancel.
    cancel: ActivityCancellationType.ABANDON,
    retry: { initialMs: 500, capMs: 30_000 },
  },
  commandSubAgent: {
    mode: 'background',
    startToCloseSeconds: 10,
    cancel: ActivityCancellationType.ABANDON,
    retry: AFTER_A_CRASH,
  },
};

/** After a cancel, how long an Activity may take to end and report what it spent; then the task closes without it. */
export const CANCEL_TIMEOUT_MS = 15_000;

/** Of a step's own work, for waiting on places and on the store beside it. */
const WITH_WAITING = 2;

/**
 * A step's row as options for the SDK.
 *
 * @param workSeconds what the class lets its models work: ended from outside before that, it would begin the same call anew,
 *   without an end.
 */
export function activityOptions(name: keyof Activities, summary: string, workSeconds = 0): ActivityOptions {
  const step = STEPS[name];
  return {
    startToCloseTimeout: Math.max(step.startToCloseSeconds, workSeconds * WITH_WAITING) * 1_000,
    ...(step.heartbeatSeconds ? { heartbeatTimeout: step.heartbeatSeconds * 1_000 } : {}),
    cancellationType: step.cancel,
    retry: {
      initialInterval: step.retry.initialMs,
      maximumInterval: step.retry.capMs,
      backoffCoefficient: 2,
    },
    summary: summary.slice(0, 200),
  };
}
