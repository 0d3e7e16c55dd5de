// extract-pdf.ts: a PDF page by page. A broken one is a reason, never a crash.

import { extractText } from 'unpdf';
import type { Extracted } from './extract-text.ts';

export async function extractPdf(bytes: Uint8Array): Promise<Extracted | { problem: string }> {
  try {
    // A copy: the parser takes the buffer over.
    const { text } = await extractText(new Uint8Array(bytes), { mergePages: false });
    const pages: number[] = [];
    const lines: string[] = [];
    for (const page of text) {
      pages.push(lines.length + 1);
      lines.push(...page.replace(/\r\n?/g, '\n').split('\n'), '');
    }
    const whole = lines.join('\n');
    return whole.trim() === '' ? { problem: 'a PDF without text (scanned?)' } : { text: whole, shape: 'plain', pages };
  } catch (error) {
    return { problem: `a PDF that can't be read: ${error instanceof Error ? error.message.slice(0, 100) : 'broken'}` };
  }
}
