// page-text.ts: the bytes of a page to the text that is read and quoted. Runs in the page thread: a page may be made to
// take for ever. Change what comes out for some page, and PAGE_TEXT_VERSION (read-page.ts) must rise: corpora are kept under it.

import { extname } from 'node:path';
import { asText, markupOf, type TextKind } from '../extract/as-text.ts';
import { decodeText } from '../extract/decode-text.ts';
import type { Extracted } from '../extract/extracted.ts';
import { extractPdf } from '../extract/extract-pdf.ts';
import { isRoff } from '../extract/roff.ts';
import { visibleText } from '../extract/visible-text.ts';
import type { FetchedPage, PageKind } from './fetch-page.ts';

const KINDS: Record<Exclude<PageKind, 'pdf'>, TextKind> = {
  html: 'html',
  json: 'json',
  markdown: 'markdown',
  text: 'plain',
  xml: 'code',
};

export interface PageText extends Extracted {
  /** Empty when the page has none. */
  title: string;
}

export async function pageText(page: Omit<FetchedPage, 'sha256'>): Promise<PageText | { problem: string }> {
  if (page.kind === 'pdf') {
    const extracted = await extractPdf(page.bytes);
    if ('problem' in extracted) return extracted;
    // Line by line, since pages are known by their lines.
    const text = extracted.text.split('\n').map(visibleText).join('\n');
    return { ...extracted, text, title: '' };
  }
  const { bytes, charset, kind } = page;
  const decoded = await decodeText(bytes, { charset, markup: kind === 'html' });
  if ('problem' in decoded) return decoded;
  const as = kindOf(kind, { url: page.url, text: decoded.text });
  const { title = '', ...extracted } = await asText(as, decoded.text, page.url);
  const text = visibleText(extracted.text).trimEnd();
  if (text === '') return { problem: 'there is no text in it' };
  return { ...extracted, text, title: visibleText(title).slice(0, 300) };
}

/** Servers send notebooks as JSON or as plain text, and AsciiDoc and sources of man pages as plain text. */
function kindOf(kind: Exclude<PageKind, 'pdf'>, { url, text }: { url: string; text: string }): TextKind {
  const extension = extname(new URL(url).pathname).toLowerCase();
  if ((kind === 'json' || kind === 'text') && extension === '.ipynb') return 'notebook';
  const markup = kind === 'text' ? markupOf(extension) : undefined;
  if (markup) return markup;
  return kind === 'text' && isRoff(extension, text) ? 'roff' : KINDS[kind];
}
