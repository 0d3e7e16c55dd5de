// waiting.ts: what a life waits for between two visits: a time, or that it is paused no more (replies from outside: questions.ts;
// its own subtasks: delegation.ts). Waiting holds no worker and costs nothing.

import { condition, sleep } from '@temporalio/workflow';
import type { MasterState } from './state/state.ts';
import { isHeld } from './state/steering.ts';

/** Until a time in ms since the epoch. */
export async function waitUntil(at: number, subtask: string): Promise<void> {
  await sleep(Math.max(1, at - Date.now()), { summary: `${subtask} waits to try again` });
}

/** Until the task is paused no more: a step of the master begins then. */
export async function whilePaused({ steering }: Pick<MasterState, 'steering'>): Promise<void> {
  if (steering.isPaused) await condition(() => !steering.isPaused);
}

/** Begins work on a subtask once it is held no more. One that is not held begins in this very step: old histories have no other. */
export function onceNotHeld<T>(
  { steering }: Pick<MasterState, 'steering'>,
  subtask: string,
  work: () => Promise<T>,
): Promise<T> {
  if (!isHeld(steering, subtask)) return work();
  // Held again in between, it waits again.
  return condition(() => !isHeld(steering, subtask)).then(() => onceNotHeld({ steering }, subtask, work));
}
