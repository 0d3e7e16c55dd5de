// source-limits.ts: how much one task may read, so that a slip (a home folder, a data dump) ends in a sentence.

import { extname } from 'node:path';

export interface SourceLimits {
  files: number;
  /** Bytes of all files together. */
  totalBytes: number;
  textBytes: number;
  /** Parsing takes many times a page's size in memory. */
  htmlBytes: number;
  pdfBytes: number;
  /** Archives: their pictures are not read. */
  officeBytes: number;
}

const MB = 1_000_000;

export const SOURCE_LIMITS: SourceLimits = {
  files: 20_000,
  totalBytes: 200 * MB,
  textBytes: 20 * MB,
  htmlBytes: 10 * MB,
  pdfBytes: 50 * MB,
  officeBytes: 50 * MB,
};

/** Why a file of this size is left out; undefined when it may be read. */
export function sizeProblem(name: string, bytes: number, limits: SourceLimits): string | undefined {
  const extension = extname(name).toLowerCase();
  const most = limits[kindOf(extension)];
  return bytes > most
    ? `${megabytes(bytes)} MB is more than the ${megabytes(most)} MB that are read of one file`
    : undefined;
}

function kindOf(extension: string): 'pdfBytes' | 'htmlBytes' | 'officeBytes' | 'textBytes' {
  if (extension === '.pdf') return 'pdfBytes';
  if (/^\.(?:(?:doc|xls|ppt)[xm]|epub)$/.test(extension)) return 'officeBytes';
  return /^\.x?html?$/.test(extension) ? 'htmlBytes' : 'textBytes';
}

export const megabytes = (bytes: number): string => (bytes / MB).toFixed(bytes < MB ? 3 : 0);
