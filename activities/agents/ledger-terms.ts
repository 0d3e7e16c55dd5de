// ledger-terms.ts: how a task's budget is given out: which part is for what, and with how little a subtask is still of use, from the
// class history where that says so.

import type { RequestClass } from '../../protocol/classes.ts';
import { joinOf, LEAST_HEDGE_SAMPLES } from '../../protocol/join.ts';
import type { LedgerTerms, PlannedSubtask } from '../../protocol/plan.ts';
import { roundsOf } from '../../protocol/rounds.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import type { Store } from '../../store/store.ts';
import type { ModelPrices } from '../models/provider.ts';

/** Of the budget; the other quarter is for plan and answer. */
const FIRST = 0.6;
const FURTHER = 0.15;
/** Tokens without which a sub-agent hardly finds anything, where no history says: a few looks and its findings. */
const LEAST_TOKENS = 20_000;
/** Of a budget for less than two of those, each gets so much at once all the same. */
const LARGEST_GUESS = 1 / 2;
/** The newest rows that are looked at. */
const ROWS = 500;
/** So many of those that were done had enough with it. */
const SHARE = 0.9;

/** @param prices of the models to ask, first choice first: where that one's are known the least is told in dollars, too. */
export async function ledgerTerms(
  store: Pick<Store, 'outcomes'>,
  request: TaskRequest,
  planned: readonly Pick<PlannedSubtask, 'kind' | 'mode'>[],
  prices: readonly (ModelPrices | undefined)[],
): Promise<LedgerTerms> {
  const mayFollow = joinOf(request).hedge !== undefined || roundsOf(request) > 0;
  const parts = mayFollow ? { first: FIRST, further: FURTHER } : { first: FIRST + FURTHER, further: 0 };
  const { budget, subtask } = request.class;
  // Where nothing is scarce nobody asks.
  if (!budget) return { ...parts, least: { tokens: 0 } };
  const half = (amount = Infinity): number => amount * (FIRST + FURTHER) * LARGEST_GUESS;
  const guess = Math.min(LEAST_TOKENS, half(budget.tokens));
  const usual = await usualTokens(store, request.class, planned);
  const tokens = Math.floor(Math.min(subtask.tokens, usual ?? guess));
  const [price] = prices;
  // Most of what a sub-agent spends is what it reads again at each turn.
  const costUsd = price && Math.min((tokens * price.input) / 1e6, half(budget.costUsd));
  return { ...parts, least: { tokens, ...(costUsd === undefined ? {} : { costUsd }) } };
}

/** With how many nine of ten subtasks of these kinds were done; undefined where too few are known of one. */
async function usualTokens(
  store: Pick<Store, 'outcomes'>,
  { name }: RequestClass,
  planned: readonly Pick<PlannedSubtask, 'kind' | 'mode'>[],
): Promise<number | undefined> {
  const kinds = new Set(planned.filter(({ mode }) => mode === 'blocking').map(({ kind }) => kind));
  const most = await Promise.all(
    [...kinds].map(async (kind) => {
      const rows = await store.outcomes({ class: name, kind }, ROWS);
      const spent = rows.filter(({ ending }) => ending === 'done').map(({ tokens }) => tokens);
      if (spent.length < LEAST_HEDGE_SAMPLES) return undefined;
      return spent.sort((a, b) => a - b)[Math.ceil(spent.length * SHARE) - 1];
    }),
  );
  return most.some((one) => one === undefined) ? undefined : Math.max(...most.map((one) => one ?? 0));
}
