// padding.ts: which of the chosen quotes only stand near the answer, and are left out: what holds nothing of the sort that is
// asked for, or has much less of the question than another one that does.

import { asksNumber, type Kind } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import { cellsOf } from '../text/tables.ts';
import { plainWords } from '../words/names.ts';
import { shareOf } from './asked.ts';
import { pointsAt } from './choose-passages.ts';
import type { Choice } from './quotable.ts';
import { isAnsweredBy } from './value-behind.ts';

/** A further quote must have this share of what the best one has of the question. */
const AS_GOOD = 0.75;
/** So much of it is an answer. */
const ENOUGH = 0.8;

/** What fits half as well as the best. */
const HALF_AS_WELL = 0.45;

/** What a link brings must say what is not said yet, or fit as this share of the best. */
const FIT = 0.5;
/** Whether an answer surely holds a number or a date. */
const asksValue = (kind: Kind): boolean => asksNumber(kind) || OF_VALUES.has(kind);
const OF_VALUES: ReadonlySet<Kind> = new Set(['how-often', 'date', 'when', 'version']);

/**
 * The quotes that answer, and those that they point at or that point at them.
 *
 * @param aspects what is asked, with its weights
 * @param sure stay whatever they hold
 */
export function withoutPadding(
  { kind, text, names, parts }: Question,
  aspects: ReadonlyMap<string, number>,
  all: readonly Choice[],
  sure: ReadonlySet<Choice>,
): Choice[] {
  const isHeld = ({ quotable }: Choice): boolean =>
    quotable.isAsked ||
    quotable.isLedTo === true ||
    (kind === 'definition' && quotable.isInPlace) ||
    isAnsweredBy({ kind, text }, quotable);
  const shareIn = ({ quotable }: Choice): number => shareOf(aspects, quotable.terms);
  const best = Math.max(0, ...all.filter(isHeld).map(shareIn));
  const fittest = all.reduce((most, one) => Math.max(most, one.quotable.score), 0);
  // Where a heading asks the very question, what stands under it is its answer.
  if (parts.length === 0 && all.some(({ quotable }) => quotable.isAsked))
    return all.filter(
      (one) => one.quotable.isAsked || sure.has(one) || (isHeld(one) && one.quotable.score >= HALF_AS_WELL * fittest),
    );
  // What is asked of several things stands in several places, and none of them answers alone.
  if (names.length > 1 || (names.length === 1 && best < ENOUGH)) return [...all];
  const kept: Choice[] = [];
  for (const one of all) {
    const isNew = [...aspects.keys()].some(
      (term) => one.quotable.terms.has(term) && !kept.some((other) => other.quotable.terms.has(term)),
    );
    const isLinked =
      (isNew || one.quotable.score >= FIT * fittest) &&
      kept.some((other) => pointsAt(one.reading, other.reading) || pointsAt(other.reading, one.reading));
    const isAsGood = isHeld(one) && shareIn(one) >= AS_GOOD * best;
    if (
      (kept.length === 0 && best === 0) ||
      sure.has(one) ||
      (!asksValue(kind) && one.quotable.score === fittest) ||
      isLinked ||
      isAsGood ||
      kept.some((other) => isRowAbout(one, other))
    )
      kept.push(one);
  }
  return kept;
}

/** Rows about one thing, which may say two things of it. */
const isRowAbout = ({ quotable: { unit: one } }: Choice, { quotable: { unit: other } }: Choice): boolean =>
  one.kind === 'row' &&
  other.kind === 'row' &&
  plainWords(cellsOf(one.text)[0] ?? '') === plainWords(cellsOf(other.text)[0] ?? '');
