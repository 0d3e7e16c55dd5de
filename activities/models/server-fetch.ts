// server-fetch.ts: the fetch of the openai client: every byte is a sign of life, errors come in one shape whatever the
// server sends (a status, a line of a stream, a page), and a whole answer where a stream was asked for is a stream of one.
// Decides nothing about what an error means: that is openai-faults.ts.

import { asEvents, StreamLines } from './stream-lines.ts';
import { errorInText, type ServerError } from './server-words.ts';

/** More of an error, or of what is no stream, is not read. */
const MAX_BODY = 4_000_000;

/** Told of everything that arrives, and once more, with `true`, of each event of an answer. */
export type Listener = (isAnswer: boolean) => void;

/** What a caller hands to the client so that this fetch hears of it: `{ fetchOptions: heardBy(onBytes) }`. */
export const heardBy = (onBytes: Listener): object => ({ [LISTENER]: onBytes });
const LISTENER = 'musterOnBytes';

export async function serverFetch(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { [LISTENER]: onBytes = () => undefined, ...rest } = init as RequestInit & { [LISTENER]?: Listener };
  const response = await fetch(url, rest);
  onBytes(false);
  const asksStream = typeof rest.body === 'string' && rest.body.includes('"stream":true');
  if (!response.ok) return errorResponse(response, errorInText(await bodyOf(response, onBytes)));
  if (!response.body || !asksStream) return response;
  return await asStream(response, response.body, onBytes);
}

/** Lines of a stream begin with a field's name or a colon; what begins otherwise is a whole body. */
const WHOLE = /^\s*[{[<]/;

async function asStream(response: Response, body: ReadableStream<Uint8Array>, onBytes: Listener): Promise<Response> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let isDone = false;
  const next = async (): Promise<string> => {
    const { done, value } = await reader.read();
    isDone = done;
    if (value) onBytes(false);
    return decoder.decode(value, { stream: !done });
  };
  let opening = '';
  while (opening.trim() === '' && !isDone) opening += await next();
  if (WHOLE.test(opening)) {
    while (!isDone && opening.length < MAX_BODY) opening += await next();
    await reader.cancel();
    onBytes(true);
    return new Response(asEvents(opening), { headers: plainHeaders(response) });
  }
  const lines = new StreamLines(() => onBytes(true));
  async function* events(): AsyncGenerator<string> {
    try {
      for (let text = lines.take(opening); ; text = lines.take(await next())) {
        if (isDone) text += lines.end();
        if (text !== '') yield text;
        if (isDone) return;
      }
    } finally {
      if (!isDone) await reader.cancel();
    }
  }
  return withBody(new Response(null, { headers: plainHeaders(response) }), events());
}

/**
 * The response with this body. The openai client reads any iterable; a second web stream around the first would cost as much
 * processor time again as the first.
 */
const withBody = (response: Response, body: AsyncIterable<string>): Response =>
  Object.defineProperty(response, 'body', { value: body });

const errorResponse = (response: Response, error: ServerError): Response =>
  new Response(JSON.stringify({ error }), { status: response.status, headers: plainHeaders(response) });

/** Its headers, but for those about a body that is another one now. */
function plainHeaders({ headers: given }: Response): Headers {
  const headers = new Headers(given);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  return headers;
}

async function bodyOf({ body }: Response, onBytes: Listener): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body ?? []) {
    onBytes(false);
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.length > MAX_BODY) break;
  }
  return text;
}
