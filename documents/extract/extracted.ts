// extracted.ts: what extraction makes of a file, and its version. Loads no parser: the main thread needs none.

/** Part of a corpus's key: what extraction, chunking and indexing make of the same bytes. */
export const EXTRACTOR_VERSION = 28;

/** How a text is divided: by headings, by blank lines, by blank lines with all else being code, or into rows under a head. */
export type TextShape = 'markdown' | 'plain' | 'code' | 'table';

export interface Extracted {
  text: string;
  shape: TextShape;
  /** The line at which each page, slide, sheet or chapter starts, for sources that have them. */
  pages?: number[];
  /** What of the source is not in the text, and why; absent when all is. */
  lost?: string;
}
