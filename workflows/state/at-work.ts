// at-work.ts: when a subtask's own time stands still: while no life of it is at work, since each is paused, waits for a person or
// has ended. No clock here: the caller passes the time.

import { hold, newStandstill, release } from './standstill.ts';
import { isEnded, type Life, type SubtaskState } from './tree.ts';

/** This life is paused, or waits for a person. */
export function standStill(subtask: SubtaskState, life: Life, now: number): void {
  life.standsStill = true;
  lookAgain(subtask, now);
}

/** This life begins, or goes on. */
export function goOn(subtask: SubtaskState, life: Life, now: number): void {
  delete life.standsStill;
  lookAgain(subtask, now);
}

/** To be called when a life of it has ended, too. */
export function lookAgain(subtask: SubtaskState, now: number): void {
  const standstill = (subtask.standstill ??= newStandstill());
  const isAtWork = subtask.lives.some(({ state, standsStill }) => !isEnded(state) && !standsStill);
  if (isAtWork) release(standstill, 'paused', now);
  else hold(standstill, 'paused', now);
}
