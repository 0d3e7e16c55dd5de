// guarded-send.ts: one request over http or https through an agent that refuses every address which is not public, be it
// written as a literal or the answer of a resolver. Follows nothing, and reads nothing of the answer.

import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { NotPublicError, publicLookup, refuseUnlessPublic } from './public-addresses.ts';
import type { JudgedUrl } from './url-guard.ts';
import { WebError } from './web-error.ts';
import type { WebOptions } from './web-options.ts';

const agents = (allowPrivateIPAddress: boolean) => {
  const options = { allowPrivateIPAddress, keepAlive: false };
  return { 'http:': new RequestFilteringHttpAgent(options), 'https:': new RequestFilteringHttpsAgent(options) };
};
const PUBLIC = agents(false);
const NAMED = agents(true);

/** What is asked of a server. */
export interface Outgoing {
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  /** Sent with its length. Default: none. */
  body?: string;
}

/** @throws the agent's and Node's own errors: see `asWebError`. */
export function sendGuarded(
  { url, mayBePrivate }: JudgedUrl,
  { method, headers, body }: Outgoing,
  lookup: WebOptions['lookup'],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  // Without brackets: neither Node nor the agent knows an IPv6 literal in them.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!mayBePrivate) refuseUnlessPublic(host);
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options: RequestOptions = {
    method,
    agent: (mayBePrivate ? NAMED : PUBLIC)[secure ? 'https:' : 'http:'],
    host,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, ...length, host: url.host },
    signal,
    ...(mayBePrivate ? (lookup ? { lookup } : {}) : { lookup: publicLookup(lookup) }),
  };
  return new Promise((resolve, reject) => {
    (secure ? httpsRequest : httpRequest)(options, resolve).on('error', reject).end(body);
  });
}

/** In words that tell nobody what the worker's own network looks like. */
export function asWebError(error: unknown): WebError {
  if (error instanceof WebError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  // The agent has no error of its own, and its words name the address that was found: not for others to know.
  if (error instanceof NotPublicError || /is not allowed\. Because/.test(message)) {
    return new WebError('NotAllowed', 'it leads to an address that is not public');
  }
  if (code?.startsWith('Z_') || code?.startsWith('ERR__ERROR_FORMAT'))
    return new WebError('Unreadable', 'its compressed body is broken');
  return new WebError('Unreachable', `it can't be reached (${code ?? message.slice(0, 80)})`);
}
