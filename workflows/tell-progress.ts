// tell-progress.ts: tells how far a task is, now and then. The SDK's pieces are ports, so it is tested without a server.

import type { ProgressTold } from '../protocol/background.ts';
import type { MasterState } from './state/state.ts';

export interface ProgressPorts {
  /** Waits. @throws what ends it */
  sleep(ms: number): Promise<void>;
  now(): number;
  tell(told: ProgressTold & { at: number }): Promise<void>;
}

/** Between two words of progress, at least; longer the longer the task takes, so that they are never many. */
const PROGRESS_MS = 60_000;
const PROGRESS_SHARE = 1 / 20;

/** Goes on until a port throws. */
export async function tellProgress(state: MasterState, ports: ProgressPorts): Promise<never> {
  let told = 0;
  for (;;) {
    await ports.sleep(Math.max(PROGRESS_MS, (ports.now() - state.acceptedAt) * PROGRESS_SHARE));
    if (state.percent === told) continue;
    told = state.percent;
    const { states } = state.tree.totals;
    await ports.tell({ percent: told, done: states.done ?? 0, of: state.tree.ids.length, at: ports.now() });
  }
}
