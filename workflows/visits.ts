// visits.ts: a life's way to a worker: it waits while its subtask is held, and goes once more where another visit had its log.
// The SDK's pieces are ports, so the whole of it is tested without a server.

import type { Outcome } from '../protocol/outcome.ts';
import type { Life, SubtaskState } from './state/tree.ts';

export interface VisitPorts {
  /** One visit; undefined where a later one has the life's log. Throws what the SDK throws. */
  send(subtask: SubtaskState, life: Life): Promise<Outcome | undefined>;
  /** Begins this work once the subtask is held no more: in this very step where it is not. */
  onceNotHeld<T>(subtask: SubtaskState, life: Life, work: () => Promise<T>): Promise<T>;
  /** Counts the work as under way until it ends; the same promise. One that is held is not under way. */
  counted<T>(work: Promise<T>): Promise<T>;
  /** Waits so long. Throws what the SDK throws. */
  pause(subtask: SubtaskState, ms: number): Promise<void>;
}

/** One visit of a life that counts. Throws what the SDK throws. */
export async function visitOnce(ports: VisitPorts, subtask: SubtaskState, life: Life): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await ports.onceNotHeld(subtask, life, () => ports.counted(ports.send(subtask, life)));
    if (outcome) return outcome;
    // Another visit has its log, left over from before a Reset for one. The next outranks it, sooner or later.
    await ports.counted(ports.pause(subtask, Math.min(MAX_PAUSE_MS, tries * PAUSE_MS)));
  }
}

/** Between visits whose log another visit had claimed: a second more each time. */
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
