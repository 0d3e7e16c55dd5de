// ledger.ts: what a task spent, with which prompts and models, and what of it reached no answer. Running totals: nothing is
// summed up anew. Decides nothing: whether a budget is spent is clock.ts's business.

import { spentOf } from '../../protocol/budget.ts';
import { MAX_REPORTS_A_RUN } from '../../protocol/limits.ts';
import type { Account } from '../../protocol/outcome.ts';
import type { ModelFailover, Waste } from '../../protocol/result.ts';
import { addUsage, NO_USAGE, usageSince, type Usage } from '../../protocol/usage.ts';
import type { Life } from './tree.ts';

export interface Ledger {
  /** Of all steps and all lives of all subtasks. */
  spent: Usage;
  wasted: Waste[];
  prompts: string[];
  failovers: ModelFailover[];
  notes: string[];
  /** Signals from sub-agents: how many came, and how many more those at work may send. */
  reports: { received: number; granted: number };
}

export const newLedger = (): Ledger => ({
  spent: NO_USAGE,
  wasted: [],
  prompts: [],
  failovers: [],
  notes: [],
  reports: { received: 0, granted: 0 },
});

export function bookUsage(ledger: Ledger, usage: Usage): void {
  ledger.spent = addUsage(ledger.spent, usage);
}

/** Books the usage of a life, which is all that it spent so far: only what is new in it counts. */
export function bookLifeUsage(ledger: Ledger, life: Life, { usage }: Account): void {
  bookUsage(ledger, usageSince(usage, life.usage));
  life.usage = usage;
}

/** Books a life whose work reaches no answer. */
export function bookWaste(ledger: Ledger, subtask: string, { generation, state, usage }: Life): void {
  const reason = state === 'failed' ? 'replaced' : 'outrun';
  const { wastedTokens, costUsd } = usage;
  const { tokens } = spentOf(usage);
  ledger.wasted.push({ subtask, generation, reason, tokens, ...(costUsd === undefined ? {} : { costUsd }) });
  // What it had wasted itself is counted already.
  bookUsage(ledger, { ...NO_USAGE, wastedTokens: tokens - wastedTokens });
}

/** Failovers in the result; all of them are events. */
const MAX_FAILOVERS = 100;
const MAX_NOTES = 20;

/** The failovers of an account after the first `known`, which were kept before. */
export const newFailovers = (where: string, { failovers = [] }: Account, known: number): ModelFailover[] =>
  failovers.slice(known).map(({ from, to, type }) => ({ where, from, to, reason: type }));

/** Keeps prompts and notes that are not kept yet, and these failovers. */
export function keepAccount(ledger: Ledger, account: Account, failovers: readonly ModelFailover[]): void {
  for (const note of account.notes ?? [])
    if (ledger.notes.length < MAX_NOTES && !ledger.notes.includes(note)) ledger.notes.push(note);
  for (const prompt of account.prompts ?? []) if (!ledger.prompts.includes(prompt)) ledger.prompts.push(prompt);
  ledger.failovers.push(...failovers.slice(0, MAX_FAILOVERS - ledger.failovers.length));
}

/**
 * Grants Signals for one pod out of what the run may still have: half of the rest in equal parts, so that subtasks that
 * are delegated later find some. A pod of several seats gets one for each seat's ending first.
 * @param open subtasks that have not ended.
 */
export function grantReports({ reports }: Ledger, seats: number, open: number): number {
  const rest = MAX_REPORTS_A_RUN - reports.received - reports.granted;
  const equal = Math.floor((rest / 2 / Math.max(1, open)) * seats);
  const grant = Math.max(0, Math.min(rest, Math.max(equal, seats)));
  reports.granted += grant;
  return grant;
}

/** A pod's end gives back what it was granted and did not send. */
export function returnReports({ reports }: Ledger, grant: number): void {
  reports.granted = Math.max(0, reports.granted - grant);
}
