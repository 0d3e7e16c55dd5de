// choose-quotes.ts: which quotes are given: of each passage that was chosen its best, those alone that fit nearly as well as
// the best of them; then what these leave open, and what they lead on to.

import type { Kind } from '../question/kinds.ts';
import { isPlain, type Question } from '../question/question.ts';
import { isRefused, type Refusals } from '../request/reask.ts';
import { inWords } from '../text/clean.ts';
import { isEntry } from '../text/headings.ts';
import type { Unit } from '../text/unit.ts';
import { aspectsOf, shareOf, type Found } from './asked.ts';
import { choosePassages, pointsAt } from './choose-passages.ts';
import { ledTo } from './leads-on.ts';
import { ANSWERS, inOrder } from './order-quotes.ts';
import { isOfOneThing, ofFew, ofItsOwn, withoutStrangers } from './own-documents.ts';
import { withoutPadding } from './padding.ts';
import type { Choice, Quotable, Reading } from './quotable.ts';
import { isAnsweredBy } from './value-behind.ts';

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
/** What the form of a further quote from the same passage must be worth. */
const PLAIN = 0.6;
/** The heading of a version has so much of what is asked. */
const FULL = 0.8;
/** What holds the value that is asked for stands for a better one that does not. */
const HELD = 0.6;

/** The quotes to give, the best answer first. @param found readings in the order of the searches */
export function chooseQuotes(question: Question, found: Found, refusals: Refusals): Choice[] {
  const { readings, weights } = found;
  const take = takenOnce();
  const thing = ofFew(question, readings);
  const candidates = choosePassages(thing, { readings: ofItsOwn(thing, readings), weights }, MAX_CANDIDATES);
  const best = withFittest(
    question,
    withoutStrangers(thing, candidates).flatMap((reading) => take(reading, bestOf(question, reading, refusals))),
  );
  const dates = best.filter((one) => isDateOfVersion(question, one));
  // These answer alone.
  if (dates.length > 0) return dates;
  const aspects = aspectsOf(question, found);
  const answers = ({ quotable }: Choice): boolean => shareOf(aspects, quotable.terms) >= ANSWERS;
  const isShort = isOfOneThing(thing, readings);
  if (isShort && !best.some(answers)) return best.sort(byScore).slice(0, MAX_NEAR);
  const kept = fitting(question, best, (one) => !isShort || answers(one));
  const more = leftOpen(question, kept, { aspects, best, refusals }).flatMap((one) => take(one.reading, one.quotable));
  const next = ledTo([...kept, ...more], readings, new Set(weights.keys())).flatMap((one) =>
    take(one.reading, one.quotable),
  );
  const given = [...kept, ...more].filter((one) => !next.some((other) => isInsteadOf(other, one)));
  const sorted = [...given, ...next].sort((x, y) => Number(answers(y)) - Number(answers(x)) || byScore(x, y));
  const { first, others } = inOrder(question, sorted, { found, aspects, candidates, refusals });
  const ends = next.filter(({ quotable }) => quotable.isLedTo);
  const all = withoutPadding(question, aspects, [...new Set([...ends, ...first, ...others])], new Set(first));
  // A complaint that names nothing gets a shorter answer: the same again would be refused again.
  return all.slice(0, Math.max(1, Math.floor(all.length / 2 ** refusals.unnamed)));
}

/** As many as are given, and of a plain question among them the one that fits clearly best, however late its passage comes. */
function withFittest(question: Question, all: readonly Choice[]): Choice[] {
  const first = all.slice(0, MAX_FINDINGS);
  // A notice names who made a thing, whatever of it is asked about.
  if (question.kind === 'who' || !isPlain(question)) return first;
  const [top, most] = [topOf(all), topOf(first)];
  const fittest = all.find(({ quotable }) => quotable === top);
  const isClear = (top?.score ?? 0) > CLEARLY * (most?.score ?? 0);
  return fittest && isClear ? [...first.slice(0, -1), fittest] : first;
}
/** So much better than the others. */
const CLEARLY = 1.1;

type Take = (reading: Reading, quotable: Quotable | undefined) => Choice[];

/** Takes each sentence once, whichever passages have it. */
function takenOnce(): Take {
  const said = new Set<string>();
  return (reading, quotable) => {
    if (!quotable || said.has(inWords(quotable.unit))) return [];
    said.add(inWords(quotable.unit));
    return [{ reading, quotable }];
  };
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
  'platform',
]);

const isHeld = (question: Question, one: Quotable): boolean => one.isAsked || isAnsweredBy(question, one);

/** The heading of the version that is asked about, with its date. */
const isDateOfVersion = ({ weights }: Question, { quotable: { unit, terms }, reading: { title } }: Choice): boolean =>
  unit.kind === 'heading' && shareOf(weights, new Set([...terms, ...title])) >= FULL;

/** Those that fit nearly as well as the best, and may stand; and those that one of these points at, or that point at one. */
function fitting(question: Question, best: readonly Choice[], mayStand: (one: Choice) => boolean): Choice[] {
  const top = topOf(best);
  const isAnswered = top && top.covers >= WHOLE && isAnsweredBy(question, top);
  const floor = (isAnswered ? WEAK_BESIDE : isPlain(question) ? WEAK_OF_ONE : WEAK) * (top?.score ?? 0);
  const own = best.filter((one) => one.quotable.score >= floor && mayStand(one));
  const isLinked = ({ reading }: Choice): boolean =>
    own.some((other) => pointsAt(reading, other.reading) || pointsAt(other.reading, reading));
  return best.filter((one) => own.includes(one) || isLinked(one));
}

/** What none of the kept ones speaks of, and another sentence beside one of them does; of lists, each other one that answers. */
function leftOpen(
  question: Question,
  kept: readonly Choice[],
  { aspects, best, refusals }: { aspects: ReadonlyMap<string, number>; best: readonly Choice[]; refusals: Refusals },
): Choice[] {
  const top = topOf(best);
  const open = new Set(aspects.keys());
  const lists = new Set<string>();
  const note = ({ terms, unit }: Quotable): void => {
    for (const term of terms) open.delete(term);
    lists.add(listOf(unit));
  };
  for (const { quotable } of kept) note(quotable);
  return kept.flatMap(({ reading }) =>
    reading.quotables.flatMap((quotable): Choice[] => {
      const { unit, terms, worth } = quotable;
      const isList = question.kind === 'list' && unit.lead !== undefined && shareOf(aspects, terms) >= ANSWERS;
      const isNews = isList ? !lists.has(listOf(unit)) : [...terms].some((term) => open.has(term));
      const isWeak = worth < PLAIN || quotable.score < WEAK_BESIDE * (top?.score ?? 0);
      if (!isNews || isWeak || isRefused(unit.text, refusals)) return [];
      note(quotable);
      return [{ reading, quotable }];
    }),
  );
}

/** Which list a unit is in. */
const listOf = ({ under, lead }: Unit): string => `${under ?? ''}\n${lead ?? ''}`;

/** Beside the row, or the entry, that a value leads to, another one of its table is about something else. */
const isInsteadOf = (next: Choice, { reading, quotable: { unit, heading } }: Choice): boolean =>
  next.reading.passage.source === reading.passage.source &&
  (unit.kind === 'row'
    ? next.quotable.unit.kind === 'row'
    : isEntry(heading) && isEntry(next.quotable.heading) && heading !== next.quotable.heading);

const byScore = (a: Choice, b: Choice): number => b.quotable.score - a.quotable.score;

const topOf = (choices: readonly Choice[]): Quotable | undefined => [...choices].sort(byScore)[0]?.quotable;
