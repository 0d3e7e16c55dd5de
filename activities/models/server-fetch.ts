// server-fetch.ts: the fetch of the openai client: every byte is a sign of life, and errors come in one shape whatever the
// server sends (a status, a redirect, a page). Decides nothing about what an error means: that is openai-faults.ts.

import type { Readable } from 'node:stream';
import { requestServer, RedirectError } from './server-request.ts';
import { errorInText, type ServerError } from './server-words.ts';

/** More of an error, or of what is no stream, is not read. */
export const MAX_BODY = 4_000_000;
/** Ninety-six vectors of four thousand numbers, written out, take about eight million. */
const MAX_WHOLE = 40_000_000;

/** Told of everything that arrives, and once more, with `true`, of each event of an answer. */
export type Listener = (isAnswer: boolean) => void;

/** What a caller hands to the client so that this fetch hears of it: `{ fetchOptions: heardBy(onBytes) }`. */
export const heardBy = (onBytes: Listener): object => ({ [LISTENER]: onBytes });
const LISTENER = 'musterOnBytes';

/** A reply of this fetch that is no error: its body is to be read by server-events.ts. */
export const responseBodies = new WeakMap<Response, Readable>();

export async function serverFetch(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { [LISTENER]: onBytes = () => undefined } = init as { [LISTENER]?: Listener };
  const { method = 'GET', body, signal } = init;
  try {
    const reply = await requestServer({
      url: new URL(url instanceof Request ? url.url : url),
      method,
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof body === 'string' ? body : undefined,
      signal: signal ?? undefined,
    });
    onBytes(false);
    const { status, headers } = reply;
    if (status < 200 || status >= 300)
      return errorResponse(status, errorInText(await textOf(reply.body, onBytes)), headers);
    const response = new Response(null, { status: 200, headers });
    responseBodies.set(response, reply.body);
    return response;
  } catch (error) {
    if (!(error instanceof RedirectError)) throw error;
    return errorResponse(404, { message: error.message, type: 'redirect' });
  }
}

/** The same for what is no stream: the reply has all of its body. A page for people is an error: no API answers so. */
export async function wholeFetch(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const response = await serverFetch(url, init);
  const body = responseBodies.get(response);
  if (!body) return response;
  const text = await textOf(body, () => undefined, MAX_WHOLE);
  if (/^\s*</.test(text)) return errorResponse(404, errorInText(text));
  return new Response(text, { headers: { 'content-type': 'application/json' } });
}

/** A status of none of HTTP's kinds is some gateway's trouble. */
const errorResponse = (status: number, error: ServerError, headers?: Headers): Response =>
  new Response(JSON.stringify({ error }), {
    status: status >= 300 && status < 600 ? status : 502,
    ...(headers ? { headers } : {}),
  });

async function textOf(body: Readable, onBytes: Listener, most = MAX_BODY): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) {
    onBytes(false);
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.length > most) break;
  }
  return text;
}
