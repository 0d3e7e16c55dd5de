// server-address.ts: the address of a server as the openai client wants it, made of what people write down. Pure.

/** Endpoints that people copy together with the address they stand behind. */
const ENDPOINT = /\/(?:chat\/completions|completions|responses|embeddings|models)\/?$/;
const VERSION = /\/v\d+(?:(?:alpha|beta)\d*)?(?:\/|$)/;

export interface ServerAddress {
  baseURL: string;
  /** Of the address's query, e.g. an API version. */
  query?: Record<string, string>;
}

/** Without the endpoint's path and slashes at its end; the query apart. */
export function plainAddress(written: string): ServerAddress {
  const url = new URL(written);
  const query = Object.fromEntries(url.searchParams);
  const path = url.pathname.replace(ENDPOINT, '').replace(/\/+$/, '');
  return { baseURL: `${url.origin}${path}`, ...(Object.keys(query).length > 0 ? { query } : {}) };
}

/** Where a server's API mostly is when it is not at the address itself; undefined when that names a version already. */
export const versionedAddress = (baseURL: string): string | undefined =>
  VERSION.test(new URL(baseURL).pathname) ? undefined : `${baseURL}/v1`;
