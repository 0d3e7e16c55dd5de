// extract-text.ts: one file's bytes to the text that quotes and line numbers refer to. A broken file is a reason, never
// a throw. Change what comes out for some file, and EXTRACTOR_VERSION must rise: prepared corpora are kept under it.

import { extname } from 'node:path';
import { asText, markupOf, type TextKind } from '../as-text.ts';
import { decodeText } from '../decode-text.ts';
import type { Extracted } from '../extracted.ts';
import { isRoff } from '../roff.ts';

const HTML = new Set(['.html', '.htm', '.xhtml']);
/** What such a file holds is told by its content alone. */
const PLAIN_BY_CONTENT = new Set(['', '.pdf', '.doc', '.xls', '.ppt', '.docx', '.xlsx', '.pptx']);
const MARKDOWN = new Set(['.md', '.markdown', '.mdx', '.mkd', '.rst']);
/** What a text without an extension has when it is Markdown. */
const MARKS = /^#{1,6} \S|^(?:```|~~~)|\]\(\S+\)/m;
const TABLES = new Set(['.csv', '.tsv']);
const PLAIN = new Set(['.txt', '.text', '.log', '.srt', '.vtt', '.tex', '.eml', '.mbox', '.rtf', '']);
const MAILS = new Set(['.eml', '.mbox', '.mht', '.mhtml']);
/** Mails that are attached to mails. */
const MOST_MAILS_DEEP = 3;

export async function extractText(
  name: string,
  bytes: Uint8Array,
  inMails = 0,
): Promise<Extracted | { problem: string }> {
  try {
    const extracted = await extract(extname(name).toLowerCase(), bytes, inMails);
    if ('text' in extracted && extracted.text.trim() === '') return { problem: 'there is no text in it' };
    return extracted;
  } catch (error) {
    return { problem: `it could not be read: ${firstLine(error)}` };
  }
}

/** Whether reading these bytes takes a parser, and so perhaps long: all but plain text. */
export function isParsed(name: string, bytes: Uint8Array): boolean {
  return formatOf(extname(name).toLowerCase(), bytes) !== 'text';
}

/** The parsers are large: each is loaded with the first file of its kind. */
async function extract(
  extension: string,
  bytes: Uint8Array,
  inMails: number,
): Promise<Extracted | { problem: string }> {
  const format = formatOf(extension, bytes);
  if (format === 'pdf') {
    const { extractPdf } = await import('../extract-pdf.ts');
    return await extractPdf(bytes);
  }
  if (format === 'archive') {
    const { extractOffice } = await import('../office/extract-office.ts');
    return await extractOffice(bytes);
  }
  if (format === 'compound') return { problem: compoundProblem(bytes) };
  if (format === 'rtf') {
    const { extractRtf } = await import('../office/rtf.ts');
    return extractRtf(bytes);
  }
  if (format === 'mail') {
    if (inMails === MOST_MAILS_DEEP) return { problem: 'it is a mail in a mail in a mail' };
    const { extractMail } = await import('../extract-mail.ts');
    return await extractMail(bytes, (name, attached) => extractText(name, attached, inMails + 1));
  }
  const decoded = await decodeText(bytes, { markup: format === 'html' });
  if ('problem' in decoded) return decoded;
  const kind = format === 'text' ? kindOfText(extension, decoded.text) : format;
  const { title: _title, ...extracted } = await asText(kind, decoded.text);
  return extracted;
}

/** Several programs keep their files in this form; names of its parts, which stand in it in UTF-16, tell them apart. */
function compoundProblem(bytes: Uint8Array): string {
  const holds = (part: string): boolean => Buffer.from(bytes).includes(part, 0, 'utf16le');
  if (holds('EncryptedPackage')) return 'it is locked with a password';
  if (holds('__substg1.0_')) return 'a mail as Outlook keeps it; kept as .eml it is read';
  return 'an Office file of the kind before 2007';
}

/** By what the bytes begin with, else by the name: files are sent and kept under wrong names. */
function formatOf(
  extension: string,
  bytes: Uint8Array,
): 'pdf' | 'archive' | 'compound' | 'rtf' | 'mail' | 'notebook' | 'html' | 'text' {
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1');
  if (head.startsWith('%PDF-')) return 'pdf';
  if (head.startsWith('PK\x03\x04')) return 'archive';
  if (head.startsWith('\xd0\xcf\x11\xe0')) return 'compound';
  if (head.startsWith('{\\rtf')) return 'rtf';
  // What begins without a header is a text under another name.
  if (MAILS.has(extension) && /^(?:From .*\r?\n)?(?:\xef\xbb\xbf)?[\w-]+:/.test(head.trimStart())) return 'mail';
  if (HTML.has(extension)) return 'html';
  if (extension === '.ipynb') return 'notebook';
  const isHtml = /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--[^]*?-->\s*)*<(?:!doctype html|html)[\s>]/i.test(head);
  if (isHtml && !isWritten(extension)) return 'html';
  // A reader of PDFs finds their beginning behind what a server or a mailer put before it.
  return extension === '.pdf' ? 'pdf' : 'text';
}

/** Whether people write such files by hand: then a page in them is an example, or a template. */
const isWritten = (extension: string): boolean =>
  !['plain', 'table'].includes(kindOf(extension)) && !PLAIN_BY_CONTENT.has(extension);

function kindOfText(extension: string, text: string): TextKind {
  if (isRoff(extension, text)) return 'roff';
  const markup = markupOf(extension);
  if (markup) return markup;
  return extension === '' && MARKS.test(text) ? 'markdown' : kindOf(extension);
}

function kindOf(extension: string): TextKind {
  if (extension === '.json') return 'json';
  if (TABLES.has(extension)) return 'table';
  return MARKDOWN.has(extension) ? 'markdown' : PLAIN.has(extension) ? 'plain' : 'code';
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').slice(0, 160);
}
