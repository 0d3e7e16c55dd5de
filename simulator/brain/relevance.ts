// relevance.ts: what a question asks, and whether a quote is about that: an answer to it, near it, or of something else.

import { mentions } from './names.ts';
import type { Quotable } from './quotable.ts';
import type { Question } from './question.ts';
import { has, linkOf, type Ranked, type Ranking } from './rank.ts';
import { TUNING } from './tuning.ts';
import type { Unit } from './units.ts';

/** A quote that might be given. */
export interface Choice {
  ranked: Ranked;
  unit: Unit;
  /** The heading that the unit stands under. */
  heading: string;
  score: number;
}

/**
 * Whether a quote mentions what is asked. For a short question its own words and its heading must hold a good part of
 * that: the thing's name and one word beside it are in half the sentences of its document.
 */
export function answers(
  { ranked, unit }: Choice,
  question: Question,
  aspects: readonly string[],
  { weights }: Ranking,
): boolean {
  if (!isShort(question)) return aspects.some((term) => has(ranked, term));
  const own = quotableOf({ ranked, unit });
  const weigh = (terms: readonly string[]): number => terms.reduce((sum, term) => sum + (weights.get(term) ?? 0), 0);
  const held = aspects.filter((term) => own?.terms.has(term) || own?.headTerms.has(term));
  return weigh(held) >= TUNING.asked * weigh(aspects);
}

/** Whether a quote that does not answer is at least about it: by a word that is asked, or by two things that are named. */
export function isNear({ unit, ranked }: Choice, { names }: Question, aspects: readonly string[]): boolean {
  const own = quotableOf({ ranked, unit });
  if (!own || own.shape < TUNING.plain) return false;
  const lower = unit.text.toLowerCase();
  return aspects.some((term) => own.terms.has(term)) || names.filter((name) => mentions(lower, name)).length > 1;
}

/** A question so short is about one thing only. */
export const isShort = ({ words }: Question): boolean => words.length <= 7;

/** Words that ask for anything: no sentence needs to have them. */
const GENERIC = new Set([
  'work',
  'works',
  'working',
  'turn',
  'turns',
  'come',
  'comes',
  'put',
  'puts',
  'behave',
  'behaves',
]);

/** Whether a question asks for something in particular: "what is X and how does it work?" asks for whatever there is. */
export const asksSomething = (question: Question, aspects: readonly string[]): boolean =>
  aspects.length > 0 ||
  (!question.wantsDefinition && question.words.some((word) => !word.isName && !GENERIC.has(word.key)));

/** Whether a quote looks like something to read. */
export const isReadable = (choice: Choice): boolean => (quotableOf(choice)?.shape ?? 0) >= TUNING.plain;

const quotableOf = ({ ranked, unit }: Pick<Choice, 'ranked' | 'unit'>): Quotable | undefined =>
  ranked.quotables.find((one) => one.unit === unit);

/** What is asked about the things that the question names. */
export function aspectsOf(question: Question, { weights }: Ranking): string[] {
  return question.words
    .filter((word) => !word.isName && !GENERIC.has(word.key))
    .flatMap((word) => word.terms.filter((term) => weights.has(term)));
}

/**
 * Whether a quote is about something else than the question. Where what it names has documents of its own,
 * those of others count when one of its own points there and enough is asked to lead on; for a long question also when
 * the quote mentions it, or the passage holds more than one thing that is asked.
 */
export function isForeign(
  { ranked, unit }: Choice,
  question: Question,
  aspects: readonly string[],
  all: readonly Choice[],
): boolean {
  const { names } = question;
  if (ranked.named >= 0 || names.length === 0) return false;
  const speaks = (text: string): boolean => names.some((name) => mentions(text, name));
  const own = all.filter((other) => other.ranked.named >= 0);
  const isLedTo = aspects.length > 2 && own.some((other) => linkOf(other.ranked, ranked) === 1);
  if (own.length === 0)
    return isShort(question) && !speaks(ranked.lower) && all.some((other) => speaks(other.ranked.lower));
  if (isShort(question)) return !isLedTo;
  if (isLedTo || speaks(unit.text.toLowerCase())) return false;
  const isOpen = names.some((_name, at) => !own.some((other) => other.ranked.named === at));
  return !isOpen || aspects.filter((term) => has(ranked, term)).length < 2;
}
