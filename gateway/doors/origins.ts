// origins.ts: which pages may talk to the API from a browser: those that it is served with, and those that the config names.
// Pages of other sites reach loopback, too, and their requests look like a person's.

import { ProblemError } from '../wire/problems.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const METHODS = 'GET, HEAD, POST, DELETE';
/** Those of W3C Trace Context and Baggage come from a page's instrumentation: a browser holds back a request that may not have them. */
const HEADERS =
  'authorization, baggage, content-type, idempotency-key, if-none-match, last-event-id, muster-tenant, prefer, traceparent, tracestate, x-request-id';
const EXPOSED =
  'agent-session-id, etag, location, muster-path, preference-applied, retry-after, x-first-line, x-request-id';
const PREFLIGHT_SECONDS = '600';

/** @throws ProblemError (origin_refused) for a page of another site, whatever it sends to change something. */
export function refuseForeignPage(
  { method, origin, host }: { method: string; origin: string | undefined; host: string | undefined },
  origins: readonly string[],
): void {
  if (origin === undefined || SAFE.has(method) || origins.includes(origin)) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw new ProblemError(
    'origin_refused',
    'pages of this origin may not use this API; its operator can name it (origins)',
  );
}

/** What is said to a browser whose page may read the answer; nothing to any other. */
export function corsHeaders(origin: string | undefined, origins: readonly string[]): Record<string, string> {
  if (origins.length === 0) return {};
  if (origin === undefined || !origins.includes(origin)) return { vary: 'origin' };
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'origin' };
}

/** The answer to a browser that asks before it sends; undefined for what is no such question, or of a page that may not. */
export function preflight(request: Request, origins: readonly string[]): Response | undefined {
  const origin = request.headers.get('origin') ?? '';
  if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return undefined;
  if (!origins.includes(origin)) return undefined;
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(origin, origins),
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': HEADERS,
      'access-control-max-age': PREFLIGHT_SECONDS,
    },
  });
}
