// source-limits.ts: how much one task may read, so that a slip (a home folder, a data dump) ends in a sentence.

import { extname } from 'node:path';

export interface SourceLimits {
  /** More than these are refused before any is read. */
  files: number;
  /** Bytes of all files together. */
  totalBytes: number;
  textBytes: number;
  /** Parsing takes many times a page's size in memory. */
  htmlBytes: number;
  pdfBytes: number;
  /** Archives, mails and notebooks: their pictures are not read. */
  officeBytes: number;
}

/** What a deployment may set of them. */
export interface CorpusLimits {
  /** Files that one task may read. */
  files?: number | undefined;
  /** Bytes of all of them together. */
  bytes?: number | undefined;
}

const KB = 1_000;
const MB = 1_000 * KB;

export const SOURCE_LIMITS: SourceLimits = {
  files: 50_000,
  totalBytes: 2_000 * MB,
  textBytes: 20 * MB,
  htmlBytes: 10 * MB,
  pdfBytes: 50 * MB,
  officeBytes: 50 * MB,
};

/** The limits with what a deployment set. */
export const limitsWith = ({ files, bytes }: CorpusLimits = {}): SourceLimits => ({
  ...SOURCE_LIMITS,
  ...(files === undefined ? {} : { files }),
  ...(bytes === undefined ? {} : { totalBytes: bytes }),
});

/** Why a file of this size is left out; undefined when it may be read. */
export function sizeProblem(name: string, bytes: number, limits: SourceLimits): string | undefined {
  const extension = extname(name).toLowerCase();
  const most = limits[kindOf(extension)];
  return bytes > most
    ? `${bytesInWords(bytes)} is more than the ${bytesInWords(most)} that are read of one file`
    : undefined;
}

function kindOf(extension: string): 'pdfBytes' | 'htmlBytes' | 'officeBytes' | 'textBytes' {
  if (extension === '.pdf') return 'pdfBytes';
  if (/^\.(?:(?:doc|xls|ppt)[xm]|epub|eml|mbox|mhtml?|rtf|ipynb)$/.test(extension)) return 'officeBytes';
  return /^\.x?html?$/.test(extension) ? 'htmlBytes' : 'textBytes';
}

/** `26 bytes`, `13 kB`, `120 MB` */
export function bytesInWords(bytes: number): string {
  if (bytes < KB) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return bytes < MB ? `${Math.floor(bytes / KB)} kB` : `${(bytes / MB).toFixed(0)} MB`;
}
