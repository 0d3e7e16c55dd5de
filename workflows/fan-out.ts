// fan-out.ts: starts each subtask when what it needs is there, lets its lives work, and turns every ending into data.
// Decides nothing: what follows an ending is said by `decide` (coordinate.ts), where a visit goes by `visit` (pods.ts).
// The SDK's pieces are ports, so the whole of it is tested without a server.

import type { Failure } from '../protocol/failures.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Life, SubtaskState } from './state/tree.ts';

/** How a life ended. `stopped` is a cancellation: neither done nor failed. */
export type Ending =
  | Extract<Outcome, { status: 'done' | 'failed' }>
  | { status: 'failed' | 'skipped'; failure: Failure }
  | { status: 'stopped'; failure?: Failure; last?: Outcome };

/** What a visit may end with that asks for another visit. */
export type Unfinished = Exclude<Outcome, { status: 'done' | 'failed' }>;

/** What follows the end of a subtask's last life. `enough` stops all that is at work. */
export type Verdict = 'go on' | 'enough' | 'another life';

export interface FanOutPorts {
  /** One visit of a life to a worker and back. Throws what the SDK throws. */
  visit: (subtask: SubtaskState, life: Life) => Promise<Outcome>;
  /** Waits until this life may be visited again. Throws what the SDK throws. */
  waitForNext(subtask: SubtaskState, life: Life, outcome: Unfinished): Promise<void>;
  /** What an error that a visit or a wait threw means for its life; undefined for a bug of ours. */
  endingOf(error: unknown, subtask: SubtaskState): Ending | undefined;
  /** Work that can be cancelled alone, and is with all the rest. */
  cancellable<T>(work: () => Promise<T>): { done: Promise<T>; cancel: () => void };
  /** A new life of this subtask, in the state of the task. */
  newLife(subtask: SubtaskState): Life;
  onStart(subtask: SubtaskState, life: Life): void;
  /** What follows this ending of a subtask. Another life begins only as long as not all are stopped. */
  decide(subtask: SubtaskState, ending: Ending): Verdict;
  /** A subtask's ending by this life, which is its last: folds it in. */
  onEnd(subtask: SubtaskState, life: Life, ending: Ending): void;
  /** A life that ended without deciding anything: another one was first, or goes on, or takes its place. */
  onLost(subtask: SubtaskState, life: Life, ending: Ending): void;
}

export interface FanOut {
  /**
   * Runs these subtasks and returns when each has ended. One that is known already is only waited for. A failed subtask is
   * data; a bug is thrown once all the others have ended.
   */
  run: (subtasks: readonly SubtaskState[]) => Promise<void>;
  /** Begins another life of a subtask that is at work, beside those that it has; false when it is not at work. */
  startLife: (subtask: SubtaskState) => boolean;
  /** Returns when lives that were outrun have ended, too: what they spent is known by then. */
  settled: () => Promise<void>;
}

export function fanOut(ports: FanOutPorts): FanOut {
  const endings = new Map<string, Promise<Ending>>();
  /** Subtasks at work: how to begin another life of them, and how to stop them. */
  const atWork = new Map<string, { begin: () => void; stop: () => void }>();
  const working = new Set<Promise<void>>();
  let isEnough = false;

  async function run(subtasks: readonly SubtaskState[]): Promise<void> {
    const runs = subtasks.map((subtask) => {
      const { id } = subtask.spec;
      // Entered in the plan's order on the first await, so a need is always found.
      const ending = endings.get(id) ?? Promise.resolve().then(() => runOne(subtask));
      endings.set(id, ending);
      return ending;
    });
    // Not Promise.all: the first bug would leave the others unobserved.
    const settled = await Promise.allSettled(runs);
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
  }

  async function runOne(subtask: SubtaskState): Promise<Ending> {
    const [life] = subtask.lives;
    if (!life) throw new Error(`${subtask.spec.id} has no life`);
    const blocked = await blockedBy(subtask);
    if (blocked) {
      const verdict = ports.decide(subtask, blocked);
      ports.onEnd(subtask, life, blocked);
      if (verdict === 'enough') stopAll();
      return blocked;
    }
    return await new Promise<Ending>((resolve, reject) => runLives(subtask, life, resolve, reject));
  }

  /** The ending of a subtask whose needs did not succeed. */
  async function blockedBy({ spec }: SubtaskState): Promise<Ending | undefined> {
    for (const need of spec.needs) {
      const ending = await endings.get(need);
      if (ending?.status === 'stopped') return stopped(ending.failure);
      if (ending?.status !== 'done')
        return {
          status: 'skipped',
          failure: { type: 'NeedsFailed', message: `it needed ${need}, which did not succeed` },
        };
    }
    return isEnough ? stopped() : undefined;
  }

  /** Lets the lives of one subtask work until one is done or none is left. */
  function runLives(
    subtask: SubtaskState,
    first: Life,
    resolve: (ending: Ending) => void,
    reject: (bug: unknown) => void,
  ): void {
    const { id } = subtask.spec;
    const open = new Map<Life, { cancel: () => void }>();
    let isDecided = false;

    const begin = (life: Life): void => {
      ports.onStart(subtask, life);
      const { done, cancel } = ports.cancellable(() => visitUntilEnded(subtask, life));
      open.set(life, { cancel });
      const finished = done.then((ending) => onEnding(life, ending), reject).finally(() => working.delete(finished));
      working.add(finished);
    };
    const onEnding = (life: Life, ending: Ending): void => {
      open.delete(life);
      if (isDecided || (ending.status !== 'done' && open.size > 0)) return ports.onLost(subtask, life, ending);
      const verdict = ports.decide(subtask, ending);
      if (verdict === 'another life' && !isEnough && ending.status !== 'stopped') {
        ports.onLost(subtask, life, ending);
        return begin(ports.newLife(subtask));
      }
      ports.onEnd(subtask, life, ending);
      isDecided = true;
      atWork.delete(id);
      for (const { cancel } of open.values()) cancel();
      resolve(ending);
      if (verdict === 'enough') stopAll();
    };
    atWork.set(id, {
      begin: () => begin(ports.newLife(subtask)),
      stop: () => [...open.values()].forEach(({ cancel }) => cancel()),
    });
    begin(first);
  }

  async function visitUntilEnded(subtask: SubtaskState, life: Life): Promise<Ending> {
    for (;;) {
      try {
        const outcome = await ports.visit(subtask, life);
        if (outcome.status === 'done' || outcome.status === 'failed') return outcome;
        await ports.waitForNext(subtask, life, outcome);
      } catch (error) {
        const ending = ports.endingOf(error, subtask);
        if (!ending) throw error;
        return ending;
      }
    }
  }

  function stopAll(): void {
    isEnough = true;
    for (const { stop } of atWork.values()) stop();
  }

  return {
    run,
    startLife(subtask) {
      const known = atWork.get(subtask.spec.id);
      known?.begin();
      return known !== undefined;
    },
    async settled() {
      await Promise.allSettled(working);
    },
  };
}

const stopped = (failure?: Failure): Ending => ({ status: 'stopped', ...(failure ? { failure } : {}) });
