// grants.ts: what of a task's budget is given to lives before they are sent to a worker, and what comes back. Pure running totals
// over integers and dollars: reserve, settle, hand over, refund. Who waits for a grant, and what follows, is grant-queue.ts.

import { type Amounts, left, least as smaller, share } from '../../protocol/budget.ts';
import type { LedgerTerms } from '../../protocol/plan.ts';

/** `first`: subtasks as they are planned or added. `further`: every life after a subtask's first, as hedges. */
export type Pool = 'first' | 'further';

/** Tokens and dollars that are counted. */
export type Money = Required<Pick<Amounts, 'tokens' | 'costUsd'>>;

/** What a life may still spend of its grant. */
interface Account {
  pool: Pool;
  rest: Money;
  /** The account that it came from, and that it goes back to. */
  parent?: string;
}

export interface Grants {
  terms: LedgerTerms;
  /** What subtasks in the background may spend behind the answer: it is theirs from the start. */
  kept: Money;
  /** Of each pool: what its lives spent, and what they may still spend. */
  used: Record<Pool, Money>;
  /** What all that is at work may still spend. */
  reserved: Money;
  /** By life, `s1/1`. */
  open: Record<string, Account>;
  /** How many of these. */
  openCount: number;
}

/** What a grant is judged by: the task's limits as they are by now, and what all of it has spent. */
export interface Standing {
  budget: Amounts;
  spent: Amounts;
  /** Subtasks of the first round that have not begun, the one that asks included; or of a further one, where one of that asks. */
  notBegun: number;
  /** Those that have not begun share what is left in equal parts. Default: in the first round. */
  isShared?: boolean;
}

const KINDS = ['tokens', 'costUsd'] as const;
/** Of the least that is of use: so much is enough for the last ones, once nobody is at work who could give something back. */
const LAST_PART = 1 / 4;

/** Fewer tokens are no sub-agent's turn. */
export const LEAST_TURN_TOKENS = 4_000;

/** Where the money of a life comes from that has this number; `isBehind`: its subtask follows the first round. */
export const poolOf = (generation: number, isBehind = false): Pool =>
  generation === 1 && !isBehind ? 'first' : 'further';

const nothing = (): Money => ({ tokens: 0, costUsd: 0 });

export const newGrants = (terms: LedgerTerms, kept: Amounts): Grants => ({
  terms,
  kept: { ...nothing(), ...kept },
  used: { first: nothing(), further: nothing() },
  reserved: nothing(),
  open: {},
  openCount: 0,
});

/** What a pool has left to give; an amount without a limit is absent. */
export function roomOf(grants: Grants, pool: Pool, { budget, spent, notBegun }: Standing): Amounts {
  const { terms, used, kept, reserved } = grants;
  const money = moneyIn(budget);
  const all = minus(minus(minus(share(money, terms.first + terms.further), used.first), used.further), kept);
  // What the first round leaves is there for all that follows it.
  const own =
    pool === 'first'
      ? minus(minus(share(money, terms.first), used.first), kept)
      : notBegun > 0
        ? minus(share(money, terms.further), used.further)
        : all;
  // Where the plan cost more than its part, the others have less.
  return smaller(smaller(own, all), minus(minus(minus(money, moneyIn(spent)), reserved), kept));
}

/**
 * What a life gets that wants so much: an equal part of what is left, but enough to be of use. Undefined where not even that is left.
 */
export function grantOf(grants: Grants, pool: Pool, wanted: Amounts, standing: Standing): Amounts | undefined {
  const room = roomOf(grants, pool, standing);
  const { terms } = grants;
  const { isShared = pool === 'first' } = standing;
  const whole = share(moneyIn(standing.budget), terms.first + terms.further);
  const given: Amounts = moneyIn(wanted);
  for (const kind of KINDS) {
    const there = room[kind];
    if (there === undefined) continue;
    const most = wanted[kind] ?? Infinity;
    const least = Math.min(terms.least[kind] ?? 0, most, whole[kind] ?? 0);
    const enough = grants.openCount > 0 ? least : least * LAST_PART;
    if (there <= 0 || there < enough) return undefined;
    const equal = isShared ? (share({ [kind]: there }, 1, standing.notBegun)[kind] ?? 0) : there;
    given[kind] = Math.min(most, there, Math.max(equal, least, kind === 'tokens' ? 1 : 0));
  }
  if (given.tokens !== undefined) given.tokens = Math.floor(given.tokens);
  return given;
}

/** Reserves this for a life that has nothing yet. */
export function reserve(grants: Grants, life: string, pool: Pool, given: Amounts): void {
  grants.open[life] = { pool, rest: nothing() };
  grants.openCount += 1;
  addTo(grants, life, given);
}

/** Reserves more for a life that has a grant. */
export function addTo(grants: Grants, life: string, more: Amounts): void {
  const account = accountOf(grants, life);
  if (!account) return;
  for (const kind of KINDS) move(grants, account, kind, more[kind] ?? 0);
}

/** A part of one life's grant becomes that of another, which is a subtask of its own. */
export function handOver(grants: Grants, from: string, to: string, amounts: Amounts): void {
  const parent = accountOf(grants, from);
  if (!parent || accountOf(grants, to)) return;
  reserve(grants, to, parent.pool, {});
  const child = grants.open[to]!;
  child.parent = from;
  for (const kind of KINDS) {
    const part = Math.min(parent.rest[kind], amounts[kind] ?? 0);
    parent.rest[kind] -= part;
    child.rest[kind] += part;
  }
}

/** A life spent this since it was last told: of its grant first, and above it out of what is left for others. */
export function settle(grants: Grants, life: string, spent: Amounts): void {
  const account = accountOf(grants, life);
  if (!account) return;
  for (const kind of KINDS) {
    const amount = spent[kind] ?? 0;
    const granted = Math.min(account.rest[kind], amount);
    account.rest[kind] -= granted;
    grants.reserved[kind] = Math.max(0, grants.reserved[kind] - granted);
    grants.used[account.pool][kind] += amount - granted;
  }
}

/** A life has ended: what it did not spend goes back to where it came from. */
export function refund(grants: Grants, life: string): void {
  const account = accountOf(grants, life);
  if (!account) return;
  delete grants.open[life];
  grants.openCount -= 1;
  const parent = account.parent === undefined ? undefined : accountOf(grants, account.parent);
  for (const kind of KINDS) {
    if (parent) parent.rest[kind] += account.rest[kind];
    else move(grants, account, kind, -account.rest[kind]);
  }
}

/** Ids come from Signals, too. */
export const accountOf = ({ open }: Grants, life: string): Account | undefined =>
  Object.hasOwn(open, life) ? open[life] : undefined;

function move(grants: Grants, account: Account, kind: keyof Money, amount: number): void {
  account.rest[kind] += amount;
  // Sums of dollars are not exact: none may end below nothing.
  grants.reserved[kind] = Math.max(0, grants.reserved[kind] + amount);
  grants.used[account.pool][kind] = Math.max(0, grants.used[account.pool][kind] + amount);
}

/** Tokens and dollars of it. */
export const moneyIn = ({ tokens, costUsd }: Amounts): Amounts => ({
  ...(tokens === undefined ? {} : { tokens }),
  ...(costUsd === undefined ? {} : { costUsd }),
});

const minus = (limits: Amounts, amounts: Amounts): Amounts => left(limits, amounts);
