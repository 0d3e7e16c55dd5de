// keys.ts: keys as small records of the store, by their id. A key itself is nowhere: only its hash, so whoever reads the store
// has none. A revoked one stays as a record: once there was a key, keys are needed.

import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '../../protocol/schemas/hash.ts';
import type { Store } from '../../store/store.ts';
import type { Scope } from './caller.ts';
import { keyId, newKey } from './key-format.ts';

const KIND = 'gateway-key';

export interface KeyRecord {
  id: string;
  name: string;
  tenant: string;
  scopes: Scope[];
  /** ms since the epoch. */
  createdAt: number;
  expiresAt?: number;
  revokedAt?: number;
}

type Kept = KeyRecord & { hash: string };

/** @returns the key, which is shown once and never again. @throws StoreError */
export async function createKey(
  store: Store,
  made: Pick<KeyRecord, 'name' | 'tenant' | 'scopes' | 'expiresAt'>,
): Promise<{ key: string; record: KeyRecord }> {
  for (;;) {
    const { id, key } = newKey();
    const record: KeyRecord = { id, ...made, createdAt: Date.now() };
    const kept: Kept = { ...record, hash: sha256(key) };
    if (await store.setRecord(KIND, id, JSON.stringify(kept), { version: 0 })) return { key, record };
  }
}

/** All there were, the newest first, revoked ones among them. @throws StoreError */
export async function listKeys(store: Store): Promise<KeyRecord[]> {
  const all = (await store.listRecords(KIND)).map(({ value }) => {
    const { hash: _hash, ...record } = JSON.parse(value) as Kept;
    return record;
  });
  return all.sort((a, b) => b.createdAt - a.createdAt);
}

/** @returns false when there is no key of this id. @throws StoreError */
export async function revokeKey(store: Store, id: string): Promise<boolean> {
  for (;;) {
    const found = await store.getRecord(KIND, id);
    if (!found) return false;
    const kept = JSON.parse(found.value) as Kept;
    const value = JSON.stringify({ ...kept, revokedAt: kept.revokedAt ?? Date.now() } satisfies Kept);
    if (await store.setRecord(KIND, id, value, { version: found.version })) return true;
  }
}

const isGood = ({ revokedAt, expiresAt = Infinity }: KeyRecord): boolean =>
  revokedAt === undefined && expiresAt > Date.now();

/** How long a key is believed that was looked up before: a revoked one is refused everywhere after it. */
const BELIEVED_MS = 3_000;
const MOST_REMEMBERED = 10_000;

/** Looks keys up, each at most once in three seconds. */
export class KeyRing {
  readonly #store: Store;
  readonly #known = new Map<string, { kept: Promise<Kept | undefined>; at: number }>();
  #any: { is: Promise<boolean>; at: number } | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The key's record while it is good. @throws StoreError */
  async find(key: string): Promise<KeyRecord | undefined> {
    const id = keyId(key);
    if (id === undefined) return undefined;
    const kept = await this.#look(id);
    if (!kept || !isGood(kept)) return undefined;
    return timingSafeEqual(Buffer.from(sha256(key)), Buffer.from(kept.hash)) ? kept : undefined;
  }

  /** Whether the key of this id, which somebody showed, is good still. @throws StoreError */
  async isGood(id: string): Promise<boolean> {
    const kept = await this.#look(id);
    return kept !== undefined && isGood(kept);
  }

  #look(id: string): Promise<Kept | undefined> {
    const known = this.#known.get(id);
    if (known && Date.now() - known.at < BELIEVED_MS) return known.kept;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    const kept = this.#store.getRecord(KIND, id).then((found) => found && (JSON.parse(found.value) as Kept));
    this.#known.set(id, { kept, at: Date.now() });
    kept.catch(() => this.#known.delete(id));
    return kept;
  }

  /** True once any key was made, a revoked one, too. @throws StoreError */
  areNeeded(): Promise<boolean> {
    if (this.#any && Date.now() - this.#any.at < BELIEVED_MS) return this.#any.is;
    const is = this.#store.listRecords(KIND).then((all) => all.length > 0);
    this.#any = { is, at: Date.now() };
    is.catch(() => (this.#any = undefined));
    return is;
  }
}
