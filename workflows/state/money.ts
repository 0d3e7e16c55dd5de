// money.ts: how a task's budget stands: what it may spend by now, what it spent, what is reserved, what is left. Read from the running
// totals of ledger and grants; decides nothing.

import { left, plus, spentOf, type Amounts } from '../../protocol/budget.ts';
import type { TaskMoney } from '../../protocol/progress.ts';
import { moneyIn, newGrants, type Standing } from './grants.ts';
import type { MasterState } from './state.ts';
import { budgetOf } from './steering.ts';

/** What a grant is judged by. */
export type Spender = Pick<MasterState, 'ledger' | 'tree' | 'steering' | 'request'>;

/** The fan-out begins: from now on its lives get their parts of the budget, where the plan says how. */
export function openGrants({ ledger, plan, background }: Pick<MasterState, 'ledger' | 'plan' | 'background'>): void {
  // Once a task: a second fan-out draws on what the first one left.
  if (!plan?.ledger || ledger.grants) return;
  ledger.grants = newGrants(
    plan.ledger,
    background.reduce<Amounts>((sum, { limits }) => plus(sum, moneyIn(limits)), {}),
  );
}

/** How the task's budget stands just now. */
export const standingOf = ({ ledger, tree, steering, request }: Spender): Standing => ({
  budget: budgetOf(request.class, steering),
  spent: spentOf(ledger.spent),
  notBegun: tree.totals.states.planned ?? 0,
});

/** A task's money as people see it. */
export function moneyOf(task: Spender): TaskMoney {
  const { budget, spent } = standingOf(task);
  const reserved = task.ledger.grants?.reserved ?? { tokens: 0, costUsd: 0 };
  return { spent: moneyIn(spent), reserved: { ...reserved }, left: left(left(budget, spent), reserved) };
}
