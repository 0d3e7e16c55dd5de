// fan-out.ts: starts each subtask when what it needs is there, lets its lives work, and turns every ending into data.
// Decides nothing: what follows an ending is said by `decide` (coordinate.ts), where a visit goes by `visit` (pods.ts).
// The SDK's pieces are ports, so the whole of it is tested without a server.

import type { Failure } from '../protocol/failures.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Life, SubtaskState } from './state/tree.ts';

/** How a life ended. `stopped` is a cancellation, neither done nor failed; `isLeft`: it was enough without it. */
export type Ending =
  | Extract<Outcome, { status: 'done' | 'failed' }>
  | { status: 'failed' | 'skipped'; failure: Failure }
  | { status: 'stopped'; failure?: Failure; last?: Outcome; isLeft?: true };

/** What a visit may end with that asks for another visit. */
export type Unfinished = Exclude<Outcome, { status: 'done' | 'failed' }>;

/** What follows the end of a subtask's last life. `enough`, and why: what is at work is left behind. */
export type Verdict = 'go on' | 'another life' | { enough: string };

export interface FanOutPorts {
  /** One visit of a life to a worker and back. Throws what the SDK throws. */
  visit: (subtask: SubtaskState, life: Life) => Promise<Outcome>;
  /** Waits until this life may be visited again. Throws what the SDK throws. */
  waitForNext(subtask: SubtaskState, life: Life, outcome: Unfinished): Promise<void>;
  /** What an error that a visit or a wait threw means for its life; undefined for a bug of ours. */
  endingOf(error: unknown, subtask: SubtaskState): Ending | undefined;
  /** Work that can be cancelled alone, and is with all the rest. */
  cancellable<T>(work: () => Promise<T>): { done: Promise<T>; cancel: () => void };
  /** Whether a subtask that is not run here was done before, or failed and hands on. */
  wasMet(id: string): boolean;
  /** Whether a subtask that failed brought something for those that need it. */
  handsOn(id: string): boolean;
  /** A new life of this subtask, in the state of the task. */
  newLife(subtask: SubtaskState): Life;
  /**
   * Whether a subtask whose needs are met may begin: undefined when it may, a failure when it never may, a promise when that is known
   * later, which may throw what the SDK throws. Not asked for a life beside another. Default: each may.
   */
  admit?: (subtask: SubtaskState, life: Life) => Promise<Failure | undefined> | Failure | undefined;
  /** Nothing begins any more: who waits to be admitted goes on. */
  nothingMore?: () => void;
  onStart(subtask: SubtaskState, life: Life): void;
  /** What follows this ending of a subtask. Not asked any more once it was enough, or all were stopped. */
  decide(subtask: SubtaskState, ending: Ending): Verdict;
  /** A subtask's ending by this life, which is its last: folds it in. */
  onEnd(subtask: SubtaskState, life: Life, ending: Ending): void;
  /** A life that ended without deciding anything: another one was first, or goes on, or takes its place, or it was left behind. */
  onLost(subtask: SubtaskState, life: Life, ending: Ending): void;
}

export interface FanOut {
  /**
   * Runs these subtasks and returns when each has ended. One that is known already is only waited for. A failed subtask is
   * data; a bug is thrown once all the others have ended.
   */
  run: (subtasks: readonly SubtaskState[]) => Promise<void>;
  /**
   * Begins another life of a subtask that is at work, beside those that it has; false when it is not at work.
   * @param models to ask. Default: those of its plan.
   */
  startLife: (subtask: SubtaskState, models?: string[]) => boolean;
  /** As `run`, and until all that joined meanwhile have ended, too. Then the fan-out is over. */
  runAll: (subtasks: readonly SubtaskState[]) => Promise<void>;
  /** Whether something may still join. */
  isOpen: () => boolean;
  /** Keeps the fan-out open until this work has ended. */
  join: (work: () => Promise<void>) => void;
  /** Begins another life of a subtask that has ended; others that needed it do not begin again. */
  again: (subtask: SubtaskState) => void;
  /** Ends this subtask alone: its lives at once, or before it begins. */
  stop: (subtask: SubtaskState) => void;
  /** Ends all that is at work, and begins nothing more. */
  stopAll: () => void;
  /** Returns when lives that were outrun have ended, too: what they spent is known by then. */
  settled: () => Promise<void>;
}

export function fanOut(ports: FanOutPorts): FanOut {
  const endings = new Map<string, Promise<Ending>>();
  /** Subtasks at work: how to begin another life of them, and how to stop them. */
  const atWork = new Map<
    string,
    { begin: (models?: string[]) => void; stop: () => void; leave: (ending: Ending) => void }
  >();
  const working = new Set<Promise<void>>();
  /** What joined and has not ended. */
  const joined = new Set<Promise<void>>();
  /** Subtasks that were stopped alone, and have not begun again. */
  const stoppedAlone = new Set<string>();
  let isEnough = false;
  /** Why it was, where a join said so. */
  let enough: Failure | undefined;
  let isOver = false;

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

  async function runAll(subtasks: readonly SubtaskState[]): Promise<void> {
    await run(subtasks);
    while (joined.size > 0) await Promise.all(joined);
    isOver = true;
  }

  function join(work: () => Promise<void>): void {
    const ended = work().then(() => void joined.delete(ended));
    // A bug stays, and is thrown to who waits for all.
    ended.catch(() => undefined);
    joined.add(ended);
  }

  async function runOne(subtask: SubtaskState, life = subtask.lives.at(-1)): Promise<Ending> {
    if (!life) throw new Error(`${subtask.spec.id} has no life`);
    const unmet = await blockedBy(subtask);
    const asked = unmet || enough ? undefined : ports.admit?.(subtask, life);
    // Admitted, it begins in this very step: old histories have no other.
    const refused = asked && (await refusalOf(subtask, asked));
    // Another one that waited for the same may have decided just now.
    const blocked = enough ? left(enough) : (unmet ?? refused);
    if (blocked) {
      const verdict = verdictOn(subtask, blocked);
      ports.onEnd(subtask, life, blocked);
      leaveAllIfEnough(verdict);
      return blocked;
    }
    return await new Promise<Ending>((resolve, reject) => runLives(subtask, life, resolve, reject));
  }

  /** The ending of a subtask whose needs did not succeed. */
  async function blockedBy(subtask: SubtaskState): Promise<Ending | undefined> {
    for (const need of subtask.spec.needs) {
      const ending = await endings.get(need);
      if (!ending && ports.wasMet(need)) continue;
      if (ending?.status === 'stopped') return stopped(ending.failure);
      if (ending?.status === 'failed' && ports.handsOn(need)) continue;
      if (ending?.status !== 'done')
        return {
          status: 'skipped',
          failure: { type: 'NeedsFailed', message: `it needed ${need}, which did not succeed` },
        };
    }
    return isNotWanted(subtask) ? stopped() : undefined;
  }

  /** The ending of a subtask that nothing is left for. */
  async function refusalOf(
    subtask: SubtaskState,
    asked: Failure | Promise<Failure | undefined>,
  ): Promise<Ending | undefined> {
    try {
      const failure = await asked;
      if (failure) return { status: 'skipped', failure };
      return isNotWanted(subtask) ? stopped() : undefined;
    } catch (error) {
      const ending = ports.endingOf(error, subtask);
      if (!ending) throw error;
      return ending;
    }
  }

  const isNotWanted = ({ spec }: SubtaskState): boolean => isEnough || stoppedAlone.has(spec.id);

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
    const cancelAll = (): void => [...open.values()].forEach(({ cancel }) => cancel());

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
      const verdict = verdictOn(subtask, ending);
      if (verdict === 'another life' && !isEnough && ending.status !== 'stopped') {
        ports.onLost(subtask, life, ending);
        return begin(ports.newLife(subtask));
      }
      ports.onEnd(subtask, life, ending);
      isDecided = true;
      atWork.delete(id);
      cancelAll();
      resolve(ending);
      leaveAllIfEnough(verdict);
    };
    atWork.set(id, {
      begin(models) {
        const life = ports.newLife(subtask);
        if (models) life.models = models;
        begin(life);
      },
      stop: cancelAll,
      leave(ending) {
        const life = [...open.keys()].at(-1) ?? first;
        isDecided = true;
        atWork.delete(id);
        ports.onEnd(subtask, life, ending);
        cancelAll();
        resolve(ending);
      },
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

  /** Once it is enough, no ending decides anything. */
  const verdictOn = (subtask: SubtaskState, ending: Ending): Verdict =>
    isEnough ? 'go on' : ports.decide(subtask, ending);

  /** Waits for none of those at work: what they still bring is lost, and what they spent is known once they have settled. */
  function leaveAllIfEnough(verdict: Verdict): void {
    if (typeof verdict !== 'object') return;
    isEnough = true;
    enough = { type: 'Stopped', message: verdict.enough };
    ports.nothingMore?.();
    for (const { leave } of atWork.values()) leave(left(enough));
  }

  function stopAll(): void {
    isEnough = true;
    ports.nothingMore?.();
    for (const { stop } of atWork.values()) stop();
  }

  return {
    run,
    runAll,
    isOpen: () => !isOver && !isEnough,
    join,
    again(subtask) {
      const { id } = subtask.spec;
      stoppedAlone.delete(id);
      const ending = runOne(subtask, ports.newLife(subtask));
      endings.set(id, ending);
      join(async () => void (await ending));
    },
    stop({ spec: { id } }) {
      stoppedAlone.add(id);
      atWork.get(id)?.stop();
    },
    stopAll,
    startLife(subtask, models) {
      const known = atWork.get(subtask.spec.id);
      known?.begin(models);
      return known !== undefined;
    },
    async settled() {
      await Promise.allSettled(working);
    },
  };
}

const left = (failure: Failure): Ending => ({ status: 'stopped', failure, isLeft: true });
const stopped = (failure?: Failure): Ending => ({ status: 'stopped', ...(failure ? { failure } : {}) });
