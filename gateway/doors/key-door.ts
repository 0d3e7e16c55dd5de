// key-door.ts: who a request comes from, by its key; without any key in the store whoever is on loopback.

import { labelProblem } from '../../protocol/label.ts';
import type { Store } from '../../store/store.ts';
import { ProblemError } from '../wire/problems.ts';
import { LOCAL, type Caller } from './caller.ts';
import { KeyRing } from './keys.ts';

/** Names the tenant that a key of all tenants acts for. */
const TENANT_HEADER = 'muster-tenant';

/**
 * Made for `createGateway({ authenticate })`.
 * @param isLoopback whether only this machine reaches the gateway: then no key is needed until one is made.
 */
export function keyDoor(
  store: Store,
  { isLoopback }: { isLoopback: boolean },
): (request: Request) => Promise<Caller | undefined> {
  const ring = new KeyRing(store);
  return async (request) => {
    const header = request.headers.get('authorization');
    if (header === null) return isLoopback && !(await ring.areNeeded()) ? LOCAL : undefined;
    const key = /^bearer +(\S+)$/i.exec(header.trim())?.[1];
    const record = key === undefined ? undefined : await ring.find(key);
    if (!record) return undefined;
    const { name, scopes } = record;
    return { name, scopes, tenant: tenantOf(record, request.headers.get(TENANT_HEADER)) };
  };
}

/** @throws ProblemError (forbidden, header_invalid). */
function tenantOf({ tenant, scopes }: { tenant: string; scopes: readonly string[] }, asked: string | null): string {
  if (asked === null || asked === tenant) return tenant;
  if (!scopes.includes('tenant:*'))
    throw new ProblemError('forbidden', 'this key acts for one tenant; leave Muster-Tenant out');
  const problem = labelProblem('tenant', asked);
  if (problem) throw new ProblemError('header_invalid', problem);
  return asked;
}
