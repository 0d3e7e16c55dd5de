// findings.ts: which quotes are given, and in which order: of each passage that the search put first its best, those
// that answer before those that only stand near.

import { holdsSurely, isAnswer, type Kind } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import type { Read } from '../request/passages.ts';
import type { Refusals } from '../request/reask.ts';
import type { Finding } from '../request/shared.ts';
import { answerIn, claimOf, inWords } from '../text/clean.ts';
import { isEntry } from '../text/headings.ts';
import { MAX_QUOTE, MIN_QUOTE, type Unit } from '../text/unit.ts';
import { isNameOf, mentions } from '../words/names.ts';
import { contentTerms } from '../words/words.ts';
import { aspectsOf, partsOf, shareOf, type Found } from './asked.ts';
import { choosePassages, pointsAt } from './choose.ts';
import { definedIn, definitionsOf } from './definitions.ts';
import { wholeOf } from './extent.ts';
import { ledTo } from './leads-on.ts';
import { withoutPadding } from './padding.ts';
import type { Choice, Quotable, Reading } from './score.ts';
import { asksOfNews, isOfNews } from './worth.ts';

const MAX_FINDINGS = 5;
/** Passages that are looked at for them. */
const MAX_CANDIDATES = 9;
/** Quotes given where none answers. */
const MAX_NEAR = 2;
/** A quote that fits so much worse than the best stands only where its passage and another one point at each other. */
const WEAK = 0.15;
/** And where one thing is asked of one thing. */
const WEAK_OF_ONE = 0.45;
/** Where one quote has so much of the question, and what it wants, the others must fit as this share of it. */
const WHOLE = 0.6;
const WEAK_BESIDE = 0.5;
/** A quote answers when it has this share of what is asked about the things that a question names. */
const ANSWERS = 0.3;
/** What the form of a further quote from the same passage must be worth. */
const PLAIN = 0.6;
/** The heading of a version has so much of what is asked. */
const FULL = 0.8;
/** Factor of a quote that holds nothing of the sort that a part asks for. */
const NOT_HELD = 0.5;
/** A question of so few words is about one thing only. */
const SHORT = 4;

/** The quotes to give, the best answer first. @param readings in the order of the searches */
export function chooseQuotes(question: Question, { readings, weights }: Found, refusals: Refusals): Choice[] {
  const said = new Set<string>();
  const take = (reading: Reading, quotable: Quotable | undefined): Choice[] => {
    if (!quotable || said.has(inWords(quotable.unit))) return [];
    said.add(inWords(quotable.unit));
    return [{ reading, quotable }];
  };
  const candidates = choosePassages(question, { readings: ofItsOwn(question, readings), weights }, MAX_CANDIDATES);
  const best = withoutStrangers(question, candidates)
    .flatMap((reading) => take(reading, bestOf(question, reading, refusals)))
    .slice(0, MAX_FINDINGS);
  const aspects = aspectsOf(question, { readings, weights });
  const answers = ({ quotable }: Choice): boolean => shareOf(aspects, quotable.terms) >= ANSWERS;
  const top = [...best].sort(byScore)[0]?.quotable;
  const isPlain = question.names.length <= 1 && question.parts.length === 0;
  const floor =
    (top && top.covers >= WHOLE && isAnswer(question, answerIn(top.unit), top.heading)
      ? WEAK_BESIDE
      : isPlain
        ? WEAK_OF_ONE
        : WEAK) * (top?.score ?? 0);
  // A version's heading with its date answers alone.
  const isDate = ({ quotable: { unit, terms }, reading: { title } }: Choice): boolean =>
    unit.kind === 'heading' && shareOf(question.weights, new Set([...terms, ...title])) >= FULL;
  if (best.some(isDate)) return best.filter(isDate);
  const isShort = isOfOneThing(question, readings);
  const own = best.filter((one) => one.quotable.score >= floor && (!isShort || answers(one)));
  const isLinked = ({ reading }: Choice): boolean =>
    own.some((other) => pointsAt(reading, other.reading) || pointsAt(other.reading, reading));
  const kept = best.filter((one) => own.includes(one) || isLinked(one));
  if (isShort && !best.some(answers)) return best.sort(byScore).slice(0, MAX_NEAR);
  // What none of these speaks of, and another sentence beside one of them does; of lists, each other one that answers.
  const open = new Set(aspects.keys());
  const lists = new Set<string | undefined>();
  const note = ({ terms, unit }: Quotable): void => {
    for (const term of terms) open.delete(term);
    lists.add(listOf(unit));
  };
  for (const { quotable } of kept) note(quotable);
  const more: Choice[] = [];
  for (const { reading } of kept) {
    for (const quotable of reading.quotables) {
      const { unit, terms, worth } = quotable;
      const isList = question.kind === 'list' && unit.lead !== undefined && shareOf(aspects, terms) >= ANSWERS;
      const isNews = isList ? !lists.has(listOf(unit)) : [...terms].some((term) => open.has(term));
      if (
        !isNews ||
        worth < PLAIN ||
        quotable.score < WEAK_BESIDE * (top?.score ?? 0) ||
        isRefused(unit.text, refusals)
      )
        continue;
      note(quotable);
      more.push(...take(reading, quotable));
    }
  }
  const next = ledTo([...kept, ...more], readings, new Set(weights.keys())).flatMap(({ reading, quotable }) =>
    take(reading, quotable),
  );
  const given = [...kept, ...more].filter((one) => !next.some((other) => isInsteadOf(other, one)));
  const sorted = [...given, ...next].sort((x, y) => Number(answers(y)) - Number(answers(x)) || byScore(x, y));
  const defined = definitionsFor(question, aspects, readings).filter(
    ({ quotable: { unit } }) => !isRefused(unit.text, refusals),
  );
  const isDefined = ({ quotable }: Choice): boolean =>
    defined.some((one) => one.quotable.unit.text === quotable.unit.text);
  // Where each thing is told by itself, what only shares its words says nothing more.
  const isTold =
    question.parts.length === 0 &&
    (question.kind === 'definition'
      ? defined.length > 0
      : defined.length > 1 && defined.length === question.pair.length);
  const rest = sorted.filter((one) => !isDefined(one));
  const says = rest.filter(({ quotable }) => quotable.isDefinition);
  const others = isTold ? [] : question.parts.length === 0 && says.length > 0 ? says : rest;
  // What says that it tells them apart; then what each of them is.
  const both = sorted.filter((one) => namesAll(question, one)).slice(0, 1);
  const ends = next.filter(({ quotable }) => quotable.isLedTo);
  const first =
    defined.length > 0
      ? onceEach([...both.filter(isApart), ...defined, ...both])
      : firstOfEach(question, { readings, weights }, sorted, { candidates, refusals });
  const all = withoutPadding(question, aspects, [...new Set([...ends, ...first, ...others])], new Set(first));
  // A complaint that names nothing gets a shorter answer: the same again would be refused again.
  return all.slice(0, Math.max(1, Math.floor(all.length / 2 ** refusals.unnamed)));
}

/** What fits best of a passage; of those that fit nearly as well what holds the value that is asked for. */
function bestOf(question: Question, { quotables }: Reading, refusals: Refusals): Quotable | undefined {
  const best = quotables.find(({ unit }) => !isRefused(unit.text, refusals));
  if (!best || !KNOWN_BY_FORM.has(question.kind) || isHeld(question, best)) return best;
  const held = quotables.find(
    (one) => one.score >= HELD * best.score && isHeld(question, one) && !isRefused(one.unit.text, refusals),
  );
  return held ?? best;
}

const HELD = 0.6;
/** What is of these is known by its form: a reason, or the version that is meant, is not. */
const KNOWN_BY_FORM: ReadonlySet<Kind> = new Set([
  'who',
  'contact',
  'when',
  'date',
  'where',
  'how-often',
  'how-many',
  'how-long',
  'price',
  'option',
]);
const isHeld = (question: Question, { unit, heading, isAsked }: Quotable): boolean =>
  isAsked || isAnswer(question, answerIn(unit), heading);

function definitionsFor(
  question: Question,
  aspects: ReadonlyMap<string, number>,
  readings: readonly Reading[],
): Choice[] {
  const { kind, pair } = question;
  if (kind !== 'definition') return pair.length > 1 ? definitionsOf(pair, readings) : [];
  // "What does the -k option of strace do?" is not told by another program's.
  const own = readings.filter((one) => isOwn(question, one));
  return definedIn(aspects, own.length > 0 && aspects.size > 0 ? own : readings);
}

/** For each part of a question the quote that answers it best, in the order of the parts. */
function firstOfEach(
  question: Question,
  found: Found,
  choices: readonly Choice[],
  { candidates, refusals }: { candidates: readonly Reading[]; refusals: Refusals },
): Choice[] {
  if (question.parts.length === 0) return [];
  const beside = candidates.flatMap((reading) =>
    reading.quotables
      .slice(0, MOST_BESIDE)
      .filter(({ unit }) => !isRefused(unit.text, refusals))
      .map((quotable) => ({ reading, quotable })),
  );
  return partsOf(question, found)
    .slice(0, MOST_PARTS)
    .flatMap(({ kind, text, terms }) => {
      const fitOf = ({ quotable: { unit, heading, terms: held, worth } }: Choice): number =>
        shareOf(terms, held) * worth * (isAnswer({ kind, text }, answerIn(unit), heading) ? 1 : NOT_HELD);
      const bestOf = (all: readonly Choice[]): Choice | undefined =>
        all.reduce<Choice | undefined>((best, one) => (!best || fitOf(one) > fitOf(best) ? one : best), undefined);
      const [chosen, other] = [bestOf(choices), bestOf(beside)];
      // What was chosen for the whole stands where another sentence fits the part no better.
      const best = chosen && other && fitOf(other) > BETTER * fitOf(chosen) ? other : chosen;
      return best && shareOf(terms, best.quotable.terms) >= ANSWERS ? [best] : [];
    });
}

const BETTER = 1.1;
/** Quotes of a passage that are looked at for a part, and parts that are. */
const MOST_BESIDE = 60;
const MOST_PARTS = 8;

/** Beside the row, or the entry, that a value leads to, another one of its table is about something else. */
const isInsteadOf = (next: Choice, { reading, quotable: { unit, heading } }: Choice): boolean =>
  next.reading.passage.source === reading.passage.source &&
  (unit.kind === 'row'
    ? next.quotable.unit.kind === 'row'
    : isEntry(heading) && isEntry(next.quotable.heading) && heading !== next.quotable.heading);

const onceEach = (choices: readonly Choice[]): Choice[] =>
  choices.filter(
    (one, at) => choices.findIndex(({ quotable }) => quotable.unit.text === one.quotable.unit.text) === at,
  );

const isApart = ({ quotable: { unit } }: Choice): boolean => holdsSurely('difference', inWords(unit));

const namesAll = ({ pair }: Question, { quotable }: Choice): boolean =>
  pair.length > 1 && pair.every(([name = '']) => contentTerms(name).every((term) => quotable.terms.has(term)));

/** Which list a unit is in. */
const listOf = ({ under, lead }: Unit): string => `${under ?? ''}\n${lead ?? ''}`;

const byScore = (a: Choice, b: Choice): number => b.quotable.score - a.quotable.score;

/** A short question about a thing that has documents of its own is answered from these, and from what they lead to. */
function ofItsOwn(question: Question, readings: readonly Reading[]): readonly Reading[] {
  if (!isOfOneThing(question, readings)) return readings;
  const own = readings.filter((one) => isOwn(question, one));
  const leadsOn = question.words.filter((word) => !word.isName).length > 2;
  return readings.filter(
    (one) =>
      own.includes(one) ||
      isFitter(question, one, own) ||
      tellsOfIt(question, one) ||
      (leadsOn && own.some((other) => pointsAt(other, one))),
  );
}

/** Where a question names documents, a passage of another one comes last, unless the two point at each other. */
function withoutStrangers(question: Question, readings: readonly Reading[]): Reading[] {
  const own = readings.filter((one) => isOwn(question, one));
  const isStranger = (one: Reading): boolean =>
    own.length > 0 &&
    !own.includes(one) &&
    !isFitter(question, one, own) &&
    !own.some((other) => pointsAt(other, one)) &&
    !question.names.some((name) => mentions(one.passage.text.toLowerCase(), name));
  return [...readings.filter((one) => !isStranger(one)), ...readings.filter(isStranger)];
}

/** Speaks of the same, and says clearly more of the question than the documents that have its name: "gui.md" is not all of it. */
function isFitter({ names }: Question, { quotables: [best], passage }: Reading, own: readonly Reading[]): boolean {
  const most = Math.max(0, ...own.map(({ quotables: [first] }) => first?.score ?? 0));
  if (best === undefined || best.score <= FITTER * most) return false;
  const text = `${passage.heading}\n${best.heading}`.toLowerCase();
  return names.every((name) => !own.some((one) => isNameOf(name, one.passage.source)) || mentions(text, name));
}

const FITTER = 1.5;

/** Since when a thing is there, a changelog tells, which is nobody's own. */
const tellsOfIt = (question: Question, { passage }: Reading): boolean =>
  asksOfNews(question) &&
  isOfNews(passage) &&
  question.names.some((name) => mentions(passage.text.toLowerCase(), name));

const isOwn = ({ names }: Question, { passage }: Reading): boolean =>
  names.some((name) => isNameOf(name, passage.source));

const isOfOneThing = (question: Question, readings: readonly Reading[]): boolean =>
  question.words.length <= SHORT && readings.some((one) => isOwn(question, one));

export function isRefused(text: string, refusals: Refusals): boolean {
  if (refusals.texts.has(text)) return true;
  for (const refused of refusals.texts) if (refused.length >= MIN_QUOTE && text.includes(refused)) return true;
  return false;
}

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
