// gaps.ts: says what was asked and not found, part by part, with the nearest thing that was.

import { asksNumber, EXTREME, holds, isAnswer, type Kind } from '../question/kinds.ts';
import { LEANS, MEASURE, type Question } from '../question/question.ts';
import { partsOf, shareOf, type Found, type Part } from '../quotes/asked.ts';
import { definedIn, definitionsOf } from '../quotes/definitions.ts';
import type { Choice, Reading } from '../quotes/quotable.ts';
import { leadsInto } from '../quotes/score.ts';
import { isAddressFor, isCellOf, isDefaultOf, isToldBy } from '../quotes/told-by-place.ts';
import { isAnsweredBy } from '../quotes/value-behind.ts';
import { saysWho } from '../quotes/who.ts';
import { answerIn, inWords } from '../text/clean.ts';
import { isEntry } from '../text/headings.ts';
import type { Unit } from '../text/unit.ts';
import { mentions, nameTerms, plainWords, type Name } from '../words/names.ts';
import { contentTerms } from '../words/words.ts';

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
  // All that is said must hold.
  'yes-no': 0.75,
};

/** What is looked for once more was not found where it should stand: a sentence that says nearly all of it by itself. */
const ENOUGH_BESIDES = 0.8;

/** And where it stands under a heading, or is led in by a term, all of whose words are asked for: that is its document's place for such an answer. */
const ENOUGH_IN_PLACE = 0.45;

/** What has so much of it may count in other things: "how many levels deep", "5 children deep". */
const SAYS_NEARLY_ALL = 0.7;

/** Sentences behind one in which its reason may stand. */
const MOST_BEHIND = 2;

/** What names a thing, and has less than this of what is asked about it, does not answer. */
const OF_IT = 0.15;
/** Kinds that ask for all that is said of a thing. */
const OF_ALL: ReadonlySet<Kind> = new Set(['list', 'change', 'difference', 'definition']);

/** Names that nothing speaks of and that have a sentence each; all others have one together. */
const MOST_APART = 4;

/** What was not found, in sentences. */
export function gapsOf(
  question: Question,
  { choices, given }: { choices: readonly Choice[]; given: readonly Choice[] },
  found: Found,
  isBesides = false,
): string[] {
  const absent = absentNames(question, found.readings);
  const gaps = absent.slice(0, MOST_APART).map((name) => `Nothing was found about ${name.text}.`);
  const others = absent.slice(MOST_APART).map(({ text }) => text);
  if (others.length > 0) gaps.push(`Nothing was found about these either: ${others.join(', ')}.`);
  const defined = definitionsOf(question.pair, found.readings);
  const areGiven = (all: readonly Choice[]): boolean =>
    all.every((one) => choices.some(({ quotable }) => quotable === one.quotable));
  const isToldApart = defined.length > 1 && defined.length === question.pair.length && areGiven(defined);
  const parts = partsOf(question, found);
  let entry: Choice | undefined;
  for (const part of parts) {
    if (absent.some((name) => [part.text, part.text.toLowerCase()].some((text) => text.includes(name.key)))) continue;
    if (part.kind === 'difference' && (isToldApart || areToldTogether(question, choices))) continue;
    const definition = part.kind === 'definition' ? definedIn(part.terms, found.readings) : [];
    if (definition.length > 0 && areGiven(definition)) continue;
    // "…, and on what date did it come out?": the entry that tells the one tells the other.
    if (entry && LEANS.test(part.text) && isToldBy(entry.quotable.heading, part.kind)) continue;
    const { gap, answer } = gapOf(part, { choices, given, isAll: parts.length === 1, isBesides }, question.names);
    if (answer && isEntry(answer.quotable.heading)) entry = answer;
    if (gap !== undefined) gaps.push(gap);
  }
  return gaps;
}

/** Of things that are to be told apart, whether one section speaks of each by itself. */
function areToldTogether({ pair }: Question, choices: readonly Choice[]): boolean {
  if (pair.length < 2) return false;
  const sectionsOf = (names: readonly string[]): string[] =>
    choices
      .filter(({ quotable: { unit } }) => names.some((name) => plainWords(inWords(unit)).includes(plainWords(name))))
      .map(({ reading: { passage }, quotable }) => `${passage.source}\n${passage.line}\n${quotable.unit.under ?? ''}`);
  const [first = [], ...others] = pair.map(sectionsOf);
  return first.some((section) => others.every((sections) => sections.includes(section)));
}

/** Whether what was found only stands near a plain question with a gap: nothing has much of it, or what it names is nowhere. */
export function isFarFrom(question: Question, choices: readonly Choice[], { readings }: Found): boolean {
  const { names, parts } = question;
  if (parts.length > 0) return false;
  return names.length === 0
    ? choices.every(({ quotable }) => quotable.covers < NEAR)
    : absentNames(question, readings).length > 0;
}

const NEAR = 0.5;
/** Quotes of what only stands near. */
export const MOST_NEAR = 2;

function gapOf(
  { text, kind, asksWhy, terms }: Part,
  {
    choices,
    given,
    isAll,
    isBesides,
  }: { choices: readonly Choice[]; given: readonly Choice[]; isAll: boolean; isBesides: boolean },
  names: readonly Name[],
): { gap?: string; answer?: Choice } {
  const named = new Set(names.flatMap((name) => nameTerms(name.text)));
  const asked = new Map([...terms].filter(([term]) => !named.has(term)));
  const covers = (one: Choice): number => {
    const { quotable, reading } = one;
    // Of yes or no one sentence must say all.
    const beside = kind === 'yes-no' ? [] : termsGiven(one, given);
    return shareOf(terms, isBesides ? quotable.terms : new Set([...quotable.terms, ...reading.title, ...beside]));
  };
  const ranked = [...choices].sort((a, b) => covers(b) - covers(a));
  const enough = ENOUGH_WITH[kind] ?? ENOUGH;
  // Of a choice, what is said of one of the two answers, too.
  const most = isBesides ? ENOUGH_BESIDES : / or /i.test(text) ? Math.min(ENOUGH, enough) : enough;
  const enoughFor = ({ quotable: { heading, unit } }: Choice): number =>
    !isBesides && (isAskedFor(heading, terms) || isAskedFor(unit.lead ?? '', terms))
      ? Math.min(most, ENOUGH_IN_PLACE)
      : most;
  const focus = focusOf(text);
  const saysWhy = (units: readonly Unit[]): boolean => holds('why', units.map((one) => inWords(one)).join(' '));
  const says = ({ quotable, reading }: Choice): boolean => {
    const { unit, at, heading, isInPlace, terms: held } = quotable;
    const { title, units } = reading;
    // "Default: 5" stands above what it is the default of.
    const withValues = asksNumber(kind)
      ? wholesOf({ quotable, reading }, given).filter((one) => one.start < unit.start)
      : [];
    return (
      (!asksWhy || saysWhy([unit, ...units.slice(at + 1, at + 1 + MOST_BEHIND)])) &&
      (isAnsweredBy({ kind, text }, quotable) ||
        withValues.some((one) => isAnswer({ kind, text }, answerIn(one), heading)) ||
        leadsInto(kind, units[at + 1]) ||
        (kind === 'definition' && isInPlace)) &&
      (OF_ALL.has(kind) || isEntry(heading) || shareOf(asked, new Set([...held, ...title])) >= OF_IT) &&
      (shareOf(terms, new Set([...held, ...title])) >= SAYS_NEARLY_ALL ||
        focus.every((term) => held.has(term) || title.has(term))) &&
      saysWho(text, `${heading} ${unit.lead ?? ''} ${unit.head?.join(' ') ?? ''} ${inWords(unit)}`)
    );
  };
  const answer = ranked.find(
    (one) =>
      one.quotable.isAsked ||
      (one.quotable.isLedTo && !isBesides) ||
      (!isBesides &&
        (isCellOf(one, names, terms) ||
          isDefaultOf(one, names, kind) ||
          isAddressFor(one, kind, (term) => terms.has(term) || named.has(term)))) ||
      (covers(one) >= enoughFor(one) && says(one)),
  );
  if (answer) return { answer };
  // Of a question that is one, what is quoted first.
  const [nearest] = isAll ? choices : ranked;
  const said =
    nearest && covers(nearest) > 0
      ? ` The nearest is in ${nearest.reading.passage.source}: "${brief(inWords(nearest.quotable.unit, () => false))}"`
      : '';
  return { gap: `${unanswered(text)}${said}` };
}

/** What is quoted with a choice: it, and the sentences beside it. */
const wholesOf = ({ reading, quotable: { unit } }: Choice, given: readonly Choice[]): Unit[] =>
  given
    .filter(
      (one) => one.reading === reading && one.quotable.unit.start <= unit.start && one.quotable.unit.end >= unit.end,
    )
    .map(({ quotable }) => quotable.unit);

/** Terms of that. */
const termsGiven = (one: Choice, given: readonly Choice[]): string[] =>
  wholesOf(one, given).flatMap((whole) => contentTerms(inWords(whole)));

function isAskedFor(heading: string, terms: ReadonlyMap<string, number>): boolean {
  const held = contentTerms(heading);
  return held.length > 0 && held.every((term) => terms.has(term));
}

/** "How many developers", "what is the phone number of", "why is it so cheap": an answer that does not speak of these is none. */
function focusOf(asked: string): string[] {
  // "How many people died": a column "Deaths" does not speak of people.
  const counted = /\bhow (?:many|much) (?!(?:people|persons)\b)([\p{L}-]+)/iu.exec(asked.replace(MEASURE, 'how'))?.[1];
  const valued =
    /\b(?:what|which) (?:is|are|was|were) the (?:[\p{L}'’-]+ ){0,4}?([\p{L}'’-]+) (?:of|in|for|on|at)\b/iu.exec(
      asked,
    )?.[1];
  const most = new RegExp(`\\b(${EXTREME})\\b`, 'i').exec(asked)?.[1];
  const wondered = /^\W*why\b.* so (\p{L}{3,})\s*\?*$/iu.exec(asked)?.[1];
  return contentTerms(counted ?? most ?? valued ?? wondered ?? '').slice(0, 1);
}

const unanswered = (asked: string): string => `No answer was found to "${brief(asked)}".`;

const MARK = /[?.\s]+$/;

/** Tells whether a gap says that a question is not answered; its mark may be left out. */
export const isGapOf = (question: string): ((gap: string) => boolean) => {
  const said = unanswered(question.replace(MARK, '')).slice(0, -2);
  return (gap) => gap.startsWith(said) && /^\??"\./.test(gap.slice(said.length));
};

/** Tells whether a gap says that nothing speaks of a thing that is named. */
export const isOfAbsent = (gap: string): boolean => gap.startsWith('Nothing was found about ');

/** The question that a gap says is not answered: of one that was cut, the whole that it was part of. */
export function questionIn(gap: string, whole: string): string[] {
  const [, question] = /^No answer was found to "(.+?)"\./.exec(gap) ?? [];
  if (question === undefined) return [];
  return [question.endsWith('…') ? whole : question];
}

/** Names of the question that no passage mentions. */
export function absentNames({ names }: Question, readings: readonly Reading[]): Name[] {
  return names.filter((name) => {
    const terms = nameTerms(name.text);
    return !readings.some(
      ({ passage, terms: held }) =>
        mentions(`${passage.source} ${passage.heading} ${passage.text}`.toLowerCase(), name) ||
        terms.every((term) => held.has(term)),
    );
  });
}

/** Findings about something else are no findings: when all that a question names is unknown, only what has nearly all of its other words may stay. */
export function isOffTopic(question: Question, readings: readonly Reading[]): boolean {
  const absent = absentNames(question, readings);
  const gone = new Set(absent.flatMap((name) => nameTerms(name.text)));
  const rest = question.words.filter((word) => !word.terms.some((term) => gone.has(term)));
  const best = Math.max(
    0,
    ...readings.map(({ terms }) => rest.filter((word) => word.terms.some((term) => terms.has(term))).length),
  );
  if (question.names.length === 0) return rest.length > 0 && best / rest.length < 0.34;
  if (absent.length < question.names.length) return false;
  return rest.length < 3 || best / rest.length < 0.75;
}

const brief = (text: string): string => {
  const clean = text.replace(/\s+/g, ' ').trim();
  return clean.length > 160 ? `${clean.slice(0, 159)}…` : clean;
};
