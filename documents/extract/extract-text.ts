// extract-text.ts: one file's bytes to the text that quotes and line numbers refer to. A broken file is a reason, never
// a throw. Change what comes out for some file, and EXTRACTOR_VERSION must rise: prepared corpora are kept under it.

import { extname } from 'node:path';
import { asText, type TextKind } from './as-text.ts';
import { decodeText } from './decode-text.ts';
import type { Extracted } from './extracted.ts';

const HTML = new Set(['.html', '.htm', '.xhtml']);
const MARKDOWN = new Set(['.md', '.markdown', '.mdx', '.mkd', '.rst', '.adoc', '.asciidoc', '']);
const PLAIN = new Set(['.txt', '.text', '.log', '.csv', '.tsv', '.srt', '.vtt', '.tex', '.org', '.eml']);

export async function extractText(name: string, bytes: Uint8Array): Promise<Extracted | { problem: string }> {
  try {
    const extracted = await extract(extname(name).toLowerCase(), bytes);
    if ('text' in extracted && extracted.text.trim() === '') return { problem: 'there is no text in it' };
    return extracted;
  } catch (error) {
    return { problem: `it could not be read: ${firstLine(error)}` };
  }
}

/** The parser of PDF is large: it is loaded with the first file of its kind. */
async function extract(extension: string, bytes: Uint8Array): Promise<Extracted | { problem: string }> {
  if (extension === '.pdf' || isPdf(bytes)) {
    const { extractPdf } = await import('./extract-pdf.ts');
    return await extractPdf(bytes);
  }
  const decoded = decodeText(bytes);
  if ('problem' in decoded) return decoded;
  const { title: _title, ...extracted } = await asText(kindOf(extension), decoded.text);
  return extracted;
}

function kindOf(extension: string): TextKind {
  if (HTML.has(extension)) return 'html';
  if (extension === '.json') return 'json';
  return MARKDOWN.has(extension) ? 'markdown' : PLAIN.has(extension) ? 'plain' : 'code';
}

const isPdf = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').slice(0, 160);
}
