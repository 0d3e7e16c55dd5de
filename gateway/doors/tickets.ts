// tickets.ts: a ticket opens the stream of one task once, within a minute. A browser's EventSource and WebSocket send no
// headers, and a key in an address would be kept by proxies, logs and histories.

import { randomBytes } from 'node:crypto';
import { sha256 } from '../../protocol/schemas/hash.ts';
import type { Store } from '../../store/store.ts';
import type { Caller } from './caller.ts';

const KIND = 'stream-ticket';
const GOOD_MS = 60_000;
const SHAPE = /^st_[\w-]{32}$/;

interface Kept {
  taskId: string;
  caller: Pick<Caller, 'tenant' | 'name' | 'keyId' | 'until'>;
}

/** @returns the ticket, of which the store has the hash alone. @throws StoreError */
export async function createTicket(
  store: Store,
  taskId: string,
  { tenant, name, keyId, until }: Caller,
): Promise<{ ticket: string; expiresAt: number }> {
  // 192 bits: no other one is the same.
  const ticket = `st_${randomBytes(24).toString('base64url')}`;
  const caller = { tenant, name, ...(keyId === undefined ? {} : { keyId }), ...(until === undefined ? {} : { until }) };
  const kept: Kept = { taskId, caller };
  const expiresAt = Date.now() + GOOD_MS;
  await store.setRecord(KIND, sha256(ticket), JSON.stringify(kept), { version: 0, ttlMs: GOOD_MS });
  return { ticket, expiresAt };
}

/** Who shows it, for its task alone; undefined when it is none, was shown before, or is too old. @throws StoreError */
export async function redeemTicket(store: Store, ticket: string): Promise<Caller | undefined> {
  if (!SHAPE.test(ticket)) return undefined;
  const key = sha256(ticket);
  const found = await store.getRecord(KIND, key);
  // Of two who show it at the same moment one removes it.
  if (!found || !(await store.setRecord(KIND, key, undefined, { version: found.version }))) return undefined;
  const { taskId, caller } = JSON.parse(found.value) as Kept;
  return { ...caller, scopes: ['tasks:read'], onlyTask: taskId };
}
