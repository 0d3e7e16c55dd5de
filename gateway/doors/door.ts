// door.ts: lets a request in: who it is from, whether that is allowed to them, and whether it is one too many of theirs. The
// same for HTTP and WebSocket.

import type { Store } from '../../store/store.ts';
import { ProblemError } from '../wire/problems.ts';
import type { Caller, Scope } from './caller.ts';
import type { Outages } from './outages.ts';
import { RequestQuota } from './request-quota.ts';
import type { TenantLimits } from './tenant-accounts.ts';
import { redeemTicket } from './tickets.ts';

export type Authenticate = (request: Request) => Caller | undefined | Promise<Caller | undefined>;

export class Door {
  readonly #store: Store;
  readonly #authenticate: Authenticate;
  readonly #limitsOf: (tenant: string) => TenantLimits;
  readonly #quota: RequestQuota;
  readonly #outages: Outages;

  /** @param outages of the store alone: a task that has ended is read without a server. */
  constructor(store: Store, authenticate: Authenticate, limitsOf: (tenant: string) => TenantLimits, outages: Outages) {
    this.#outages = outages;
    this.#store = store;
    this.#authenticate = authenticate;
    this.#limitsOf = limitsOf;
    this.#quota = new RequestQuota(store);
  }

  /**
   * @param ticket stands for a key, where one may. Default: the request's own headers count.
   * @throws ProblemError (unauthorized, forbidden, too_many_requests, store_unavailable); StoreError; what `authenticate` throws.
   */
  async admit(request: Request, scope: Scope, ticket?: string): Promise<Caller> {
    // Keys, tickets and counts are in the store: where that stands still nobody waits for it here, either.
    return await this.#outages.during(this.#known(request, scope, ticket));
  }

  async #known(request: Request, scope: Scope, ticket: string | undefined): Promise<Caller> {
    const caller = ticket === undefined ? await this.#authenticate(request) : await redeemTicket(this.#store, ticket);
    if (!caller) throw unauthorized(ticket === undefined ? undefined : 'this ticket is not good, or not any more');
    if (!caller.scopes.includes(scope)) throw new ProblemError('forbidden', `this needs the scope ${scope}`);
    await this.count(caller);
    return caller;
  }

  /** One more request of theirs. @throws ProblemError (too_many_requests); StoreError. */
  async count({ tenant }: Caller): Promise<void> {
    const { requestsPerMinute } = this.#limitsOf(tenant);
    if (requestsPerMinute !== undefined) await this.#quota.take(tenant, requestsPerMinute);
  }
}

export const unauthorized = (detail = 'send a key: Authorization: Bearer …'): ProblemError =>
  new ProblemError('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer' } });
