// clock.ts: what ends a fan-out from outside: the class's deadline, which can be set anew, and the task's budget. Either
// cancels it once, with a reason; what has been found by then stays.

import { CancellationScope, sleep } from '@temporalio/workflow';
import { spentOf, usedUp } from '../protocol/budget.ts';
import type { RequestClass } from '../protocol/classes.ts';
import type { Failure } from '../protocol/failures.ts';
import type { JoinPolicy } from '../protocol/join.ts';
import { hold, release, stoodStillWithin, type StandstillReason } from './state/standstill.ts';
import type { MasterState } from './state/state.ts';
import { budgetOf, deadlineSecondsOf } from './state/steering.ts';

export interface Clock {
  /** Sets the deadline, ms since the epoch, in place of the one before; `join`: it is that of the join, in seconds. */
  arm(at: number, join?: number): void;
  /** Stops the deadline's time until every reason for that is gone. */
  hold(reason: StandstillReason): void;
  release(reason: StandstillReason): void;
  /** Ends the fan-out if the budget is spent. */
  check(): void;
  /** Why the clock ended the fan-out; undefined when it did not. */
  reason(): Failure | undefined;
  /** Cancels the deadline. */
  stop(): void;
}

/** @param end is called once, when the deadline comes or the budget is spent. */
export function startClock(
  taskClass: RequestClass,
  { ledger, standstill, steering }: Pick<MasterState, 'ledger' | 'standstill' | 'steering'>,
  end: () => void,
): Clock {
  const { name, deadlineSeconds } = taskClass;
  let reason: Failure | undefined;
  let timer: CancellationScope | undefined;
  let which: string | undefined;
  /** What is left until the deadline, while its time stands still. */
  let left: number | undefined;
  let deadline = 0;
  const expire = (failure: Failure): void => {
    if (reason) return;
    reason = failure;
    end();
  };
  const begin = (at: number): void => {
    deadline = at;
    timer?.cancel();
    timer = new CancellationScope();
    timer
      .run(async () => {
        await sleep(Math.max(1, at - Date.now()), { summary: `deadline of class ${name}` });
        expire({ type: 'DeadlineReached', message: `${which} came first` });
      })
      // It is stopped when the fan-out ends, the deadline is set anew or its time stands still: its only failure.
      .catch(() => undefined);
  };
  return {
    arm(at, join) {
      which =
        join !== undefined
          ? `the join's deadline of ${join} s`
          : which === undefined
            ? `the class deadline of ${deadlineSeconds} s`
            : `the deadline ${new Date(at).toISOString()}, which was set anew,`;
      if (standstill.reasons.length > 0) left = at - Date.now();
      else begin(at);
    },
    hold(reason) {
      if (!hold(standstill, reason, Date.now()) || !timer) return;
      left = deadline - Date.now();
      timer.cancel();
    },
    release(reason) {
      if (!release(standstill, reason, Date.now()) || left === undefined) return;
      begin(Date.now() + left);
      left = undefined;
    },
    check() {
      const used = usedUp(budgetOf(taskClass, steering), spentOf(ledger.spent));
      if (used !== undefined) expire({ type: 'LimitReached', message: `the task used its ${used}` });
    },
    reason: () => reason,
    stop: () => timer?.cancel(),
  };
}

/** Of the class's time, at least, for the fan-out: slow reading and planning must not leave it nothing. */
const LEAST_SHARE = 1 / 4;

/**
 * When a fan-out that begins now is to end, for a task whose first Activity began then; ms since the epoch. Time in which
 * the task stood still is added to the latter by the caller.
 */
function deadlineOf(
  { deadlineSeconds }: Pick<RequestClass, 'deadlineSeconds'>,
  firstActivityAt: number,
  now: number,
): number {
  const ms = deadlineSeconds * 1_000;
  return Math.max(firstActivityAt + ms, now + ms * LEAST_SHARE);
}

/** Whole seconds that are left, and which share of all there were. Below 0 when they are over. */
export interface TimeLeft {
  ofClass: { seconds: number; share: number };
  /** Absent where the join has no deadline of its own. */
  ofJoin?: { seconds: number; share: number };
}

/** What a task's first fan-out, which is over, left of its time, without what the task stood still. */
export function secondsLeft(
  {
    request,
    steering,
    standstill,
    entered,
    firstActivityAt = Date.now(),
  }: Pick<MasterState, 'request' | 'steering' | 'standstill' | 'entered' | 'firstActivityAt'>,
  join: JoinPolicy,
  now: number,
): TimeLeft {
  const own = (at: number): number => at - stoodStillWithin([standstill], 0, at);
  const left = (since: number, seconds: number) => {
    const ms = since + seconds * 1_000 - own(now);
    return { seconds: Math.floor(ms / 1_000), share: ms / (seconds * 1_000) };
  };
  const ofClass = left(own(firstActivityAt), deadlineSecondsOf(request.class, steering));
  const ownSeconds = join.kind === 'bestEffort' ? join.deadlineSeconds : undefined;
  if (ownSeconds === undefined) return { ofClass };
  // `entered` is the task's own time already.
  return { ofClass, ofJoin: left(entered.researching ?? own(now), ownSeconds + (steering.extended.seconds ?? 0)) };
}

/** When the deadline is, by the task's own time: without what it stood still. */
export function deadlineAt(
  { request, steering, standstill, entered }: Pick<MasterState, 'request' | 'steering' | 'standstill' | 'entered'>,
  firstActivityAt: number,
): number {
  const began = firstActivityAt - stoodStillWithin([standstill], 0, firstActivityAt);
  const left = { deadlineSeconds: deadlineSecondsOf(request.class, steering) };
  return deadlineOf(left, began, entered.researching ?? began);
}

/**
 * Sets the deadline of a fan-out that begins now; again, when people have moved it meanwhile. What the task stood still since its
 * first Activity does not count; what it did before, the deadline does not know of.
 */
export function deadlineSetter(
  { request, steering, standstill, firstActivityAt = Date.now() }: MasterState,
  clock: Pick<Clock, 'arm'>,
  join: JoinPolicy,
): () => void {
  const began = Date.now();
  return () => {
    const now = Date.now();
    const movedBy = (since: number): number => since + stoodStillWithin([standstill], since, now);
    const deadlineSeconds = deadlineSecondsOf(request.class, steering);
    // Taken down to what is past already, it is now: a moment before the task began says nothing to anybody.
    const at = Math.max(now, deadlineOf({ deadlineSeconds }, movedBy(firstActivityAt), movedBy(began)));
    // It counts from the fan-out's start, and what people add is added to it, too.
    const ownSeconds = join.kind === 'bestEffort' ? join.deadlineSeconds : undefined;
    const own = movedBy(began) + ((ownSeconds ?? Infinity) + (steering.extended.seconds ?? 0)) * 1_000;
    if (own < at) clock.arm(own, ownSeconds);
    else clock.arm(at);
  };
}
