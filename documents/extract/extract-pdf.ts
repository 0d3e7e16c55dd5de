// extract-pdf.ts: a PDF to text, page by page. A broken, locked or scanned PDF is a reason, never a crash.

import { unixLines } from './decode-text.ts';
import type { Extracted } from './extracted.ts';

/** A document that takes for ever must not hold the thread that everybody searches in. */
const MAX_SECONDS = 60;

interface PdfItem {
  str?: string;
  hasEOL?: boolean;
}

export async function extractPdf(bytes: Uint8Array): Promise<Extracted | { problem: string }> {
  // Loaded with the first PDF: it is the largest module of the thread.
  const { getDocumentProxy } = await import('unpdf');
  // A copy, since the parser takes the bytes away from their owner; 0 keeps it from writing warnings to stdout.
  const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 }).catch(openingProblem);
  if ('problem' in pdf) return pdf;
  const deadline = Date.now() + MAX_SECONDS * 1_000;
  const pages: number[] = [];
  const parts: string[] = [];
  let line = 1;
  try {
    for (let number = 1; number <= pdf.numPages; number += 1) {
      if (Date.now() > deadline) return { problem: `reading it took more than ${MAX_SECONDS} s` };
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      page.cleanup();
      const text = `${pageText(items as PdfItem[])}\n\n`;
      pages.push(line);
      parts.push(text);
      line += text.split('\n').length - 1;
    }
  } finally {
    await pdf.destroy();
  }
  const text = parts.join('');
  if (text.trim() === '') return { problem: `none of its ${pages.length} pages has text (a scan?)` };
  return { text, shape: 'plain', pages };
}

function pageText(items: PdfItem[]): string {
  const text = items.map((item) => (item.str ?? '') + (item.hasEOL ? '\n' : '')).join('');
  return unixLines(text)
    .replace(/\0/g, '')
    .replace(/[ \t]+$/gm, '')
    .trimEnd();
}

function openingProblem(error: Error): { problem: string } {
  if (error.name === 'PasswordException') return { problem: 'the PDF is locked with a password' };
  return { problem: `not a readable PDF: ${(error.message.split('\n')[0] ?? '').slice(0, 120)}` };
}
