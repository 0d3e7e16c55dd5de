// so-far-grant.ts: what answers so far may spend: of a task's budget what is neither spent nor reserved for what is at work, nor the
// part of its plan and its own answer. It is reserved while one is written, as a life's grant is.

import { left, share, spentOf, type Amounts } from '../../protocol/budget.ts';
import { STEP_LOGS } from '../../protocol/names.ts';
import type { Usage } from '../../protocol/usage.ts';
import { LEAST_TURN_TOKENS, refund, reserve, roomOf, settle } from './grants.ts';
import { standingOf, type Spender } from './money.ts';

/** Of the budget, for plans of older workers, which reserve nothing: the rest stays for plan and answer. */
const SHARE = 3 / 4;

/** What the next one may spend; an amount without a limit is absent. Undefined where too little is left for one. */
export function roomForAnswerSoFar(task: Spender): Amounts | undefined {
  const { grants } = task.ledger;
  const standing = standingOf(task);
  if (!grants) {
    const rest = left(share(standing.budget, SHARE), standing.spent);
    return Object.values(rest).includes(0) ? undefined : rest;
  }
  const room = roomOf(grants, 'further', standing);
  const { tokens = Infinity, costUsd = Infinity } = room;
  return tokens >= LEAST_TURN_TOKENS && costUsd > 0 ? room : undefined;
}

/** Reserves it for the one of this number. @returns gives back what that one did not spend, once it has ended. */
export function reserveAnswerSoFar(
  { ledger: { grants } }: Spender,
  round: number,
  room: Amounts,
): (spent: Usage | undefined) => void {
  if (!grants) return () => undefined;
  const key = `${STEP_LOGS['answer so far']}/${round}`;
  reserve(grants, key, 'further', room);
  return (usage) => {
    if (usage) settle(grants, key, spentOf(usage));
    refund(grants, key);
  };
}
