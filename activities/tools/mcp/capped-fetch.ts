// capped-fetch.ts: fetch for MCP servers. The SDK reads bodies whole, and lets a call wait for its time-out when the
// stream that its response comes by breaks: here a body ends at a bound, and whoever cares is told of the break.

import { fitBody } from './fit-body.ts';

/** Of one message; a result is cut far below this before a model sees it. */
export const MAX_MESSAGE_BYTES = 4_000_000;

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** @param onBroken told when a response (not a standing stream of events) breaks off, unless its request was cancelled. */
export function cappedFetch(onBroken: (error: Error) => void): Fetch {
  return async (url, init) => {
    // A redirect would take the configured headers, and the arguments, to wherever the server likes.
    const response = await fetch(url, { ...init, redirect: 'manual' });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new Error(
        `it redirects to ${response.headers.get('location') ?? 'nowhere'}: name that address in the config if it is right`,
      );
    }
    if (!response.body || (init?.method ?? 'GET').toUpperCase() === 'GET') return response;
    const { status, statusText, headers } = response;
    const body = capped(response.body, (error) => {
      if (!init?.signal?.aborted) onBroken(error);
    });
    const fitted = fitBody(headers.get('content-type') ?? '');
    return new Response(fitted ? body.pipeThrough(fitted) : body, { status, statusText, headers });
  };
}

function capped(body: ReadableStream<Uint8Array>, onBroken: (error: Error) => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        bytes += value.length;
        if (bytes > MAX_MESSAGE_BYTES) {
          await reader.cancel();
          throw new Error(`it answers more than ${MAX_MESSAGE_BYTES / 1_000_000} MB`);
        }
        controller.enqueue(value);
      } catch (error) {
        controller.error(error);
        onBroken(error instanceof Error ? error : new Error(String(error)));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
