// passage.ts: what searching and reading a corpus bring.

/** A stretch of a document that search found. */
export interface Passage {
  /** Stable within the corpus: `p123`. */
  id: string;
  source: string;
  line: number;
  endLine: number;
  page?: number;
  /** `Options > Default values`. */
  heading: string;
  text: string;
  /** Higher is better; comparable within one search only. */
  score: number;
}

/** Where a passage stands and what it says, by its number in the corpus. */
export interface PassageSource {
  documentOf(passage: number): number;
  sourceOf(passage: number): string;
  textOf(passage: number): string;
}

export interface ReadText {
  source: string;
  line: number;
  endLine: number;
  totalLines: number;
  text: string;
}
