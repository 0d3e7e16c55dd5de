// gaps.ts: says what was asked and not found, part by part, with the nearest thing that was.

import { LEANS, type Question } from '../question/question.ts';
import { partsOf, type Found } from '../quotes/asked.ts';
import { definedIn, definitionsOf } from '../quotes/definitions.ts';
import type { Choice, Reading } from '../quotes/quotable.ts';
import { isToldBy } from '../quotes/told-by-place.ts';
import { inWords } from '../text/clean.ts';
import { isEntry } from '../text/headings.ts';
import { mentions, nameTerms, plainWords, type Name } from '../words/names.ts';
import { answerTo } from './answered.ts';

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
  const gaps = absent.slice(0, MOST_APART).map((name) => `Nothing was found about ${brief(name.text)}.`);
  const others = absent.slice(MOST_APART).map(({ text }) => text);
  if (others.length > 0) gaps.push(`Nothing was found about these either: ${brief(others.join(', '), MOST_NAMED)}.`);
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
    const { answer, ranked, covers } = answerTo(part, {
      choices,
      given,
      names: question.names,
      readings: found.readings,
      isBesides,
    });
    if (answer && isEntry(answer.quotable.heading)) entry = answer;
    if (answer) continue;
    // Of a question that is one, what is quoted first.
    const [nearest] = parts.length === 1 ? choices : ranked;
    const near = nearest && covers(nearest) > 0 ? nearest : undefined;
    gaps.push(`${unanswered(part.text)}${near ? nearestIn(near) : ''}`);
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

const nearestIn = ({ reading: { passage }, quotable: { unit } }: Choice): string =>
  ` The nearest is in ${nearEnd(passage.source)}: "${brief(inWords(unit, () => false))}"`;

const unanswered = (asked: string): string => `No sure answer was found to "${brief(asked)}".`;

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
  const [, question] = /^No sure answer was found to "(.+?)"\./.exec(gap) ?? [];
  if (question === undefined) return [];
  return [question.endsWith('…') ? whole : question];
}

/** A name of fewer letters stands in words that are not it: "CORS" in "cores", "Bun" in "bundle". */
const IN_OTHERS = 5;

/** Names of the question that no passage mentions. */
export function absentNames({ names }: Question, readings: readonly Reading[]): Name[] {
  return names.filter((name) => {
    const terms = nameTerms(name.text);
    const isShort = name.key.length < IN_OTHERS;
    return !readings.some(
      ({ passage, terms: held }) =>
        terms.every((term) => held.has(term)) ||
        (!isShort && mentions(`${passage.source} ${passage.heading} ${passage.text}`.toLowerCase(), name)),
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

/** A path is known by its end. */
const nearEnd = (source: string): string => (source.length > 120 ? `…${source.slice(-119)}` : source);

/** So that no sentence is longer than one may be, whatever was asked. */
const brief = (text: string, most = 160): string => {
  const clean = text.replace(/\s+/g, ' ').trim();
  return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean;
};
/** Letters of a list of names in one sentence. */
const MOST_NAMED = 400;
