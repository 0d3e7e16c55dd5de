// step-logs.ts: which logs a task's own steps have, for who reads them.

import type { TaskEvent } from './events.ts';
import { STEP_LOGS } from './names.ts';

/** By its events, each answer so far among them; one that is being written has no event yet, so one more is named. */
export function stepLogs(events: readonly TaskEvent[]): { subtask: string; generation: number }[] {
  const rounds = events.map((event) => (event.type === 'answer.so-far' ? event.round : 0));
  const soFar = rounds.reduce((most, round) => Math.max(most, round), 0) + 1;
  return Object.values(STEP_LOGS).flatMap((subtask) =>
    Array.from({ length: subtask === STEP_LOGS['answer so far'] ? soFar : 1 }, (_, at) => ({
      subtask,
      generation: at + 1,
    })),
  );
}
