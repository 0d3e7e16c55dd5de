// same-question.ts: whether two questions ask for the same, as far as their words tell. When in doubt they do not: work done twice
// costs tokens, work left out costs the answer. How often it is wrong is counted in test/activities/same-question.test.ts.

import { canonicalJson, sha256 } from '../../protocol/schemas/hash.ts';
import { meaningOf, type Meaning } from './meaning.ts';

/**
 * How much of their words two questions must share to be the same, from 0 to 1. Of the open half of the labelled pairs none was
 * wrongly the same from 0.9 on; but of a long question one word more is less than a tenth (docs/decisions/0168).
 */
export const SAME_WORDS = 1;
/** Of longer questions the whole row of words is compared: all three of so many would take too long. */
const MAX_TERMS = 64;
/** "What is Alpha", "what does Alpha do": too little to be compared by. */
const MIN_TERMS = 2;

export const asksTheSame = (a: Meaning, b: Meaning): boolean => likeness(a, b) >= SAME_WORDS;

/**
 * The same text for questions that ask for the same in words of the same order, and for no others: for those that never meet in
 * one plan.
 */
export function questionKey(question: string): string {
  const { text, asks, numbers, turns, terms, row, voice, seeks = null } = meaningOf(question);
  const meant = terms.length < MIN_TERMS ? { text } : { asks, numbers, turns, row, voice, seeks };
  return sha256(canonicalJson(meant));
}

/** How much two questions have in common, from 0 to 1; 0 where they can't ask for the same, whatever their words. */
export function likeness(a: Meaning, b: Meaning): number {
  if (a.text === b.text) return 1;
  if (Math.min(a.terms.length, b.terms.length) < MIN_TERMS) return 0;
  if (a.asks !== b.asks || !areEqual(a.numbers, b.numbers) || !areEqual(a.turns, b.turns)) return 0;
  const shared = (2 * sharedTerms(a.terms, b.terms)) / (a.terms.length + b.terms.length);
  return shared > 0 && isTurnedRound(a, b) ? 0 : shared;
}

const areEqual = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, at) => one === b[at]);

function sharedTerms(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const term of a) counts.set(term, (counts.get(term) ?? 0) + 1);
  return b.filter((term) => {
    const left = counts.get(term) ?? 0;
    counts.set(term, left - 1);
    return left > 0;
  }).length;
}

/** Whether who does something in one of them has it done in the other: "what A sold to B", "what B sold to A". */
function isTurnedRound(a: Meaning, b: Meaning): boolean {
  if (Math.max(a.row.length, b.row.length) > MAX_TERMS) return !areEqual(a.row, b.row);
  if (a.voice === b.voice) return isOtherSought(a, b) || haveChangedSides(a, b);
  // "Which firms were bought by A" is not "which firms bought A".
  return areEqual(a.terms, b.terms) && (a.voice === 'by' || b.voice === 'by');
}

const isOtherSought = (a: Meaning, b: Meaning): boolean =>
  a.seeks !== undefined && b.seeks !== undefined && a.seeks !== b.seeks;

/** Whether two terms have changed their sides of a third, as of the verb. What only says where or when may. */
function haveChangedSides(a: Meaning, b: Meaning): boolean {
  const places = new Map(b.row.map((term, at) => [term, at]));
  const shared = [...new Set(a.row)].flatMap((term) => {
    const at = places.get(term);
    return at === undefined ? [] : [{ at, isAdjunct: a.adjuncts.has(term) || b.adjuncts.has(term) }];
  });
  return shared.some((middle, i) => {
    const left = shared.slice(0, i).filter(({ at }) => at > middle.at);
    const right = shared.slice(i + 1).filter(({ at }) => at < middle.at);
    return left.some((one) => right.some(({ isAdjunct }) => isAdjunct === one.isAdjunct));
  });
}
