// unit.ts: what can be quoted of a passage.

export type UnitKind = 'sentence' | 'item' | 'row' | 'comment' | 'code' | 'heading' | 'noise';

export interface Unit {
  kind: UnitKind;
  /** Exact slice of the passage. */
  text: string;
  start: number;
  end: number;
  /** The nearest heading line above it in the text, as written, after that of the version that it belongs to. */
  under?: string;
  /** What its last words lead in: "Run it with:"; or the steps below it. */
  code?: Unit;
  /** What leads it in: the sentence before a list or code, the term of a definition. */
  lead?: string;
  /** That, as it stands in the passage. */
  ledBy?: string;
  /** A sentence that goes on in the list item before it. */
  isOfItem?: true;
  /** A term, with what it means behind or below it. */
  isTerm?: true;
  /** Cells of the table's head, for a row. */
  head?: string[];
  /** Begins or ends where the passage was cut, so that a part of it may be missing. */
  isCut: boolean;
}

/** What begins an item of a list: "-", "1.", "(a)"; for patterns. */
export const ITEM_MARK = String.raw`(?:[-*+•]|\d{1,3}[.)]|\([a-z\d]{1,3}\)|#\.)`;

export const MIN_QUOTE = 12;
export const MAX_QUOTE = 600;
/** A row, or a list that was asked for, may be longer. */
export const MAX_WHOLE = 1_150;
