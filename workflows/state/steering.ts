// steering.ts: what people changed of a task that runs: what is paused, which room was added, what all were told. And the one
// line of numbers by which a visit and a command know which of them came first.

import { plus, type Amounts } from '../../protocol/budget.ts';
import type { RequestClass } from '../../protocol/classes.ts';

export interface Steering {
  /** The whole task is paused. */
  isPaused: boolean;
  /** Subtasks that are paused by themselves. */
  paused: Record<string, true>;
  /** Every sub-agent was told to finish. */
  isFinishing: boolean;
  /** Subtasks that a person stopped, and who. */
  stoppedBy: Record<string, string>;
  /** Who had the answer written before the fan-out had ended. */
  answerAskedBy?: string;
  /** Added to the task's deadline and budget; may be below zero. */
  extended: Amounts;
  /** Added to the limits of a life, by `s1/1`. */
  extendedLives: Record<string, Amounts>;
  /** What all were told, for who writes the answer; the last few. */
  notes: string[];
  /** The models to ask from now on, first choice first. */
  models?: string[];
  /** The highest number of a subtask that is not in the tree, or not yet: it runs in the background, or is being planned. */
  lastAdded: number;
  lastStamp: number;
}

export const newSteering = (): Steering => ({
  isPaused: false,
  paused: {},
  isFinishing: false,
  stoppedBy: {},
  extended: {},
  extendedLives: {},
  notes: [],
  lastAdded: 0,
  lastStamp: 0,
});

/** Whether no visit of this subtask may begin. Ids come from outside: a name like `constructor` is no subtask. */
export const isHeld = ({ isPaused, paused }: Steering, subtask: string): boolean =>
  isPaused || Object.hasOwn(paused, subtask);

/**
 * A number above all before: the time, so that it is also above those that a Reset took back. A pause counts for visits
 * with a lower number, whenever it reaches them.
 */
export function nextStamp(steering: Steering, now: number, atLeast = 0): number {
  return (steering.lastStamp = Math.max(steering.lastStamp + 1, now, atLeast));
}

/** What the task may spend by now; what has no limit gets none by an extension. */
export function budgetOf({ budget = {} }: RequestClass, { extended }: Steering): Amounts {
  const { tokens, costUsd } = plus(budget, extended);
  return {
    ...(budget.tokens === undefined || tokens === undefined ? {} : { tokens: Math.max(0, tokens) }),
    ...(budget.costUsd === undefined || costUsd === undefined ? {} : { costUsd: Math.max(0, costUsd) }),
  };
}

/** Seconds that the task has by now, from its first Activity on. */
export const deadlineSecondsOf = ({ deadlineSeconds }: RequestClass, { extended }: Steering): number =>
  deadlineSeconds + (extended.seconds ?? 0);
