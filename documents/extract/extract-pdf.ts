// extract-pdf.ts: a PDF to text, page by page. A broken, locked or scanned PDF is a reason, never a crash, and a broken
// page costs that page.

import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { unixLines } from './decode-text.ts';
import type { Extracted } from './extracted.ts';
import { PdfDataFactory } from './pdf-data.ts';

/** A document that takes for ever is read as far as one gets. */
const MAX_SECONDS = 40;
/** Pages without text that are looked at for the reason. */
const LOOKED_AT = 3;
/** Characters that mean nothing outside their font, and those that stand for what could not be read. */
// oxlint-disable-next-line no-control-regex -- no text has them
const MEANINGLESS = /[\ue000-\uf8ff\ufffd\0-\x08\x0e-\x1f]/g;

interface PdfItem {
  str?: string;
  hasEOL?: boolean;
}

/** A field of a form, or what somebody wrote onto a page. */
interface PdfAnnotation {
  subtype?: string;
  fieldType?: string;
  fieldName?: string;
  alternativeText?: string;
  fieldValue?: unknown;
  /** Of one of several buttons, the value for which it stands. */
  buttonValue?: unknown;
  contentsObj?: { str?: string };
}

export async function extractPdf(bytes: Uint8Array): Promise<Extracted | { problem: string }> {
  // Loaded with the first PDF: it is the largest module of the thread.
  const { getDocumentProxy } = await import('unpdf');
  const pdf = await getDocumentProxy(new Uint8Array(bytes), {
    // A copy, since the parser takes the bytes away from their owner; 0 keeps it from writing warnings to stdout.
    verbosity: 0,
    BinaryDataFactory: PdfDataFactory,
    useWorkerFetch: false,
    // The factory knows where they are; without addresses it is not asked.
    cMapUrl: 'cmaps/',
    standardFontDataUrl: 'standard_fonts/',
  }).catch(openingProblem);
  if ('problem' in pdf) return pdf;
  try {
    return await readPages(pdf);
  } finally {
    await pdf.destroy();
  }
}

async function readPages(pdf: PDFDocumentProxy): Promise<Extracted | { problem: string }> {
  const deadline = Date.now() + MAX_SECONDS * 1_000;
  const pages: number[] = [];
  const parts: string[] = [];
  const broken: number[] = [];
  const empty: number[] = [];
  let line = 1;
  let unread = 0;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    if (Date.now() > deadline) {
      unread = pdf.numPages - number + 1;
      break;
    }
    const words = await pageWords(pdf, number);
    if (words === undefined) broken.push(number);
    else if (words === '') empty.push(number);
    const text = `${words ?? ''}\n\n`;
    pages.push(line);
    parts.push(text);
    line += text.split('\n').length - 1;
  }
  const lost = [
    ...(broken.length > 0
      ? [`page${broken.length > 1 ? 's' : ''} ${broken.slice(0, 20).join(', ')} can't be read`]
      : []),
    ...(unread > 0 ? [`its last ${unread} pages: reading the others took ${MAX_SECONDS} s`] : []),
  ];
  const text = parts.join('');
  if (text.trim() === '') return { problem: lost.join('; ') || (await whyEmpty(pdf, empty)) };
  const meaningless = text.match(MEANINGLESS)?.length ?? 0;
  if (meaningless > text.length / 3) return { problem: 'its fonts do not say which characters they show' };
  return { text, shape: 'plain', pages, ...(lost.length > 0 ? { lost: lost.join('; ') } : {}) };
}

/** Undefined for a page that is broken. */
async function pageWords(pdf: PDFDocumentProxy, number: number): Promise<string | undefined> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const own = (items as PdfItem[]).map((item) => (item.str ?? '') + (item.hasEOL ? '\n' : '')).join('');
    const written = (await page.getAnnotations().catch(() => [])).flatMap((one: PdfAnnotation) => writtenAt(one) ?? []);
    page.cleanup();
    const text = [own.trimEnd(), ...written].filter((part) => part !== '').join('\n');
    return unixLines(text)
      .replace(/\0/g, '')
      .replace(/[ \t]+$/gm, '')
      .trimEnd();
  } catch {
    return undefined;
  }
}

/** `weight: 42 kg` for a field that is filled in; a remark's words. Undefined when it says nothing. */
function writtenAt(one: PdfAnnotation): string | undefined {
  if (one.subtype === 'Link' || one.subtype === 'Popup') return undefined;
  if (one.subtype !== 'Widget') return one.contentsObj?.str?.trim() || undefined;
  const value = (Array.isArray(one.fieldValue) ? one.fieldValue : [one.fieldValue])
    .filter((part): part is string => typeof part === 'string')
    .join(', ')
    .trim();
  const isOff =
    one.fieldType === 'Btn' && (value === 'Off' || ![undefined, null, value].includes(one.buttonValue as string));
  if (value === '' || isOff) return undefined;
  return `${one.alternativeText || one.fieldName || 'field'}: ${value}`;
}

/** What there is on pages that hold no text. */
async function whyEmpty(pdf: PDFDocumentProxy, empty: readonly number[]): Promise<string> {
  const { getResolvedPDFJS } = await import('unpdf');
  const { OPS } = await getResolvedPDFJS();
  const drawn = new Set<number>();
  for (const number of empty.slice(0, LOOKED_AT)) {
    const page = await pdf.getPage(number);
    const { fnArray } = await page.getOperatorList();
    for (const one of fnArray) drawn.add(one);
  }
  const draws = (...names: (keyof typeof OPS)[]): boolean => names.some((name) => drawn.has(OPS[name]));
  const all = pdf.numPages === 1 ? 'its page' : `all of its ${pdf.numPages} pages`;
  if (draws('showText')) return `the fonts of ${all} do not say which characters they show`;
  if (draws('paintImageXObject', 'paintInlineImageXObject', 'paintImageMaskXObject', 'paintImageXObjectRepeat'))
    return `there are pictures and no text on ${all} (a scan?)`;
  return draws('constructPath', 'shadingFill')
    ? `there are drawings and no text on ${all}`
    : `there is nothing on ${all}`;
}

function openingProblem(error: Error): { problem: string } {
  if (error.name === 'PasswordException') return { problem: 'the PDF is locked with a password' };
  return { problem: `not a readable PDF: ${(error.message.split('\n')[0] ?? '').slice(0, 120)}` };
}
