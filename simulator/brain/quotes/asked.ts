// asked.ts: what a question asks, part by part: the words that an answer must have, and the sort of thing that it must hold.

import { kindOf, type Kind } from '../question/kinds.ts';
import { AND_WHY, askedWords, LEANS, type Question } from '../question/question.ts';
import { isNameOf, nameTerms } from '../words/names.ts';
import { inOneWord } from '../words/two-words.ts';
import type { Reading } from './quotable.ts';

/** What was found, and what each term of the question weighs in it. */
export interface Found {
  readings: readonly Reading[];
  weights: ReadonlyMap<string, number>;
}

/** A part of a question, or the whole of one that has none. */
export interface Part {
  text: string;
  kind: Kind;
  /** And its reason: "…, and why?" */
  asksWhy: boolean;
  /** What is asked, with its weights. */
  terms: Map<string, number>;
}

/** What the words of the part before count in one that speaks of them. */
const LEANT = 0.5;

/** "A machine has died. How do I …?": what is told asks nothing. */
export const isToldIn = (question: string, part: string): boolean => question.includes('?') && part.endsWith('.');

/** The parts of a question that ask for something. */
export function partsOf({ text, parts, names, words }: Question, found: Found): Part[] {
  let before = new Map<string, number>();
  const isTold = (part: string): boolean => isToldIn(text, part);
  return (parts.every(isTold) ? [text] : parts).flatMap((part): Part[] => {
    // "case-insensitively" is asked for in two words.
    const own = new Set(
      askedWords(inOneWord(part)).flatMap(({ text, terms }) => (text.includes('-') ? terms : terms.slice(0, 1))),
    );
    const asked = words.filter((word) => word.terms.some((term) => own.has(term)));
    // A thing's name is in half the sentences of its document: what is asked of it counts.
    const aspects = aspectsOf({ words: asked, names }, found);
    const terms = aspects.size > 0 ? aspects : aspectsOf({ words: asked, names: [] }, found);
    // "and who made it": made what the part before asks about.
    if (LEANS.test(part)) for (const [term, weight] of before) terms.set(term, terms.get(term) ?? weight * LEANT);
    before = terms;
    return terms.size === 0 || (parts.length > 1 && isTold(part))
      ? []
      : [{ text: part, kind: kindOf(part.replace(AND_WHY, '')), asksWhy: AND_WHY.test(part), terms }];
  });
}

/** What is asked about the things that a question names and that have documents, with its weights. */
export function aspectsOf(
  { words, names }: Pick<Question, 'words' | 'names'>,
  { readings, weights }: Found,
): Map<string, number> {
  const own = names.filter((name) => readings.some(({ passage }) => isNameOf(name, passage.source)));
  const things = new Set(own.flatMap((name) => nameTerms(name.text)));
  const asked = words.flatMap((word) => word.terms.slice(0, 1)).filter((term) => !things.has(term));
  // What no passage has is what they do not answer.
  return new Map(asked.map((term) => [term, weights.get(term) ?? 1]));
}

/** Share of what is asked that `terms` have, 0 to 1; 1 where nothing is asked. */
export function shareOf(asked: ReadonlyMap<string, number>, terms: ReadonlySet<string>): number {
  let all = 0;
  let held = 0;
  for (const [term, weight] of asked) {
    all += weight;
    if (terms.has(term)) held += weight;
  }
  return all === 0 ? 1 : held / all;
}
