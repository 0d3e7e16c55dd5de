// read-page.ts: the one way in which anything here reads the web: an address in, text out, everything between judged
// and bounded. Page text is made in a thread of its own, which is stopped when a page takes too long.

import type { TextShape } from '../extract/extracted.ts';
import { BoundedThread, JobStoppedError } from '../jobs/bounded-thread.ts';
import { fetchPage, type FetchedPage } from './fetch-page.ts';
import type { PageText } from './page-text.ts';
import { WebError } from './web-error.ts';
import { WEB_LIMITS, type WebOptions } from './web-options.ts';

/** Part of the key of a corpus that holds pages: what page-text.ts makes of the same bytes. */
export const PAGE_TEXT_VERSION = 17;

/** A page as it is read and quoted. */
export interface WebPage {
  /** Where the last redirect led. */
  url: string;
  /** Empty when the page has none. */
  title: string;
  /** Markdown for HTML; what a person would see of it. Untrusted, whatever it says. */
  text: string;
  shape: TextShape;
  /** The line at which each page of a PDF starts. */
  pages?: number[];
  /** Of the fetched bytes. */
  sha256: string;
}

/** Making text of 5 MB of HTML takes about two seconds; more than this is a page made to take long. */
const TEXT_MILLISECONDS = 10_000;

type Job = Omit<FetchedPage, 'sha256'>;
type Result = PageText | { problem: string };

const thread = new BoundedThread<Job, Result>({
  name: 'muster-pages',
  entry: compiledEntry(import.meta.url),
  memoryMb: 512,
});

/**
 * Reads a page of the web: http and https, public hosts (or those that `options` name), at most 5 redirects, 5 MB and
 * 20 s, and only content that has text: HTML, plain text, Markdown, JSON, XML, PDF.
 *
 * @throws WebError NotAllowed (the address may not be read here), Unreachable, Unreadable; the signal's reason.
 */
export async function readPage(address: string, options: WebOptions, signal: AbortSignal): Promise<WebPage> {
  const until = Date.now() + (options.limits?.milliseconds ?? WEB_LIMITS.milliseconds);
  const fetched = await fetchPage(address, options, signal);
  return await readFetched(fetched, signal, until - Date.now());
}

/**
 * Makes a page of what was fetched.
 * @throws WebError Unreadable; the signal's reason.
 */
export async function readFetched(
  { sha256, ...page }: FetchedPage,
  signal: AbortSignal,
  milliseconds = TEXT_MILLISECONDS,
): Promise<WebPage> {
  const limitMs = Math.max(1_000, Math.min(milliseconds, TEXT_MILLISECONDS));
  const text = await thread.run(page, { limitMs, signal }).catch((error: unknown): Result => {
    signal.throwIfAborted();
    const why = error instanceof JobStoppedError ? error.message : 'its text could not be found';
    return { problem: `making text of it was stopped: ${why}` };
  });
  if ('problem' in text) throw new WebError('Unreadable', text.problem);
  return { url: page.url, sha256, ...text };
}

/** Ends the thread that makes text of pages. For a worker that shuts down, and for tests. */
export const closePageThread = (): Promise<void> => thread.close();

/** A thread runs compiled code: beside this file in dist, in dist where this file is a source (under Jest). */
function compiledEntry(here: string): URL {
  return new URL(here.endsWith('.ts') ? '../../dist/documents/web/page-thread.js' : './page-thread.js', here);
}
