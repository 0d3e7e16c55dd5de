// value-behind.ts: the default that a sentence speaks of and the one behind it tells, and whether the two answer together.

import { asksNumber, holds, isAnswer, type Kind } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import { answerIn, inWords } from '../text/clean.ts';
import type { Unit } from '../text/unit.ts';
import { contentTerms } from '../words/words.ts';
import type { Quotable } from './quotable.ts';

/** "Sets how long it waits. The default is 30ms.": the value of what a sentence speaks of may stand in one behind it. */
export function valueBehind({ kind, weights }: Question, units: readonly Unit[], at: number): string {
  const unit = units[at];
  if (!unit || !(asksNumber(kind) || kind === 'how-often') || unit.kind === 'row' || unit.kind === 'code') return '';
  for (const next of units.slice(at + 1, at + 1 + MOST_BEHIND)) {
    if (next.kind !== 'sentence' || next.under !== unit.under || next.isCut) return '';
    const said = inWords(next);
    // What speaks of the thing itself answers by itself.
    const isOfIt = contentTerms(said).some((term) => term !== 'default' && weights.has(term));
    if (TELLS_DEFAULT.test(said) && !isOfIt && holds(kind, said)) return said;
  }
  return '';
}

/** Whether it holds what is asked for, itself or in what stands behind it. */
export const isAnsweredBy = (
  question: { kind: Kind; text: string },
  { unit, heading, behind }: Pick<Quotable, 'unit' | 'heading' | 'behind'>,
): boolean => isAnswer(question, `${answerIn(unit)} ${behind}`, heading);

const MOST_BEHIND = 2;
/** "The default is 30ms.", "It defaults to 5 minutes.", "By default, …". */
const TELLS_DEFAULT =
  /^(?:(?:it|this|(?:the|its|this) (?:value|limit|timeout|interval|size|number)) )?(?:is )?(?:the |its )?(?:defaults?|by default)\b/i;
