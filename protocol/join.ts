// join.ts: when a fan-out is enough, and when a slow subtask gets a second life beside its first. The policies' names are permanent.

import { MAX_SUBTASKS_A_TASK } from './limits.ts';

/**
 * When the answer is written. A subtask counts when it was planned, or added by a person, the answer waits for it, and it brought
 * a finding or data; one that a sub-agent delegated never counts.
 */
export type JoinPolicy = (
  | {
      /** Waits for all until the class's deadline, then answers from what is there if at least `min` subtasks are done. */
      kind: 'bestEffort';
      min: number;
      /** Seconds from the start of the fan-out after which it waits no more. Default: the class's deadline alone. */
      deadlineSeconds?: number;
    }
  /** Each must count: the first that can't ends the task, which keeps what was found. */
  | { kind: 'all' }
  /** `k` are enough; of a smaller plan all. What is at work by then is left behind. */
  | { kind: 'quorum'; k: number }
  /** One is enough. */
  | { kind: 'first' }
) & { hedge?: Hedge };

/** A subtask that is slow gets a second life beside its first, which asks the next model first; the one that is done first counts. */
export interface Hedge {
  /**
   * So long after its start, in milliseconds. Default: when 95 of 100 subtasks of its class and kind were done, once 20 are known.
   */
  afterMs?: number;
}

/** Of the subtasks, rounded up: so many get a second life at most. */
export const HEDGED_SHARE = 0.1;

/** Ended subtasks that must be known before one counts as slow. */
export const LEAST_HEDGE_SAMPLES = 20;

/** How this request is joined: as it says itself, else as its class says. */
export function joinOf({
  join,
  hedge,
  class: row,
}: {
  join?: JoinPolicy;
  hedge?: Hedge;
  class: { join: JoinPolicy };
}): JoinPolicy {
  const asked = join ?? row.join;
  return hedge ? { ...asked, hedge } : asked;
}

/** Why this policy can't be asked for, in words; undefined when it can. */
export function joinProblem(
  join: JoinPolicy,
  { name, deadlineSeconds }: { name: string; deadlineSeconds: number },
): string | undefined {
  const afterMs = join.hedge?.afterMs;
  if (afterMs !== undefined && !isWhole(afterMs))
    return `the time before a second life is ${afterMs} ms; it must be a whole number above 0`;
  switch (join.kind) {
    case 'bestEffort': {
      const { min, deadlineSeconds: seconds } = join;
      // Classes of earlier versions may say 0, which is one all the same.
      if (!isWhole(min) && min !== 0) return `the join's min is ${min}; it must be a whole number above 0`;
      if (seconds !== undefined && !(seconds > 0 && seconds <= deadlineSeconds))
        return `the join's deadline is ${seconds} s; it must be above 0, and class ${name} allows ${deadlineSeconds}`;
      return undefined;
    }
    case 'quorum':
      return isWhole(join.k) && join.k <= MAX_SUBTASKS_A_TASK
        ? undefined
        : `the quorum is ${join.k}; it must be a whole number from 1 to ${MAX_SUBTASKS_A_TASK}`;
    case 'all':
    case 'first':
      return undefined;
    default: {
      const { kind } = join satisfies never as { kind: string };
      return `there is no join policy "${kind}"; there are bestEffort, all, quorum and first`;
    }
  }
}

const isWhole = (value: number): boolean => Number.isInteger(value) && value > 0;

/** In words: `quorum of 2`. */
export function joinInWords(join: JoinPolicy): string {
  switch (join.kind) {
    case 'bestEffort':
      return 'best effort';
    case 'quorum':
      return `quorum of ${join.k}`;
    case 'all':
    case 'first':
      return join.kind;
  }
}
