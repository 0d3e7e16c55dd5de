// open-store.ts: which store a deployment has, decided in one place for worker, client and commands.

import { existsSync } from 'node:fs';
import { fileStore } from './file-store.ts';
import { storeFolder } from './home.ts';
import { postgresStore } from './postgres-store.ts';
import { isAddress, readPostgresUrl } from './postgres-url.ts';
import type { Store } from './store.ts';

/** Where the store is: `MUSTER_STORE_URL`, else the folder in the home. */
export function storePlace(home: string, env: Readonly<Record<string, string | undefined>>): string {
  return env.MUSTER_STORE_URL ?? storeFolder(home);
}

/**
 * Opens the store at a place: a PostgreSQL address (`postgres://…`) or a folder. Nothing is read or made before its use.
 * @throws StoreError when it is meant as an address and is none.
 */
export function openStore(place: string): Store {
  return isAddress(place) ? postgresStore(place) : fileStore(place);
}

/**
 * The store of a home, for who only reads: undefined when there is none yet. Looking makes no folder.
 * @throws StoreAddressError when `MUSTER_STORE_URL` is no address of PostgreSQL.
 */
export function existingStore(home: string, env: Readonly<Record<string, string | undefined>>): Store | undefined {
  const place = storePlace(home, env);
  if (env.MUSTER_STORE_URL !== undefined) readPostgresUrl(place);
  return isAddress(place) || existsSync(place) ? openStore(place) : undefined;
}

/** The place as a person may see it: without a password. */
export function describeStore(place: string): string {
  return isAddress(place) ? readPostgresUrl(place).shown : place;
}
