// page-text.ts: the bytes of a page to the text that is read and quoted. Runs in the page thread: a page may be made to
// take for ever. Change what comes out for some page, and PAGE_TEXT_VERSION (read-page.ts) must rise: corpora are kept under it.

import type { Extracted } from '../extract/extracted.ts';
import { extractPdf } from '../extract/extract-pdf.ts';
import { spreadJson } from '../extract/spread-json.ts';
import { visibleText } from '../extract/visible-text.ts';
import type { FetchedPage } from './fetch-page.ts';
import { htmlToMarkdown } from '../extract/html-to-markdown.ts';

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
  const { kind, url } = page;
  let made: PageText;
  if (kind === 'html') {
    const { title, markdown } = htmlToMarkdown(decoded, url);
    const heading = title && !/^# /m.test(markdown) ? `# ${title}\n\n` : '';
    made = { title: visibleText(title).slice(0, 300), text: heading + markdown, shape: 'markdown' };
  } else if (kind === 'json') made = { title: '', text: spreadJson(decoded), shape: 'code' };
  else made = { title: '', text: decoded, shape: kind === 'markdown' ? 'markdown' : kind === 'xml' ? 'code' : 'plain' };
  const text = visibleText(made.text);
  return text.trim() === '' ? { problem: 'there is no text in it' } : { ...made, text };
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
