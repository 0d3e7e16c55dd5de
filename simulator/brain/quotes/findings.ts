// findings.ts: the chosen quotes as they are given: each as far as it reaches, with its claim and its places, in the wire shape.

import type { Question } from '../question/question.ts';
import type { Read } from '../request/passages.ts';
import type { Finding } from '../request/shared.ts';
import { claimOf } from '../text/clean.ts';
import { MAX_QUOTE, MIN_QUOTE, type Unit } from '../text/unit.ts';
import { contentTerms } from '../words/words.ts';
import { wholeOf } from './extent.ts';
import type { Choice } from './quotable.ts';

/** The quotes as they are given: each as far as it reaches. */
export const asGiven = (question: Question, choices: readonly Choice[], reads: readonly Read[]): Choice[] =>
  choices.flatMap((one) =>
    wholeOf(question, one, reads).map((unit) => ({ ...one, quotable: { ...one.quotable, unit } })),
  );

/** What leads a quote in is quoted, too, where the claim has a figure from there. */
function leadFor(claim: string, { text, ledBy = '' }: Unit): string[] {
  const isFromLead = (figure: string): boolean => ledBy.includes(figure) && !text.includes(figure);
  return ledBy.length >= MIN_QUOTE && (claim.match(/\d+/g) ?? []).some(isFromLead) ? [ledBy.slice(0, MAX_QUOTE)] : [];
}

/** The findings in their wire shape. */
export function writeFindings(question: Question, choices: readonly Choice[]): Finding[] {
  const subjects = question.names.map((name) => name.text);
  const asks = (column: string): boolean => contentTerms(column).some((term) => question.weights.has(term));
  return choices.map(({ reading, quotable }) => {
    const { passage } = reading;
    const whole = quotable.unit;
    const { source } = passage;
    const claim = claimOf(whole, { source, heading: quotable.heading }, { subjects, asks });
    return { claim, citations: [whole.text, ...leadFor(claim, whole)].map((quote) => ({ source, quote })) };
  });
}
