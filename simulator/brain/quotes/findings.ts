// findings.ts: the chosen quotes as they are given: each as far as it reaches, with its claim and its places, in the wire shape.

import type { Question } from '../question/question.ts';
import type { Read } from '../request/passages.ts';
import type { Finding } from '../request/shared.ts';
import { claimOf, inWords, MAX_CLAIM } from '../text/clean.ts';
import { MAX_QUOTE, MIN_QUOTE, type Unit } from '../text/unit.ts';
import { contentTerms } from '../words/words.ts';
import { wholeOf } from './extent.ts';
import type { Choice } from './quotable.ts';

/** The quotes as they are given: each as far as it reaches. */
export function asGiven(question: Question, choices: readonly Choice[], reads: readonly Read[]): Choice[] {
  const given = choices.flatMap((one) =>
    wholeOf(question, one, reads).map((unit) => ({ ...one, quotable: { ...one.quotable, unit } })),
  );
  const led = new Set(given.flatMap(({ quotable: { unit } }) => unit.code?.text ?? []));
  return given.filter(({ quotable: { unit } }) => unit.kind !== 'code' || !led.has(unit.text));
}

/** What leads a quote in is quoted, too, where the claim has a figure from there. */
function leadFor(claim: string, { text, ledBy = '' }: Unit): string[] {
  const isFromLead = (figure: string): boolean => ledBy.includes(figure) && !text.includes(figure);
  return ledBy.length >= MIN_QUOTE && (claim.match(/\d+/g) ?? []).some(isFromLead) ? [ledBy.slice(0, MAX_QUOTE)] : [];
}

/** The code that a claim leads in, where both are short enough for one. */
const codeOf = (claim: string, { code }: Unit): Unit | undefined =>
  code && claim.length + inWords(code).length < MAX_CLAIM ? code : undefined;

/** The findings in their wire shape. */
export function writeFindings(question: Question, choices: readonly Choice[]): Finding[] {
  const subjects = question.names.map((name) => name.text);
  const asks = (column: string): boolean => contentTerms(column).some((term) => question.weights.has(term));
  return choices.map(({ reading, quotable }) => {
    const { passage } = reading;
    const whole = quotable.unit;
    const { source } = passage;
    const claim = claimOf(whole, { source, heading: quotable.heading }, { subjects, asks });
    const code = codeOf(claim, whole);
    return {
      claim: code === undefined ? claim : `${claim.replace(/::$/, ':')} ${inWords(code)}`,
      citations: [whole, ...(code ? [code] : [])]
        .map(({ text }) => text)
        .concat(leadFor(claim, whole))
        .map((quote) => ({ source, quote })),
    };
  });
}
