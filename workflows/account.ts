// account.ts: what steps and visits say of themselves, whatever they brought: what was spent, whose words asked, which
// model stepped in for another.

import type { Account } from '../protocol/outcome.ts';
import { addUsage } from '../protocol/usage.ts';
import { tell } from './progress.ts';
import { accountOf } from './run-step.ts';
import type { MasterState } from './state.ts';

/** Of a step of the master, which is told once. */
export function accountStep(state: MasterState, step: string, said: Account): void {
  state.stepUsage = addUsage(state.stepUsage, said.usage);
  accountModels(state, step, said, 0);
}

/** Of a step that failed or was cancelled: what it spent is spent. */
export function accountFailure(state: MasterState, error: unknown): void {
  const said = accountOf(error);
  if (said) accountStep(state, said.step ?? state.stage, said);
}

/** Prompts and failovers alone; the first `known` failovers were told before. */
export function accountModels(state: MasterState, where: string, said: Account, known: number): void {
  for (const prompt of said.prompts ?? []) if (!state.prompts.includes(prompt)) state.prompts.push(prompt);
  for (const { from, to, type: reason } of (said.failovers ?? []).slice(known)) {
    tell(state, { type: 'model.failover', subtask: where, from, to, reason });
    if (state.failovers.length < MAX_FAILOVERS) state.failovers.push({ where, from, to, reason });
  }
}

/** In the result; events tell all. */
const MAX_FAILOVERS = 100;
