// grant-queue.ts: a subtask begins when a part of the budget is reserved for it: at once, when others give something back, or not at
// all when nobody can. In the order of asking. How much it gets is grants.ts's business.

import type { Amounts } from '../protocol/budget.ts';
import { counted } from '../protocol/counted.ts';
import type { Failure } from '../protocol/failures.ts';
import { accountOf, grantOf, moneyIn, poolOf, reserve, type Grants, type Standing } from './state/grants.ts';
import { standingOf, type Spender } from './state/money.ts';
import { lifeKey, type Life, type SubtaskState } from './state/tree.ts';

export interface GrantQueue {
  /** Undefined: it has a grant. A promise: it waits for one; why it gets none, when it is known. */
  ask: (subtask: SubtaskState, life: Life) => Promise<Failure | undefined> | Failure | undefined;
  /** Whether another life beside its own would get a grant now: such a one does not wait. */
  hasRoomBeside: (subtask: SubtaskState) => boolean;
  /** A life begins that did not ask: it gets what is left. */
  begins: (subtask: SubtaskState, life: Life) => void;
  /** Something came back, or the budget was changed. */
  serve: () => void;
  /** Nothing begins any more: who waits goes on without a grant, or throws this error. */
  close: (error?: unknown) => void;
}

interface Waiting {
  subtask: SubtaskState;
  life: Life;
  granted: (refusal?: Failure) => void;
  fail: (error: unknown) => void;
}

/** Where the ledger grants nothing, as in older histories, everything begins at once. */
const OPEN: GrantQueue = {
  ask: () => undefined,
  hasRoomBeside: () => true,
  begins: () => undefined,
  serve: () => undefined,
  close: () => undefined,
};

export const grantQueue = (task: Spender): GrantQueue =>
  task.ledger.grants ? queueOf(task, task.ledger.grants) : OPEN;

function queueOf(task: Spender, grants: Grants): GrantQueue {
  const waiting: Waiting[] = [];
  const hasGrant = (subtask: SubtaskState, life: Life): boolean =>
    accountOf(grants, lifeKey(subtask, life)) !== undefined;

  /** What it would get, if anything. */
  const forLife = (
    { spec, lives, isReask, round }: SubtaskState,
    generation: number,
    standing = standingOf(task),
  ): Amounts | undefined =>
    // One after the first is given no more than the first was.
    grantOf(
      grants,
      poolOf(generation, isReask || round !== undefined),
      { ...moneyIn(spec.limits), ...lives[0]?.grant },
      // What settles a conflict may have all that the first round left; a further round has its part, and no more.
      isReask
        ? { ...standing, notBegun: 0 }
        : round
          ? { ...standing, notBegun: Math.max(1, standing.notBegun), isShared: generation === 1 }
          : standing,
    );

  function give(subtask: SubtaskState, life: Life, given: Amounts): void {
    const isBehind = subtask.isReask || subtask.round !== undefined;
    reserve(grants, lifeKey(subtask, life), poolOf(life.generation, isBehind), given);
    life.grant = given;
  }

  function tryOne(subtask: SubtaskState, life: Life, standing?: Standing): boolean {
    const given = forLife(subtask, life.generation, standing);
    if (given) give(subtask, life, given);
    return given !== undefined;
  }

  function serve(): void {
    // Those that are served begin a moment later: by then the others still count as not begun.
    for (let served = 0, next = waiting[0]; next; served += 1, next = waiting[0]) {
      const { subtask, life, granted } = next;
      const standing = standingOf(task);
      if (tryOne(subtask, life, { ...standing, notBegun: standing.notBegun - served })) granted();
      // What is at work gives back what it did not need, when it ends; where nothing is, nobody ever will.
      else if (grants.openCount > 0) return;
      else granted(leftOut(standing));
      waiting.shift();
    }
  }

  return {
    ask(subtask, life) {
      // A delegated one has a part of its parent's grant.
      if (hasGrant(subtask, life)) return undefined;
      if (waiting.length === 0 && tryOne(subtask, life)) return undefined;
      const asked = new Promise<Failure | undefined>((granted, fail) => waiting.push({ subtask, life, granted, fail }));
      serve();
      return asked;
    },
    hasRoomBeside: (subtask) => waiting.length === 0 && forLife(subtask, 2) !== undefined,
    begins(subtask, life) {
      if (!hasGrant(subtask, life)) give(subtask, life, forLife(subtask, life.generation) ?? NOTHING);
    },
    serve,
    close(error) {
      for (const { granted, fail } of waiting.splice(0)) {
        if (error === undefined) granted();
        else fail(error);
      }
    },
  };
}

const NOTHING: Amounts = { tokens: 0 };

function leftOut({ budget: { tokens, costUsd } }: Standing): Failure {
  const all = [
    ...(tokens === undefined ? [] : [counted(tokens, 'token')]),
    ...(costUsd === undefined ? [] : [`${costUsd} dollars`]),
  ].join(' and ');
  return { type: 'LimitReached', message: `it was not begun: of the task's ${all} too little was left for it` };
}
