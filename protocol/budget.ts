// budget.ts: what may be spent and what was: the one sum for a turn's limits, a subtask's tokens, what a parent gives to
// its children, and a task's whole budget. Pure; amounts without a limit are absent.

import { counted } from './counted.ts';
import type { Usage } from './usage.ts';

/** Amounts of what a budget counts. As a limit an absent one has no end; as spending it is zero. */
export interface Amounts {
  /** Input plus output tokens. */
  tokens?: number;
  /** Dollars, where prices are known. */
  costUsd?: number;
  /** Model calls. */
  turns?: number;
  /** Seconds of work. */
  seconds?: number;
}

const KINDS = ['turns', 'tokens', 'seconds', 'costUsd'] as const satisfies readonly (keyof Amounts)[];

const WORDS: Readonly<Record<keyof Amounts, (limit: number) => string>> = {
  turns: (limit) => counted(limit, 'turn'),
  tokens: (limit) => counted(limit, 'token'),
  seconds: (limit) => `${limit} s of work`,
  costUsd: (limit) => `${limit} dollars`,
};

/** Tokens and dollars of this usage. */
export function spentOf({
  inputTokens,
  outputTokens,
  costUsd = 0,
}: Usage): Required<Pick<Amounts, 'tokens' | 'costUsd'>> {
  return { tokens: inputTokens + outputTokens, costUsd };
}

/** Sum of two amounts. */
export function plus(a: Amounts, b: Amounts): Amounts {
  return each((kind) => (a[kind] === undefined && b[kind] === undefined ? undefined : (a[kind] ?? 0) + (b[kind] ?? 0)));
}

/** What is left of the limits, never below zero. */
export function left(limits: Amounts, spent: Amounts): Amounts {
  return each((kind) => {
    const limit = limits[kind];
    return limit === undefined ? undefined : Math.max(0, limit - (spent[kind] ?? 0));
  });
}

/** This share of each amount, for one of `among`; whole tokens and turns. */
export function share(amounts: Amounts, part: number, among = 1): Amounts {
  return each((kind) => {
    const amount = amounts[kind];
    if (amount === undefined) return undefined;
    const one = (amount * part) / Math.max(1, among);
    return kind === 'tokens' || kind === 'turns' ? Math.floor(one) : one;
  });
}

/** The smaller of each. */
export function least(a: Amounts, b: Amounts): Amounts {
  return each((kind) => {
    const smaller = Math.min(a[kind] ?? Infinity, b[kind] ?? Infinity);
    return smaller === Infinity ? undefined : smaller;
  });
}

/** What was used up, in words (`60000 tokens`); undefined while something is left of every limit. */
export function usedUp(limits: Amounts, spent: Amounts): string | undefined {
  const kind = KINDS.find((one) => reached(limits, spent, one, 1));
  return kind && WORDS[kind](limits[kind] ?? 0);
}

/** Share of a limit after which work should come to its end, so that what was paid for still becomes an answer. */
const WIND_UP = 0.75;

/** Whether tokens, seconds or dollars are so far spent that the next turn should give the output. Turns: see the loop. */
export function windsUp(limits: Amounts, spent: Amounts): boolean {
  return KINDS.some((kind) => kind !== 'turns' && reached(limits, spent, kind, WIND_UP));
}

function reached(limits: Amounts, spent: Amounts, kind: keyof Amounts, part: number): boolean {
  const limit = limits[kind];
  return limit !== undefined && (spent[kind] ?? 0) >= limit * part;
}

function each(amount: (kind: keyof Amounts) => number | undefined): Amounts {
  const amounts: Amounts = {};
  for (const kind of KINDS) {
    const value = amount(kind);
    if (value !== undefined) amounts[kind] = value;
  }
  return amounts;
}
