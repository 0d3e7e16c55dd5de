// fan-out.ts: starts each subtask when what it needs is there, and turns every ending into an outcome.
// Decides nothing about whether the outcomes are enough: that is coordinate.ts.
// The SDK's pieces are handed in, so the whole of it is tested without a server.

import type { PodOutput } from '../protocol/activities.ts';
import type { Failure } from '../protocol/failures.ts';
import type { Handle, Outcome } from '../protocol/outcome.ts';
import type { SubtaskState } from './state.ts';

/** How one subtask's part in the fan-out ended. `stopped` is a cancellation: neither done nor failed. */
export type Ending =
  | Extract<Outcome, { status: 'done' | 'failed' }>
  | { status: 'failed' | 'skipped'; failure: Failure }
  | { status: 'stopped'; failure?: Failure; last?: Outcome };

export interface FanOutPorts {
  /** Runs one visit of a subtask to a worker. Throws what the SDK throws. */
  runPod(subtask: SubtaskState): Promise<PodOutput>;
  /** Waits until each of these was answered or its time is over. */
  awaitAnswers(handles: readonly Handle[], subtask: SubtaskState): Promise<void>;
  /** Takes delegated subtasks in; returns those that may run, as the master knows them. */
  takeIn(subtask: SubtaskState, outcome: Extract<Outcome, { status: 'delegated' }>): SubtaskState[];
  /** Sleeps until a time in ms since the epoch. */
  sleepUntil(at: number, subtask: SubtaskState): Promise<void>;
  /** True when the error is a cancellation; then `podOf` may hold what the Activity said at the end. */
  isCancellation(error: unknown): boolean;
  podOf(error: unknown): PodOutput | undefined;
  /** What a Temporal failure says, as data; undefined when the error is a bug of ours. */
  failureOf(error: unknown): Failure | undefined;
  /** Why the fan-out was cancelled, when it was its own deadline and not the task's end. */
  deadline(): Failure | undefined;
  onStart(subtask: SubtaskState): void;
  onRetry(subtask: SubtaskState, outcome: Extract<Outcome, { status: 'retryAt' }>): void;
  onWait(subtask: SubtaskState, outcome: Extract<Outcome, { status: 'waiting' }>): void;
  onEnd(subtask: SubtaskState, ending: Ending): void;
}

/**
 * Runs all subtasks and returns when each has ended. A failed subtask is data; a bug is thrown once all the others
 * have ended; a cancellation ends subtasks as `stopped`, and the caller asks its own scope whether the task goes on.
 */
export async function fanOut(subtasks: readonly SubtaskState[], ports: FanOutPorts): Promise<void> {
  const endings = new Map<string, Promise<Ending>>();
  const runs = subtasks.map((subtask) => {
    // Entered in the plan's order on the first await, so a need is always found.
    const run = Promise.resolve().then(() => runOne(subtask, endings, ports));
    endings.set(subtask.spec.id, run);
    return run;
  });
  // Not Promise.all: the first bug would leave the others unobserved.
  const settled = await Promise.allSettled(runs);
  for (const run of settled) if (run.status === 'rejected') throw run.reason;
}

async function runOne(
  subtask: SubtaskState,
  endings: Map<string, Promise<Ending>>,
  ports: FanOutPorts,
): Promise<Ending> {
  const ending = await needsThenWork(subtask, endings, ports);
  ports.onEnd(subtask, ending);
  return ending;
}

async function needsThenWork(
  subtask: SubtaskState,
  endings: Map<string, Promise<Ending>>,
  ports: FanOutPorts,
): Promise<Ending> {
  for (const need of subtask.spec.needs) {
    const ending = await endings.get(need);
    if (ending?.status === 'stopped') return stopped(ports);
    if (ending?.status !== 'done') {
      return {
        status: 'skipped',
        failure: { type: 'NeedsFailed', message: `it needed ${need}, which did not succeed` },
      };
    }
  }
  ports.onStart(subtask);
  for (;;) {
    try {
      const outcome = (await ports.runPod(subtask)).outcomes.find((one) => one.subtask === subtask.spec.id);
      if (!outcome) throw new Error(`the pod gave no outcome for ${subtask.spec.id}`);
      if (outcome.status === 'done' || outcome.status === 'failed') return outcome;
      if (outcome.status === 'retryAt') {
        ports.onRetry(subtask, outcome);
        await ports.sleepUntil(outcome.at, subtask);
      } else if (outcome.status === 'waiting') {
        ports.onWait(subtask, outcome);
        await ports.awaitAnswers(outcome.handles, subtask);
      } else {
        await runDelegated(ports.takeIn(subtask, outcome), endings, ports);
      }
    } catch (error) {
      if (ports.isCancellation(error)) {
        const last = ports.podOf(error)?.outcomes.find((one) => one.subtask === subtask.spec.id);
        return last ? { ...stopped(ports), last } : stopped(ports);
      }
      const failure = ports.failureOf(error);
      if (!failure) throw error;
      return { status: 'failed', failure };
    }
  }
}

/** Runs subtasks that a subtask of its own asked for. One that runs already is only waited for. */
async function runDelegated(
  subtasks: readonly SubtaskState[],
  endings: Map<string, Promise<Ending>>,
  ports: FanOutPorts,
): Promise<void> {
  const runs = subtasks.map((subtask) => {
    const known = endings.get(subtask.spec.id);
    const run = known ?? runOne(subtask, endings, ports);
    endings.set(subtask.spec.id, run);
    return run;
  });
  const settled = await Promise.allSettled(runs);
  for (const run of settled) if (run.status === 'rejected') throw run.reason;
}

function stopped(ports: FanOutPorts): { status: 'stopped'; failure?: Failure } {
  const failure = ports.deadline();
  return failure ? { status: 'stopped', failure } : { status: 'stopped' };
}
