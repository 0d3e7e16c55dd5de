// fetch-page.ts: from an address to the bytes behind it: redirects one by one, each judged like the first; only kinds
// of content that have text. Parses nothing.

import { sha256 } from '../../protocol/schemas/hash.ts';
import { guardedRequest, type Answer } from './guarded-request.ts';
import { judgeUrl, type JudgedUrl } from './url-guard.ts';
import { WebError } from './web-error.ts';
import { WEB_LIMITS, type WebOptions } from './web-options.ts';

export type PageKind = 'html' | 'text' | 'markdown' | 'json' | 'xml' | 'pdf';

export interface FetchedPage {
  /** Where the last redirect led. */
  url: string;
  kind: PageKind;
  /** From the content type; undefined when it names none. */
  charset: string | undefined;
  bytes: Uint8Array;
  /** Of the bytes. */
  sha256: string;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

const KINDS: readonly (readonly [RegExp, PageKind])[] = [
  [/^(text\/html|application\/xhtml\+xml)$/, 'html'],
  [/^text\/(x-)?markdown$/, 'markdown'],
  [/^text\/plain$/, 'text'],
  [/^(application|text)\/(json|[\w.-]+\+json|x-ndjson|ndjson)$/, 'json'],
  [/^(application|text)\/(xml|[\w.-]+\+xml)$/, 'xml'],
  [/^application\/pdf$/, 'pdf'],
];

/**
 * Reads a page's bytes.
 *
 * @throws WebError NotAllowed when the address itself may not be read; Unreachable, Unreadable; the signal's reason.
 */
export async function fetchPage(address: string, options: WebOptions, signal: AbortSignal): Promise<FetchedPage> {
  const limits = { ...WEB_LIMITS, ...options.limits };
  const deadline = AbortSignal.timeout(limits.milliseconds);
  const both = AbortSignal.any([signal, deadline]);
  const request = { lookup: options.lookup, maxBytes: limits.bytes, signal: both };
  try {
    let judged = judgeUrl(address, options);
    let answer = await guardedRequest(judged, request);
    for (let hops = 0; REDIRECTS.has(answer.status); hops += 1) {
      if (hops === limits.redirects)
        throw new WebError('Unreachable', `it redirects more than ${limits.redirects} times`);
      [judged, answer] = await hop(judged, answer, options, request);
    }
    return asPage(judged.url, answer);
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) throw new WebError('Unreachable', `it did not come within ${limits.milliseconds / 1_000} s`);
    throw error;
  }
}

async function hop(
  from: JudgedUrl,
  { location, status }: Answer,
  options: WebOptions,
  request: Parameters<typeof guardedRequest>[1],
): Promise<[JudgedUrl, Answer]> {
  if (location === undefined) throw new WebError('Unreachable', `it answers ${status} and does not say where to go`);
  try {
    const to = judgeUrl(location, options, from.url);
    return [to, await guardedRequest(to, request)];
  } catch (error) {
    // Whoever named the address did nothing that is not allowed: the page sends its readers there.
    if (error instanceof WebError && error.type === 'NotAllowed')
      throw new WebError('Unreachable', `it redirects to where this worker does not go: ${error.message}`);
    throw error;
  }
}

function asPage(url: URL, { status, contentType, bytes }: Answer): FetchedPage {
  if (status !== 200) throw new WebError('Unreachable', `its server answers ${status}`);
  const type = (contentType.split(';')[0] ?? '').trim();
  const kind = KINDS.find(([pattern]) => pattern.test(type))?.[1];
  if (!kind)
    throw new WebError('Unreadable', `it is ${type ? `"${type.slice(0, 80)}"` : 'of no named kind'}, not text`);
  const charset = /;\s*charset="?([\w.:-]+)/.exec(contentType)?.[1];
  return { url: url.href, kind, charset, bytes, sha256: sha256(bytes) };
}
