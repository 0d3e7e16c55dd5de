// quotable.ts: what is known of a sentence that may be quoted, and of the passage that it is in. Types alone.

import type { Passage } from '../request/passages.ts';
import type { Unit } from '../text/unit.ts';

/** A unit of a passage that may be quoted. */
export interface Quotable {
  unit: Unit;
  /** Its place in `Read.units`. */
  at: number;
  heading: string;
  /** Where a number is asked for, the sentence behind it that tells a default. */
  behind: string;
  /** Share of what the question weighs, 0 to 1. */
  covers: number;
  /** Terms of the question that it says itself or stands under. */
  terms: Set<string>;
  /** How much it says of each term of the question, 0 to 1. */
  shares: Map<string, number>;
  /** The heading over it asks the question. */
  isAsked: boolean;
  /** What stands over it is asked for: its document's place for an answer. */
  isInPlace: boolean;
  /** It says what the very thing is that is asked. */
  isDefinition: boolean;
  /** What another quote, which has the rest of the question, leads to. */
  isLedTo?: true;
  /** What its form is worth to the question. */
  worth: number;
  score: number;
}

/** A passage as read for a question. */
export interface Reading {
  passage: Passage;
  units: Unit[];
  /** Best first. */
  quotables: Quotable[];
  /** All terms of text and title. */
  terms: Set<string>;
  title: Set<string>;
  /** How often the text has each term, and how many terms it has. */
  counts: Map<string, number>;
  length: number;
  /** The text's words, in lower case, between spaces. */
  words: string;
  /** Names by which other passages may point at it. */
  handles: string[];
}

/** A quote that may be given, in its passage. */
export interface Choice {
  reading: Reading;
  quotable: Quotable;
}
