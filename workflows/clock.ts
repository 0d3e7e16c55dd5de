// clock.ts: what ends a fan-out from outside: the class's deadline, which can be set anew, and the task's budget. Either
// cancels it once, with a reason; what has been found by then stays.

import { CancellationScope, sleep } from '@temporalio/workflow';
import { spentOf, usedUp } from '../protocol/budget.ts';
import type { RequestClass } from '../protocol/classes.ts';
import type { Failure } from '../protocol/failures.ts';
import type { Ledger } from './state/ledger.ts';

export interface Clock {
  /** Sets the deadline, ms since the epoch, in place of the one before. */
  arm(at: number): void;
  /** Ends the fan-out if the budget is spent. */
  check(): void;
  /** Why the clock ended the fan-out; undefined when it did not. */
  reason(): Failure | undefined;
  /** Cancels the deadline. */
  stop(): void;
}

/** @param end is called once, when the deadline comes or the budget is spent. */
export function startClock(
  { name, deadlineSeconds, budget = {} }: RequestClass,
  ledger: Ledger,
  end: () => void,
): Clock {
  let reason: Failure | undefined;
  let timer: CancellationScope | undefined;
  const expire = (failure: Failure): void => {
    if (reason) return;
    reason = failure;
    end();
  };
  return {
    arm(at) {
      const which = timer
        ? `the deadline ${new Date(at).toISOString()}, which was set anew,`
        : `the class deadline of ${deadlineSeconds} s`;
      timer?.cancel();
      timer = new CancellationScope();
      timer
        .run(async () => {
          await sleep(Math.max(1, at - Date.now()), { summary: `deadline of class ${name}` });
          expire({ type: 'DeadlineReached', message: `${which} came first` });
        })
        // It is stopped when the fan-out ends or the deadline is set anew: its only failure.
        .catch(() => undefined);
    },
    check() {
      const used = usedUp(budget, spentOf(ledger.spent));
      if (used !== undefined) expire({ type: 'LimitReached', message: `the task used its ${used}` });
    },
    reason: () => reason,
    stop: () => timer?.cancel(),
  };
}

/** Of the class's time, at least, for the fan-out: slow reading and planning must not leave it nothing. */
const LEAST_SHARE = 1 / 4;

/** When a fan-out that begins now is to end, for a task whose first Activity began then; ms since the epoch. */
export function deadlineOf({ deadlineSeconds }: RequestClass, firstActivityAt: number, now: number): number {
  const ms = deadlineSeconds * 1_000;
  return Math.max(firstActivityAt + ms, now + ms * LEAST_SHARE);
}
