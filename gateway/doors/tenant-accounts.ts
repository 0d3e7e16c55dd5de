// tenant-accounts.ts: which tasks of a tenant run, and what they have spent by now, as one small record a tenant, changed by
// compare-and-set, so that the limits hold over all gateways together. Only tenants with such limits have one.

import type { Store } from '../../store/store.ts';
import { ProblemError } from '../wire/problems.ts';

export interface TenantLimits {
  requestsPerMinute?: number | undefined;
  /** Tasks that have not ended. */
  running?: number | undefined;
  /** Input plus output, of tasks that ended on this day (UTC), and of those that run, as far as they have come. */
  tokensPerDay?: number | undefined;
  /** Bytes of files that are sent on a day (UTC). */
  uploadBytesPerDay?: number | undefined;
}

/** What became of a task: it was never started, it is open, or it has ended; and how many tokens it has spent. */
export type Standing = 'unknown' | { isOpen: boolean; tokens: number };

interface Account {
  /** Tasks that were not seen to have ended, when they were started (ms since the epoch), and what they had spent when last seen. */
  open: [taskId: string, at: number, tokens?: number][];
  day: string;
  tokens: number;
}

const KIND = 'tenant-account';
const DAY_MS = 86_400_000;
/** Longer than a task can be open. */
const KEPT_MS = 80 * DAY_MS;
/** A start whose gateway died before Temporal had it holds its place no longer. */
const STARTING_MS = 60_000;
const SETTLE_MS = 1_000;
const ASKED_AT_ONCE = 16;

export class TenantAccounts {
  readonly #store: Store;
  readonly #standingOf: (taskId: string, tenant: string) => Promise<Standing>;
  readonly #now: () => number;
  readonly #settled = new Map<string, { at: number; done: Promise<void> }>();
  readonly #changing = new Map<string, Promise<unknown>>();

  constructor(
    store: Store,
    standingOf: (taskId: string, tenant: string) => Promise<Standing>,
    now: () => number = Date.now,
  ) {
    this.#store = store;
    this.#standingOf = standingOf;
    this.#now = now;
  }

  /**
   * Takes a place for a task that is about to be started; one that has a place already needs no other.
   * @returns whether this took one.
   * @throws ProblemError (too_many_tasks, tokens_spent) with Retry-After; StoreError.
   */
  async open(
    tenant: string,
    taskId: string,
    { running: most = Infinity, tokensPerDay = Infinity }: TenantLimits,
  ): Promise<boolean> {
    let took = false;
    if (tokensPerDay < Infinity) await this.#settle(tenant);
    const add = (account: Account): ProblemError | undefined => {
      took = !account.open.some(([id]) => id === taskId);
      if (!took) return undefined;
      const running = account.open.reduce((sum, [, , tokens = 0]) => sum + tokens, 0);
      if (account.tokens + running >= tokensPerDay) return this.#spent(tokensPerDay);
      if (account.open.length >= most) return tooMany(most);
      account.open.push([taskId, this.#now()]);
      return undefined;
    };
    let refusal = await this.#change(tenant, add);
    if (refusal?.code === 'too_many_tasks' && (await this.#settle(tenant))) refusal = await this.#change(tenant, add);
    if (refusal) throw refusal;
    return took;
  }

  /** Gives the place back of a task that was not started. */
  async forget(tenant: string, taskId: string): Promise<void> {
    await this.#change(tenant, (account) => {
      account.open = account.open.filter(([id]) => id !== taskId);
      return undefined;
    });
  }

  /** Says which task it was that a place was taken for. */
  async name(tenant: string, place: string, taskId: string): Promise<void> {
    await this.#change(tenant, (account) => {
      account.open = account.open.map(([id, ...rest]) => [id === place ? taskId : id, ...rest]);
      return undefined;
    });
  }

  /** Closes what has ended, and sees what the others have spent, at most once a second a tenant; true when it looked. */
  async #settle(tenant: string): Promise<boolean> {
    const known = this.#settled.get(tenant);
    if (known && this.#now() - known.at < SETTLE_MS) {
      await known.done;
      return false;
    }
    const done = this.#lookAtOpen(tenant);
    this.#settled.set(tenant, { at: this.#now(), done });
    done.catch(() => this.#settled.delete(tenant));
    await done;
    return true;
  }

  async #lookAtOpen(tenant: string): Promise<void> {
    const found = await this.#store.getRecord(KIND, tenant);
    const { open } = found ? (JSON.parse(found.value) as Account) : { open: [] };
    const seen = new Map<string, { isOpen: boolean; tokens: number }>();
    for (let at = 0; at < open.length; at += ASKED_AT_ONCE) {
      const some = open.slice(at, at + ASKED_AT_ONCE).map(async ([taskId, startedAt]) => {
        const standing = await this.#standingOf(taskId, tenant);
        if (standing !== 'unknown') seen.set(taskId, standing);
        else if (this.#now() - startedAt > STARTING_MS) seen.set(taskId, { isOpen: false, tokens: 0 });
      });
      await Promise.all(some);
    }
    // In one change: what another gateway closed meanwhile is not counted again.
    await this.#change(tenant, (account) => {
      const open: Account['open'] = [];
      for (const [taskId, at, before = 0] of account.open) {
        const { isOpen, tokens } = seen.get(taskId) ?? { isOpen: true, tokens: before };
        // Where nobody could say how far it has come, it is as far as before.
        if (isOpen) open.push([taskId, at, Math.max(before, tokens)]);
        else account.tokens += tokens;
      }
      account.open = open;
      return undefined;
    });
  }

  /** One change after the other in this process; against other processes by compare-and-set. */
  async #change(
    tenant: string,
    change: (account: Account) => ProblemError | undefined,
  ): Promise<ProblemError | undefined> {
    const before = this.#changing.get(tenant) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => this.#write(tenant, change));
    this.#changing.set(tenant, mine);
    return await mine.finally(() => {
      if (this.#changing.get(tenant) === mine) this.#changing.delete(tenant);
    });
  }

  async #write(
    tenant: string,
    change: (account: Account) => ProblemError | undefined,
  ): Promise<ProblemError | undefined> {
    for (;;) {
      const found = await this.#store.getRecord(KIND, tenant);
      const day = new Date(this.#now()).toISOString().slice(0, 10);
      const kept = found && (JSON.parse(found.value) as Account);
      const account: Account = { open: kept?.open ?? [], day, tokens: kept?.day === day ? kept.tokens : 0 };
      const refusal = change(account);
      if (refusal) return refusal;
      const text = JSON.stringify(account);
      if (text === found?.value) return undefined;
      if (await this.#store.setRecord(KIND, tenant, text, { version: found?.version ?? 0, ttlMs: KEPT_MS }))
        return undefined;
    }
  }

  #spent(tokensPerDay: number): ProblemError {
    const seconds = Math.ceil((DAY_MS - (this.#now() % DAY_MS)) / 1_000);
    return new ProblemError('tokens_spent', `the tasks of this tenant may spend ${tokensPerDay} tokens a day`, {
      headers: { 'retry-after': String(seconds) },
    });
  }
}

const tooMany = (running: number): ProblemError =>
  new ProblemError('too_many_tasks', `${running} tasks of this tenant run, which is what it may have at once`);
