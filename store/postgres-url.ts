// postgres-url.ts: the address of a PostgreSQL store, and what of it may be shown: never its password.

import { hiding, passwordsIn } from '../protocol/secrets.ts';
import { StoreError } from './store.ts';

const SHAPE = 'postgres://user:password@host:5432/database';

/** True for what is meant as an address, right or wrong; anything else is a folder. */
export const isAddress = (place: string): boolean => /^[a-z][a-z0-9+]*:\/\//i.test(place);

/** Why this can't be the address of a PostgreSQL store; undefined when it can. Never shows it: it holds a password. */
export function postgresUrlProblem(url: string): string | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return `it is no PostgreSQL address, such as ${SHAPE}`;
  }
  if (!/^postgres(ql)?:$/.test(parsed.protocol)) return `it is no PostgreSQL address, such as ${SHAPE}`;
  // Half of a password would pass for a host or a database.
  if (parsed.hash !== '' || /@/.test(parsed.pathname + parsed.search))
    return `the characters # / ? @ : of a password must be percent-encoded in it, as in ${SHAPE}`;
  return undefined;
}

export interface PostgresAddress {
  /** `PostgreSQL at host:port/database`. */
  shown: string;
  /** The text without any password of this address. */
  hide: (text: string) => string;
}

/** This can be no store's address. */
export class StoreAddressError extends StoreError {
  override readonly name = 'StoreAddressError';
  /** What to do next. */
  readonly hint = 'Mend MUSTER_STORE_URL, or unset it to use the store of this folder.';
}

/** @throws StoreAddressError when it is no address of PostgreSQL. */
export function readPostgresUrl(url: string): PostgresAddress {
  const problem = postgresUrlProblem(url);
  if (problem !== undefined) throw new StoreAddressError(`the store's address can't be used: ${problem}`);
  const parsed = new URL(url);
  const host = parsed.searchParams.get('host') ?? (parsed.host === '' ? 'localhost' : decodeURIComponent(parsed.host));
  return {
    shown: `PostgreSQL at ${host}${parsed.pathname === '/' ? '' : parsed.pathname}`,
    hide: hiding(passwordsIn(url)),
  };
}
