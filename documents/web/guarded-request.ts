// guarded-request.ts: one GET, guarded (guarded-send.ts). Follows nothing; reads no more than it may.

import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { asWebError, sendGuarded } from './guarded-send.ts';
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
  judged: JudgedUrl,
  { lookup, maxBytes, signal }: { lookup: WebOptions['lookup']; maxBytes: number; signal: AbortSignal },
): Promise<Answer> {
  try {
    const response = await sendGuarded(judged, { method: 'GET', headers: HEADERS }, lookup, signal);
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
