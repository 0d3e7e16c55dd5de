// guarded-request.ts: one GET over http or https through an agent that refuses every address which is not public, be it
// written as a literal or the answer of a resolver. Follows nothing; reads no more than it may.

import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { NotPublicError, publicLookup, refuseUnlessPublic } from './public-addresses.ts';
import type { JudgedUrl } from './url-guard.ts';
import { WebError } from './web-error.ts';
import type { WebOptions } from './web-options.ts';

export interface Answer {
  status: number;
  location: string | undefined;
  /** In lower case, as the server sent it; empty when it sent none. */
  contentType: string;
  /** Decompressed; empty for a redirect. */
  bytes: Uint8Array;
}

const agents = (allowPrivateIPAddress: boolean) => {
  const options = { allowPrivateIPAddress, keepAlive: false };
  return { 'http:': new RequestFilteringHttpAgent(options), 'https:': new RequestFilteringHttpsAgent(options) };
};
const PUBLIC = agents(false);
const NAMED = agents(true);

const HEADERS = {
  'user-agent': 'muster-agents (web reader)',
  accept: 'text/html, text/markdown;q=0.9, text/plain;q=0.9, application/pdf;q=0.8, application/json;q=0.8, */*;q=0.1',
  'accept-encoding': 'gzip, deflate, br',
};

/**
 * Asks a judged address once.
 *
 * @param maxBytes of the body, both as it is sent and decompressed.
 * @throws WebError; the signal's reason when it aborts.
 */
export async function guardedRequest(
  { url, mayBePrivate }: JudgedUrl,
  { lookup, maxBytes, signal }: { lookup: WebOptions['lookup']; maxBytes: number; signal: AbortSignal },
): Promise<Answer> {
  try {
    const response = await send(url, mayBePrivate, lookup, signal);
    const { statusCode: status = 0, headers } = response;
    const contentType = (headers['content-type'] ?? '').toLowerCase();
    const isRedirect = status >= 300 && status < 400;
    try {
      if (status !== 200)
        return { status, location: isRedirect ? headers.location : undefined, contentType, bytes: NO_BYTES };
      return { status, location: undefined, contentType, bytes: await readBody(response, maxBytes, signal) };
    } finally {
      response.destroy();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw asWebError(error);
  }
}

const NO_BYTES = new Uint8Array();

function send(
  url: URL,
  mayBePrivate: boolean,
  lookup: WebOptions['lookup'],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  // Without brackets: neither Node nor the agent knows an IPv6 literal in them.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!mayBePrivate) refuseUnlessPublic(host);
  const options: RequestOptions = {
    agent: (mayBePrivate ? NAMED : PUBLIC)[secure ? 'https:' : 'http:'],
    host,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: { ...HEADERS, host: url.host },
    signal,
    ...(mayBePrivate ? (lookup ? { lookup } : {}) : { lookup: publicLookup(lookup) }),
  };
  return new Promise((resolve, reject) => {
    (secure ? httpsRequest : httpRequest)(options, resolve).on('error', reject).end();
  });
}

async function readBody(response: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  const gather = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLong(maxBytes);
      chunks.push(chunk);
    }
  };
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  // What is left of a bomb once the bound is reached is never decompressed: the pipeline is torn down.
  try {
    if (encoding === 'identity' || encoding === '') await pipeline(response, gather, { signal });
    else await pipeline(response, decompressor(encoding), gather, { signal });
  } catch (error) {
    // The error of what was torn down may come first.
    throw bytes > maxBytes ? tooLong(maxBytes) : error;
  }
  return Buffer.concat(chunks);
}

function decompressor(encoding: string): Transform {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  if (encoding === 'br') return createBrotliDecompress();
  throw new WebError('Unreadable', `it is packed as "${encoding.slice(0, 40)}", which is not read`);
}

const tooLong = (maxBytes: number): WebError =>
  new WebError('Unreadable', `it is longer than the ${maxBytes / 1_000_000} MB that are read of one page`);

function asWebError(error: unknown): WebError {
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
