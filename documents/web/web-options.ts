// web-options.ts: what a worker may read of the web, and how much of it. The web is off where there are no such options.

import type { LookupFunction } from 'node:net';

export interface WebOptions {
  /**
   * Hosts that may be read: `docs.example.com`, `*.example.com` (every host below it, not itself), each with `:port`
   * where only that port is meant. Empty: every public host.
   */
  allow: readonly string[];
  /**
   * Exact `host:port` pairs that may be read although they are not public, such as `127.0.0.1:8080` or
   * `wiki.corp:443`. They need not be in `allow` as well. Default: none.
   */
  allowPrivate?: readonly string[];
  /** Default: WEB_LIMITS. */
  limits?: Partial<WebLimits>;
  /** Resolves names; what it gives is judged like what the system's gives. Default: the system's resolver. */
  lookup?: LookupFunction;
}

export interface WebLimits {
  /** Of one body, as it is sent and once it is decompressed. */
  bytes: number;
  /** From the first connection to the page as text, redirects included. */
  milliseconds: number;
  redirects: number;
}

export const WEB_LIMITS: WebLimits = { bytes: 5_000_000, milliseconds: 20_000, redirects: 5 };
