// fetch-urls.ts: the pages of a request that names addresses: fetched through the guarded reader, a few at a time. A page
// that does not come is a gap that is named; an address that may not be read here is refused.

import { fetchPage, type FetchedPage } from '../web/fetch-page.ts';
import { WebError } from '../web/web-error.ts';
import type { WebOptions } from '../web/web-options.ts';
import { CorpusError, hostPhrase } from './corpus-error.ts';
import type { SkipList } from './skip-list.ts';

export interface UrlSource {
  kind: 'url';
  url: string;
}

export interface NamedPage {
  /** The address without its fragment: what people and citations call it. */
  name: string;
  page: FetchedPage;
  /** Of the fetched bytes. */
  sha256: string;
}

/** Pages under way at one time. */
const FETCHED_AT_ONCE = 4;
/** Of all pages together: they wait in memory until their texts are made. */
const MAX_TOTAL_BYTES = 60_000_000;

/**
 * Fetches the pages, each once, in the order of their names.
 *
 * @throws CorpusError SourceNotAllowed when an address may not be read on this worker; the signal's reason.
 */
export async function fetchUrls(
  sources: readonly UrlSource[],
  web: WebOptions | undefined,
  { signal, skipped, say }: { signal: AbortSignal; skipped: SkipList; say: (phase: string) => void },
): Promise<NamedPage[]> {
  const [first] = sources;
  if (!first) return [];
  if (!web) throw notAllowed(first.url, 'it does not read the web: "web" is not set');
  const names = [...new Set(sources.map(({ url }) => nameOf(url)))].sort();
  const pages: NamedPage[] = [];
  let next = 0;
  let bytes = 0;
  const worker = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) {
      say(`fetches page ${next} of ${names.length}`);
      try {
        const page = await fetchPage(name, web, signal);
        bytes += page.bytes.length;
        if (bytes > MAX_TOTAL_BYTES) skipped.add(name, `all pages together have more than ${MAX_TOTAL_BYTES / 1e6} MB`);
        else pages.push({ name, page, sha256: page.sha256 });
      } catch (error) {
        if (!(error instanceof WebError)) throw error;
        if (error.type === 'NotAllowed') throw notAllowed(name, error.message);
        skipped.add(name, error.message);
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: FETCHED_AT_ONCE }, worker));
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
  return pages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nameOf(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.hash = '';
  return url.href;
}

function notAllowed(url: string, why: string): CorpusError {
  return new CorpusError(
    'SourceNotAllowed',
    `${url} may not be read ${hostPhrase()}: ${why}; see "web" in the file that MUSTER_CONFIG names`,
  );
}
