// server-events.ts: what a server streams, as the events of an answer: one JSON value each, as they come. A whole answer where
// a stream was asked for is a stream of one. What the events say is read by read-chat-stream.ts and read-responses-stream.ts.

import { APIError } from 'openai';
import type { Readable } from 'node:stream';
import { isObject } from '../text/json-values.ts';
import { responseBodies, MAX_BODY, type Listener } from './server-fetch.ts';
import { asEvents, DONE, StreamLines, unwrapped } from './stream-lines.ts';

/** Lines of a stream begin with a field's name or a colon; what begins otherwise is a whole body. */
const WHOLE = /^\s*[{[<]/;

/** Behind the event that ends an answer its counts may come; no other event within this time, in milliseconds, and that was all. */
const LAST_WORDS_MS = 2_000;

/** What comes after the end of an answer is not waited for longer than this, in milliseconds. */
const DRAIN_MS = 1_000;

/**
 * The events of a reply of `serverFetch`. Leaving early cuts the connection.
 * @throws APIError for an error among them; SyntaxError for what is no JSON; Node's own when the connection breaks.
 */
export async function* serverEvents(response: Response, onBytes: Listener): AsyncGenerator<unknown> {
  const body = responseBodies.get(response);
  if (!body) throw new SyntaxError('the model server sent no body');
  let isOver = false;
  let hasEnded = false;
  let last: NodeJS.Timeout | undefined;
  try {
    for await (const data of eventTexts(body, onBytes)) {
      clearTimeout(last);
      if (data === DONE) {
        isOver = true;
        return;
      }
      const event = unwrapped(JSON.parse(data)) as { error?: object } | null;
      if (event?.error) throw new APIError(undefined, event.error, undefined, response.headers);
      // Some never close the stream, nor mark its end, and go on with comments.
      hasEnded ||= isEnding(event);
      if (hasEnded) last = setTimeout(() => body.destroy(), LAST_WORDS_MS);
      yield event;
    }
    isOver = true;
  } catch (error) {
    if (!hasEnded || !body.destroyed || error instanceof APIError) throw error;
  } finally {
    clearTimeout(last);
    if (isOver) drain(body);
    else body.destroy();
  }
}

/** Whether an event says that nothing of the answer follows. */
function isEnding(event: unknown): boolean {
  if (!isObject(event)) return false;
  const { type, choices } = event;
  if (typeof type === 'string' && /^response\.(?:completed|incomplete|done)$/.test(type)) return true;
  return (
    Array.isArray(choices) &&
    choices.some((one) => isObject(one) && typeof one.finish_reason === 'string' && one.finish_reason !== '')
  );
}

async function* eventTexts(body: Readable, onBytes: Listener): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const lines = new StreamLines(() => onBytes(true));
  let opening = '';
  let isStream = false;
  for await (const bytes of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    onBytes(false);
    const text = decoder.decode(bytes, { stream: true });
    if (isStream) {
      yield* lines.take(text);
      continue;
    }
    opening += text;
    if (opening.length > MAX_BODY) break;
    isStream = opening.trim() !== '' && !WHOLE.test(opening);
    if (isStream) yield* lines.take(opening);
  }
  if (!isStream && opening.trim() !== '') {
    onBytes(true);
    yield* asEvents(opening);
  } else yield* [...lines.take(decoder.decode()), ...lines.end()];
}

/** Lets a connection be used again once its reply has ended, if that is soon. */
function drain(body: Readable): void {
  if (body.readableEnded || body.destroyed) return;
  const timer = setTimeout(() => body.destroy(), DRAIN_MS).unref();
  body
    .once('close', () => clearTimeout(timer))
    .on('error', () => undefined)
    .resume();
}
