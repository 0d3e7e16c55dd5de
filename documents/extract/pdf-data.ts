// pdf-data.ts: finds what the reader of PDFs needs beside its code: the maps from the character codes of Chinese, Japanese
// and Korean fonts, and the fonts that a PDF may name without holding them.

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside this file in dist, in dist where this file is a source (under Jest). */
export function pdfData(kind: string): string {
  return folderOf(kind, import.meta.url);
}

function folderOf(kind: string, here: string): string {
  return fileURLToPath(new URL(here.endsWith('.ts') ? `../../dist/documents/extract/${kind}` : `./${kind}`, here));
}

const FOLDERS: Record<string, string> = { cMapUrl: 'cmaps', standardFontDataUrl: 'standard_fonts' };

/** What pdf.js asks for such files, by the names that it has for them. */
export class PdfDataFactory {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const folder = FOLDERS[kind];
    if (folder === undefined) throw new Error(`there is no ${kind}`);
    // The name comes from the PDF.
    return new Uint8Array(await readFile(join(pdfData(folder), basename(filename))));
  }
}
