// activity-lifecycle.ts: what every long Activity needs of Temporal: a heartbeat a second, a signal that aborts on
// cancellation, and the right kind of failure. The only file of this room that turns a WorkFailure into Temporal's failures.

import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { FAILURES } from '../../protocol/failures.ts';
import type { FailedStep } from '../../protocol/outcome.ts';
import { readFailure } from '../loop/work-failure.ts';

const HEARTBEAT_MS = 1_000;

/**
 * Runs `work` with a heartbeat a second, whose details are made anew each time. The SDK sends the first at once and delays
 * those that follow soon after: `work` calls `beat` when its details should be sent.
 */
export async function withHeartbeat<T>(
  details: () => unknown,
  work: (signal: AbortSignal, beat: () => void) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  // A pod of many sub-agents listens to one signal.
  setMaxListeners(0, context.cancellationSignal);
  const beat = (): void => context.heartbeat(details());
  const timer = setInterval(beat, HEARTBEAT_MS);
  try {
    return await work(context.cancellationSignal, beat);
  } finally {
    clearInterval(timer);
  }
}

/** True when somebody cancelled this Activity; false when the worker shuts down or lost it to another attempt. */
export function cancelledByRequest(): boolean {
  const context = Context.current();
  return context.cancellationSignal.aborted && context.cancellationDetails?.cancelRequested === true;
}

/**
 * What an Activity throws for this error: retried by Temporal unless the catalogue says that it is final.
 * @param account what the work had used by then, for the master's ledger.
 */
export function asActivityError(error: unknown, account?: FailedStep): Error {
  const details = account ? [account] : [];
  const context = Context.current();
  if (context.cancellationSignal.aborted) {
    if (cancelledByRequest()) return new CancelledFailure('the work was cancelled', details);
    // A worker that shuts down, or a pause: the next attempt goes on from the log.
    return ApplicationFailure.create({
      type: 'Interrupted',
      message: 'the worker released this work',
      nextRetryDelay: 100,
    });
  }
  const { failure, retryAt } = readFailure(error);
  if (!failure) return error instanceof Error ? error : new Error(String(error));
  return ApplicationFailure.create({
    type: failure.type,
    message: failure.message,
    details,
    nonRetryable: !FAILURES[failure.type].retryable,
    ...(retryAt === undefined ? {} : { nextRetryDelay: Math.max(1, retryAt - Date.now()) }),
  });
}
