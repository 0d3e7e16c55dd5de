// extracted.ts: what extraction makes of a file.

/** How a text is divided: by headings, by blank lines, or by blank lines with all else being code. */
export type TextShape = 'markdown' | 'plain' | 'code';

export interface Extracted {
  text: string;
  shape: TextShape;
  /** The line at which each page starts, for sources with pages. */
  pages?: number[];
}
