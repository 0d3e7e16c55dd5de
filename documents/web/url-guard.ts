// url-guard.ts: judges an address before anything is sent to it: scheme, credentials, port, allow-list. Where a name
// leads is judged when it is resolved: guarded-request.ts.

import { WebError } from './web-error.ts';
import type { WebOptions } from './web-options.ts';

const MAX_URL_CHARS = 2_048;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

export interface JudgedUrl {
  /** Without its fragment, which is the reader's own business. */
  url: URL;
  /** The operator named this very host and port: it may be private. */
  mayBePrivate: boolean;
}

/**
 * An address that may be asked.
 * @throws WebError NotAllowed, with what is wrong with it.
 */
export function judgeUrl(address: string, { allow, allowPrivate = [] }: WebOptions, base?: URL): JudgedUrl {
  if (address.length > MAX_URL_CHARS) throw refused(`an address has at most ${MAX_URL_CHARS} characters`);
  if (!URL.canParse(address, base?.href)) throw refused('it is no address; write it in full: https://…');
  const url = new URL(address, base);
  const defaultPort = DEFAULT_PORTS[url.protocol];
  if (defaultPort === undefined) throw refused(`only http and https are spoken, not ${url.protocol.slice(0, 40)}`);
  if (url.username !== '' || url.password !== '') throw refused('an address with a user name or password is not used');
  url.hash = '';
  const host = bareHost(url);
  const port = url.port || defaultPort;
  if (allowPrivate.some((pair) => pair.toLowerCase() === `${host}:${port}`)) return { url, mayBePrivate: true };
  if (allow.length > 0) {
    if (!allow.some((pattern) => fits(pattern.toLowerCase(), host, port)))
      throw refused(`${host}:${port} is not among the hosts that this worker may read`);
  } else if (port !== defaultPort && Number(port) < 1024) {
    // Mail, shells and databases listen there: a page has no business at such a port unless the operator says so.
    throw refused(`port ${port} is not one that web servers have`);
  }
  return { url, mayBePrivate: false };
}

/** The host in lower case, IPv6 in brackets, without the dot that a full name may end with. */
function bareHost({ hostname }: URL): string {
  return hostname.replace(/\.$/, '');
}

function fits(pattern: string, host: string, port: string): boolean {
  const [, name = '', ownPort] = /^(.*?)(?::(\d+))?$/.exec(pattern) ?? [];
  if (ownPort !== undefined && ownPort !== port) return false;
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) && host.length > name.length - 1 : host === name;
}

const refused = (why: string): WebError => new WebError('NotAllowed', why);
