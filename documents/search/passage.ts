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

export interface ReadText {
  source: string;
  line: number;
  endLine: number;
  totalLines: number;
  text: string;
}
