// page-text.ts: the bytes of a page to the text that is read and quoted. Runs in the page thread: a page may be made to
// take for ever. Change what comes out for some page, and PAGE_TEXT_VERSION (read-page.ts) must rise: corpora are kept under it.

import { asText, type TextKind } from '../extract/as-text.ts';
import type { Extracted } from '../extract/extracted.ts';
import { extractPdf } from '../extract/extract-pdf.ts';
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
  const decoded = decode(page);
  if (decoded.includes('\0')) return { problem: 'it is binary' };
  const { title = '', ...extracted } = await asText(KINDS[page.kind], decoded, page.url);
  const text = visibleText(extracted.text).trimEnd();
  if (text === '') return { problem: 'there is no text in it' };
  return { ...extracted, text, title: visibleText(title).slice(0, 300) };
}

/** As the server, a byte order mark or the page itself says; what can't be decoded is replaced, as browsers do. */
function decode({ bytes, charset, kind }: Omit<FetchedPage, 'sha256'>): string {
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  const own = kind === 'html' || kind === 'xml' ? namedInside(bytes) : undefined;
  const label = marked ?? charset ?? own ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function namedInside(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1');
  return (/<meta[^>]+charset=["']?([\w.:-]+)/i.exec(head) ?? /<\?xml[^>]+encoding=["']([\w.:-]+)/i.exec(head))?.[1];
}
