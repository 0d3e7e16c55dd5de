// account.ts: what the master's own steps say of themselves, whatever their end: what was spent, whose words asked, which
// model stepped in for another.

import type { Account } from '../protocol/outcome.ts';
import { tellFailovers, type Books } from './endings.ts';
import { accountOf } from './run-step.ts';
import { spend } from './state/ledger.ts';

/** Of a step of the master, which is told once. */
export function accountStep({ ledger, tell }: Pick<Books, 'ledger' | 'tell'>, step: string, said: Account): void {
  spend(ledger, said.usage);
  tellFailovers(ledger, tell, step, said, 0);
}

/** Of a step that failed or was cancelled: what it spent is spent. `stage` names it where it does not say its name. */
export function accountFailure(books: Pick<Books, 'ledger' | 'tell'>, stage: string, error: unknown): void {
  const said = accountOf(error);
  if (said) accountStep(books, said.step ?? stage, said);
}
