// key-door.ts: who a request comes from, by its key or token; without any key in the store whoever is on loopback.

import { labelProblem } from '../../protocol/label.ts';
import type { Store } from '../../store/store.ts';
import { ProblemError } from '../wire/problems.ts';
import { LOCAL, type Caller } from './caller.ts';
import { jwtDoor, type JwtSettings } from './jwt-door.ts';
import { keyId } from './key-format.ts';
import { KeyRing } from './keys.ts';

/** Names the tenant that a key of all tenants acts for. */
const TENANT_HEADER = 'muster-tenant';

/**
 * Made for `createGateway({ authenticate })`.
 *
 * @param options.isLoopback whether only this machine reaches the gateway: then no key is needed until one is made.
 * @param options.jwt tokens of an identity provider count, too; then something is always needed. Default: keys alone.
 * @throws Error when the file of the provider's keys can't be read.
 */
export function keyDoor(
  store: Store,
  { isLoopback, jwt }: { isLoopback: boolean; jwt?: JwtSettings | undefined },
): (request: Request) => Promise<Caller | undefined> {
  const ring = new KeyRing(store);
  const byToken = jwt && jwtDoor(jwt);
  return async (request) => {
    const header = request.headers.get('authorization');
    if (header === null) return isLoopback && !byToken && !(await ring.areNeeded()) ? LOCAL : undefined;
    const shown = /^bearer +(\S+)$/i.exec(header.trim())?.[1];
    if (shown === undefined) return undefined;
    const caller = keyId(shown) === undefined ? await byToken?.(shown) : await byKey(ring, shown);
    return caller && { ...caller, tenant: tenantOf(caller, request.headers.get(TENANT_HEADER)) };
  };
}

async function byKey(ring: KeyRing, key: string): Promise<Caller | undefined> {
  const record = await ring.find(key);
  if (!record) return undefined;
  const { id, name, scopes, tenant, expiresAt } = record;
  return { tenant, name, scopes, keyId: id, ...(expiresAt === undefined ? {} : { until: expiresAt }) };
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
