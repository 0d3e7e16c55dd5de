// answered.ts: whether a part of a question is answered by one of the quotes: how much of it that says, and whether it holds what
// such a question wants.

import { asksNumber, holds, isAnswer, type Kind } from '../question/kinds.ts';
import { shareOf, type Part } from '../quotes/asked.ts';
import type { Choice, Reading } from '../quotes/quotable.ts';
import { leadsInto } from '../quotes/score.ts';
import { isAddressFor, isCellOf, isDefaultOf } from '../quotes/told-by-place.ts';
import { isAnsweredBy } from '../quotes/value-behind.ts';
import { saysWho } from '../quotes/who.ts';
import { answerIn, inWords } from '../text/clean.ts';
import { isEntry } from '../text/headings.ts';
import { cellsOf, isMark } from '../text/tables.ts';
import type { Unit } from '../text/unit.ts';
import { nameTerms, type Name } from '../words/names.ts';
import { contentTerms } from '../words/words.ts';
import { focusOf, paidFor, targetOf } from './focus.ts';

/** A part is answered when one quote, with what it stands under, has this share of its words; less where something is
 * asked for that few sentences hold, and there; more where words that are lacking change what is said. */
const ENOUGH = 0.6;
const ENOUGH_WITH: Partial<Record<Kind, number>> = {
  'how-many': 0.55,
  'how-long': 0.55,
  price: 0.55,
  when: 0.55,
  date: 0.55,
  'how-often': 0.45,
  platform: 0.45,
  // All that is said must hold.
  'yes-no': 0.75,
};

/** What is looked for once more was not found where it should stand: a sentence that says nearly all of it by itself. */
const ENOUGH_BESIDES = 0.8;

/** And where it stands under a heading, or is led in by a term, all of whose words are asked for: that is its document's place for such an answer. */
const ENOUGH_IN_PLACE = 0.45;
/** Of yes or no. */
const ALL_IN_PLACE = 0.62;

/** What has so much of it may count in other things: "how many levels deep", "5 children deep". */
const SAYS_NEARLY_ALL = 0.7;

/** Sentences behind one in which its reason may stand. */
const MOST_BEHIND = 2;

/** What names a thing, and has less than this of what is asked about it, does not answer. */
const OF_IT = 0.15;
/** Kinds that ask for all that is said of a thing. */
const OF_ALL: ReadonlySet<Kind> = new Set(['list', 'change', 'difference', 'definition']);

/** A quote with less than this of the words does not answer, however rare those are that it has. */
const HALF = 0.5;

/** What is in so much of what was found is what all of it is about: that a quote has it, too, says little. */
const EVERYWHERE = 0.75;
const SAYS_LITTLE = 0.3;
/** Of fewer passages nothing is known. */
const MANY = 8;

/** What a part is judged by. */
export interface Judged {
  choices: readonly Choice[];
  /** As they are given, each as far as it reaches. */
  given: readonly Choice[];
  names: readonly Name[];
  readings: readonly Reading[];
  /** Whether it was looked for once more. */
  isBesides: boolean;
}

/** The quote that answers a part, undefined where none does; and the quotes, those first that have most of it. */
export function answerTo(
  { terms: asked, ...part }: Part,
  judged: Judged,
): { answer: Choice | undefined; ranked: Choice[]; covers: (one: Choice) => number } {
  const { choices, names, isBesides } = judged;
  const { kind } = part;
  const terms = weighed(asked, judged.readings);
  const named = new Set(names.flatMap((name) => nameTerms(name.text)));
  const said = new Map(choices.map((one) => [one, saidBy(one, kind, judged)]));
  const saidOf = (one: Choice): ReadonlySet<string> => said.get(one) ?? NOTHING;
  const covers = (one: Choice): number => shareOf(terms, saidOf(one));
  const ranked = [...choices].sort((a, b) => covers(b) - covers(a));
  const counted = [...terms].filter(([, weight]) => weight > SAYS_LITTLE).map(([term]) => term);
  // One word alone says no yes or no, and what is looked for once more is in every other sentence.
  const target = targetOf(part.text, kind);
  const isRead = (term: string): boolean => judged.readings.some((one) => one.terms.has(term));
  const isNowhere =
    (target !== undefined && !isRead(target)) || (names.length === 0 && isKnownByOne([...asked.keys()], isRead));
  const isTooLittle = (one: Choice): boolean =>
    (isBesides && terms.size < 2) || (kind === 'yes-no' && counted.length < 2 && !saysWhether(one.quotable.unit));
  const hasHalf = (one: Choice): boolean => {
    if (counted.length === 0) return one.quotable.isInPlace;
    return counted.filter((term) => saidOf(one).has(term)).length >= HALF * counted.length;
  };
  const enough = enoughOf(part, terms, isBesides);
  const says = sayerOf({ ...part, terms }, named, judged.given);
  const answer = ranked.find(
    (one) =>
      one.quotable.isAsked ||
      (one.quotable.isLedTo && !isBesides) ||
      (!isBesides &&
        (isCellOf(one, names, terms) ||
          isDefaultOf(one, names, kind) ||
          isAddressFor(one, kind, (term) => terms.has(term) || named.has(term)))) ||
      (!isNowhere && !isTooLittle(one) && covers(one) >= enough(one) && hasHalf(one) && says(one)),
  );
  return { answer, ranked, covers };
}

/** "How do I yank a release?", where nothing says "yank": any release has all the rest of it. */
const isKnownByOne = (asked: readonly string[], isRead: (term: string) => boolean): boolean =>
  !asked.every(isRead) && asked.filter(isRead).length < 2;

/** "There is built-in support for it.", or a mark in a table. */
const saysWhether = (unit: Unit): boolean =>
  SAYS_WHETHER.test(inWords(unit)) ||
  (unit.kind === 'row' && cellsOf(unit.text).some((cell) => cell !== '' && isMark(cell)));
const SAYS_WHETHER =
  /\b(?:support(?:s|ed)?|built-in|out of the box|compatible|allow(?:s|ed)|possible|not? (?:be )?(?:used|possible|needed|required|available))\b/i;

const NOTHING: ReadonlySet<string> = new Set();

/** What is asked, with what it weighs where it is judged. */
function weighed(terms: ReadonlyMap<string, number>, readings: readonly Reading[]): Map<string, number> {
  const isEverywhere = (term: string): boolean =>
    readings.length >= MANY && readings.filter((one) => one.terms.has(term)).length > EVERYWHERE * readings.length;
  const lowered = new Map(
    [...terms].map(([term, weight]) => [term, isEverywhere(term) ? Math.min(weight, SAYS_LITTLE) : weight]),
  );
  // "When is my kombucha ready?": there is nothing else to tell it by.
  return [...lowered.values()].some((weight) => weight > SAYS_LITTLE) ? lowered : new Map(terms);
}

/** Terms of a quote, with what it stands under and what is quoted with it. */
function saidBy(one: Choice, kind: Kind, { given, isBesides }: Judged): Set<string> {
  const {
    quotable: { terms, unit },
    reading: { title },
  } = one;
  // By itself; a row with its columns.
  if (isBesides) return new Set(contentTerms([inWords(unit), ...(unit.head ?? [])].join(' ')));
  // Of yes or no one sentence must say all.
  const beside = kind === 'yes-no' ? [] : wholesOf(one, given).flatMap((whole) => contentTerms(inWords(whole)));
  return new Set([...terms, ...title, ...beside]);
}

/** What is quoted with a choice: it, and the sentences beside it. */
const wholesOf = ({ reading, quotable: { unit } }: Choice, given: readonly Choice[]): Unit[] =>
  given
    .filter(
      (one) => one.reading === reading && one.quotable.unit.start <= unit.start && one.quotable.unit.end >= unit.end,
    )
    .map(({ quotable }) => quotable.unit);

/** The share of the question that a quote must have, by where it stands. */
function enoughOf(
  { kind, text }: Pick<Part, 'kind' | 'text'>,
  terms: ReadonlyMap<string, number>,
  isBesides: boolean,
): (one: Choice) => number {
  if (isBesides) return () => ENOUGH_BESIDES;
  const enough = ENOUGH_WITH[kind] ?? ENOUGH;
  // Of a choice, what is said of one of the two answers, too.
  const most = / or /i.test(text) ? Math.min(ENOUGH, enough) : enough;
  const isAskedFor = (place: string): boolean => {
    const held = contentTerms(place);
    return held.length > 0 && held.every((term) => terms.has(term));
  };
  const inPlace = Math.min(most, kind === 'yes-no' ? ALL_IN_PLACE : ENOUGH_IN_PLACE);
  const done = kind === 'how-to' ? DONE.exec(text)?.[1] : undefined;
  const saysHow = (said: string): boolean =>
    done !== undefined && contentTerms(TO_DO.exec(said)?.[1] ?? '').some((term) => contentTerms(done).includes(term));
  return ({ quotable: { heading, unit } }) =>
    isAskedFor(heading) || isAskedFor(unit.lead ?? '') || saysHow(unit.text) ? inPlace : most;
}

/** "How do I upgrade just one package?", and "To upgrade a single package, …". */
const DONE = /\bhow (?:(?:do|can|could|should|must|would) (?:i|you|we|one)|to) (\p{L}{2,40})/iu;
const TO_DO = /^(?:[-*\d.)]+ )?to (\p{L}{2,40})\b/iu;

/** Whether a quote holds what such a question wants, and speaks of what it is about. */
function sayerOf(
  { kind, text, asksWhy, terms }: Part,
  named: ReadonlySet<string>,
  given: readonly Choice[],
): (one: Choice) => boolean {
  const asked = new Map([...terms].filter(([term]) => !named.has(term)));
  const focus = focusOf(text, kind);
  const paid = paidFor(text);
  const saysWhy = (units: readonly Unit[]): boolean => holds('why', units.map((one) => inWords(one)).join(' '));
  return ({ quotable, reading }) => {
    const { unit, at, heading, isInPlace } = quotable;
    const held = new Set([...quotable.terms, ...reading.title]);
    // "Default: 5" stands above what it is the default of.
    const withValues = asksNumber(kind)
      ? wholesOf({ quotable, reading }, given).filter((one) => one.start < unit.start)
      : [];
    return (
      (paid === undefined || held.has(paid)) &&
      (!asksWhy || saysWhy([unit, ...reading.units.slice(at + 1, at + 1 + MOST_BEHIND)])) &&
      (isAnsweredBy({ kind, text }, quotable) ||
        withValues.some((one) => isAnswer({ kind, text }, answerIn(one), heading)) ||
        leadsInto(kind, reading.units[at + 1]) ||
        (kind === 'definition' && isInPlace)) &&
      (OF_ALL.has(kind) || isEntry(heading) || shareOf(asked, held) >= OF_IT) &&
      ((kind !== 'other' && shareOf(terms, held) >= SAYS_NEARLY_ALL) || focus.every((term) => held.has(term))) &&
      saysWho(text, `${heading} ${unit.lead ?? ''} ${unit.head?.join(' ') ?? ''} ${inWords(unit)}`)
    );
  };
}
