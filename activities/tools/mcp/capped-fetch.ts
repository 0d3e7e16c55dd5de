// capped-fetch.ts: fetch for MCP servers: follows no redirect, and hands on bodies whose messages are made right and bounded.

import { fitBody } from './fit-body.ts';
import { isObject } from './json-object.ts';

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export const cappedFetch: Fetch = async (url, init) => {
  // A redirect would take the configured headers, and the arguments, to wherever the server likes.
  const response = await fetch(url, { ...init, redirect: 'manual' });
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new Error(
      `it redirects to ${response.headers.get('location') ?? 'nowhere'}: name that address in the config if it is right`,
    );
  }
  if (!response.body) return response;
  const { status, statusText, headers } = response;
  const body = fitBody(response.body, {
    contentType: headers.get('content-type') ?? '',
    call: response.ok ? callOf(init) : undefined,
    isCancelled: () => init?.signal?.aborted === true,
  });
  return new Response(body, { status, statusText, headers });
};

/** The id of the request that a body holds. */
function callOf(init: RequestInit | undefined): string | number | undefined {
  if (typeof init?.body !== 'string') return undefined;
  const asked: unknown = JSON.parse(init.body);
  const id = isObject(asked) && 'method' in asked ? asked.id : undefined;
  return typeof id === 'number' || typeof id === 'string' ? id : undefined;
}
