// beginnings.ts: where nothing that was found says what a thing is, the document that most of it stands in may say so at its
// beginning, which speaks of the thing less often than the rest does.

import type { Question } from '../question/question.ts';
import type { Passage, Read } from '../request/passages.ts';
import { aspectsOf, type Found } from './asked.ts';
import { definedIn } from './definitions.ts';

/** Lines that are read of a beginning. */
export const BEGINNING = 60;
/** Passages, the best first, of which half, and so many at least, are of one document. */
const AMONG = 10;
const LEAST = 3;

/** The document to read from its beginning, if there is one. */
export function toBegin(question: Question, found: Found): string | undefined {
  if (question.kind !== 'definition' || question.parts.length > 0) return undefined;
  if (definedIn(aspectsOf(question, found), found.readings).length > 0) return undefined;
  const sources = found.readings.slice(0, AMONG).map(({ passage }) => passage.source);
  const countOf = (source: string): number => sources.filter((other) => other === source).length;
  return sources.find((source) => countOf(source) >= Math.max(LEAST, sources.length / 2));
}

/** What was read where it is asked what a thing is, as passages. */
export const beginningsIn = ({ kind }: Question, reads: readonly Read[]): Passage[] =>
  kind === 'definition' ? reads.map(({ source, text }) => ({ source, text, line: 1, heading: '', rank: 0 })) : [];
