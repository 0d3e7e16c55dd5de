// ledger.ts: what a task spent, with which prompts and models, what of it reached no answer, and what is reserved for what is at
// work (grants.ts). Running totals: nothing is summed up anew. Whether a budget is spent is clock.ts's business.

import { bookUsage, type Books } from '../../protocol/books.ts';
import { spentOf } from '../../protocol/budget.ts';
import { MAX_REPORTS_A_RUN } from '../../protocol/limits.ts';
import type { Account } from '../../protocol/outcome.ts';
import type { Waste } from '../../protocol/result.ts';
import { NO_USAGE, usageSince } from '../../protocol/usage.ts';
import { settle, type Grants } from './grants.ts';
import { lifeKey, type Life, type SubtaskState } from './tree.ts';

export interface Ledger extends Books {
  wasted: Waste[];
  /** Of these, the tokens that the lives had not wasted themselves, by reason. */
  wastedBy: Partial<Record<Waste['reason'], number>>;
  /** Signals from sub-agents: how many came, and how many more those at work may send. */
  reports: { received: number; granted: number };
  /** What is reserved for lives at work; absent before the fan-out, and for plans of older workers. */
  grants?: Grants;
}

export const newLedger = (): Ledger => ({
  spent: NO_USAGE,
  wasted: [],
  wastedBy: {},
  prompts: [],
  failovers: [],
  notes: [],
  reports: { received: 0, granted: 0 },
});

/** Books the usage of a life, which is all that it spent so far: only what is new in it counts. */
export function bookLifeUsage(
  ledger: Ledger,
  subtask: Pick<SubtaskState, 'spec'>,
  life: Life,
  { usage }: Account,
): void {
  const since = usageSince(usage, life.usage);
  bookUsage(ledger, since);
  if (ledger.grants) settle(ledger.grants, lifeKey(subtask, life), spentOf(since));
  life.usage = usage;
}

/** Books a life whose work reaches no answer. */
export function bookWaste(
  ledger: Ledger,
  { spec, late, chosen }: Pick<SubtaskState, 'spec' | 'late' | 'chosen'>,
  life: Life,
): void {
  // A subtask that is begun once more is decided once more.
  if (life.isWaste) return;
  life.isWaste = true;
  const { generation, state, usage } = life;
  // The life that decides its subtask is none that another one outran.
  const isStopped = chosen === generation && state === 'stopped';
  const reason = late ? 'late' : isStopped ? 'stopped' : state === 'failed' ? 'replaced' : 'outrun';
  const { wastedTokens, costUsd } = usage;
  const { tokens } = spentOf(usage);
  ledger.wasted.push({ subtask: spec.id, generation, reason, tokens, ...(costUsd === undefined ? {} : { costUsd }) });
  ledger.wastedBy[reason] = (ledger.wastedBy[reason] ?? 0) + tokens - wastedTokens;
  // What it had wasted itself is counted already.
  bookUsage(ledger, { ...NO_USAGE, wastedTokens: tokens - wastedTokens });
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
