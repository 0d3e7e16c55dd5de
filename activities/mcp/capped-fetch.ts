// capped-fetch.ts: fetch for MCP servers, whose answers end at a bound: the SDK reads bodies and events whole.

/** Of one message; a result is cut far below this before a model sees it. */
export const MAX_MESSAGE_BYTES = 4_000_000;

/** Fetches; the body fails beyond the bound, save that of a standing stream of events, which has no end. */
export async function cappedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.body || (init?.method ?? 'GET').toUpperCase() === 'GET') return response;
  let bytes = 0;
  const cap = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > MAX_MESSAGE_BYTES)
        controller.error(new Error(`it answers more than ${MAX_MESSAGE_BYTES / 1_000_000} MB`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(cap), { status, statusText, headers });
}
