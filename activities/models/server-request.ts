// server-request.ts: one request over HTTP to a model's server, and its reply as it comes. Leaner than fetch, whose web
// streams take three times the processor time of a whole call. Judges nothing of what comes back.

import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export interface ServerRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
  signal: AbortSignal | undefined;
}

export interface ServerReply {
  status: number;
  headers: Headers;
  /** Decompressed. Leaving an iteration early cuts the connection. */
  body: Readable;
}

/** Redirects that a request is sent after; one that loops has no end. */
const MOST_REDIRECTS = 5;

/**
 * Sends it, and again where the same server redirects it to. Has no time limit of its own: the caller's signal is that.
 * @throws Error of Node's own when there is no connection; RedirectError when it is sent to another server.
 */
export async function requestServer(asked: ServerRequest, redirects = 0): Promise<ServerReply> {
  const reply = await send(asked);
  const { statusCode: status = 0, headers } = reply;
  if (headers.location !== undefined && status >= 300 && status < 400) {
    reply.resume();
    const url = new URL(headers.location, asked.url);
    // Another server was not meant to have the key; one that turns a POST into a GET has no model.
    const isSame = url.origin === asked.url.origin && (status === 307 || status === 308);
    if (!isSame || redirects === MOST_REDIRECTS) throw new RedirectError(url);
    return await requestServer({ ...asked, url }, redirects + 1);
  }
  return { status, headers: asHeaders(reply), body: decompressed(reply) };
}

export class RedirectError extends Error {
  override readonly name = 'RedirectError';
  constructor({ origin, pathname }: URL) {
    super(`it redirects to ${origin}${pathname}: write the address that is meant into the settings`);
  }
}

/** A connection that was kept may be closed by its server while it is used again: then a new one is. */
async function send(asked: ServerRequest): Promise<IncomingMessage> {
  const first = begin(asked);
  try {
    return await first.reply;
  } catch (error) {
    if (!first.request.reusedSocket || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    return await begin(asked).reply;
  }
}

function begin({ url, method, headers, body, signal }: ServerRequest): {
  request: ClientRequest;
  reply: Promise<IncomingMessage>;
} {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const make = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = make(url, { method, headers: { ...headers, ...length }, ...(signal ? { signal } : {}) });
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
  request.end(body);
  return { request, reply };
}

/** Some gateways compress whatever was asked for. */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function decompressed(reply: IncomingMessage): Readable {
  const decoder = DECODERS[reply.headers['content-encoding'] ?? '']?.();
  // What goes wrong in either is thrown where the decoder is read.
  return decoder ? pipeline(reply, decoder, () => undefined) : reply;
}

/** Its headers, but for those about a body that is handed on as another. */
function asHeaders({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!/^(content-(encoding|length)|transfer-encoding)$/i.test(name)) headers.append(name, rawHeaders[at + 1] ?? '');
  }
  return headers;
}
