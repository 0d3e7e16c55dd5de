// account.ts: books what one of the master's own steps used, however it ended: tokens, versions of prompts, and which model
// took a call over from another.

import { bookUsage } from '../protocol/books.ts';
import type { Account } from '../protocol/outcome.ts';
import { emitFailovers, type MasterContext } from './endings.ts';
import { accountOf } from './run-step.ts';

/** Books a step that succeeded. */
export function bookStep(
  { ledger, emit }: Pick<MasterContext, 'ledger' | 'emit'>,
  step: string,
  account: Account,
): void {
  bookUsage(ledger, account.usage);
  emitFailovers(ledger, emit, step, account, 0);
}

/** Books a step that failed or was cancelled, from its error. `stage` names it where the error does not. */
export function bookFailedStep(context: Pick<MasterContext, 'ledger' | 'emit'>, stage: string, error: unknown): void {
  const account = accountOf(error);
  if (account) bookStep(context, account.step ?? stage, account);
}
