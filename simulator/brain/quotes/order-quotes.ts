// order-quotes.ts: the order of the chosen quotes: what says what a thing is, or answers a part, before the rest; and which
// of the rest say nothing more beside these.

import { holdsSurely } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import { isRefused, type Refusals } from '../request/reask.ts';
import { inWords } from '../text/clean.ts';
import { contentTerms } from '../words/words.ts';
import { partsOf, shareOf, type Found } from './asked.ts';
import { definedIn, definitionsOf } from './definitions.ts';
import { isOwn } from './own-documents.ts';
import type { Choice, Reading } from './quotable.ts';
import { isAnsweredBy } from './value-behind.ts';

/** A quote answers when it has this share of what is asked about the things that a question names. */
export const ANSWERS = 0.3;
/** Factor of a quote that holds nothing of the sort that a part asks for. */
const NOT_HELD = 0.5;
/** What was chosen for the whole stands where another sentence fits the part no better. */
const BETTER = 1.1;
/** Quotes of a passage that are looked at for a part, and parts that are. */
const MOST_BESIDE = 60;
const MOST_PARTS = 8;

/** What the order goes by. */
interface Known {
  found: Found;
  /** What is asked, with its weights. */
  aspects: ReadonlyMap<string, number>;
  /** The passages that were looked at for quotes. */
  candidates: readonly Reading[];
  refusals: Refusals;
}

/** Those that answer first, and the others behind them. @param sorted the best first */
export function inOrder(
  question: Question,
  sorted: readonly Choice[],
  known: Known,
): { first: Choice[]; others: Choice[] } {
  const defined = definitionsFor(question, known);
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
  if (defined.length === 0) return { first: firstOfEach(question, sorted, known), others };
  // What says that it tells them apart; then what each of them is.
  const both = sorted.filter((one) => namesAll(question, one)).slice(0, 1);
  return { first: onceEach([...both.filter(isApart), ...defined, ...both]), others };
}

function definitionsFor(question: Question, { found: { readings }, aspects, refusals }: Known): Choice[] {
  const isGiven = ({ quotable: { unit } }: Choice): boolean => !isRefused(unit.text, refusals);
  const { kind, pair } = question;
  if (kind !== 'definition') return pair.length > 1 ? definitionsOf(pair, readings).filter(isGiven) : [];
  // "What does the -k option of strace do?" is not told by another program's.
  const own = readings.filter((one) => isOwn(question, one));
  return definedIn(aspects, own.length > 0 && aspects.size > 0 ? own : readings).filter(isGiven);
}

/** For each part of a question the quote that answers it best, in the order of the parts. */
function firstOfEach(question: Question, choices: readonly Choice[], { found, candidates, refusals }: Known): Choice[] {
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
      const fitOf = ({ quotable }: Choice): number =>
        shareOf(terms, quotable.terms) * quotable.worth * (isAnsweredBy({ kind, text }, quotable) ? 1 : NOT_HELD);
      const bestOf = (all: readonly Choice[]): Choice | undefined =>
        all.reduce<Choice | undefined>((best, one) => (!best || fitOf(one) > fitOf(best) ? one : best), undefined);
      const [chosen, other] = [bestOf(choices), bestOf(beside)];
      const best = chosen && other && fitOf(other) > BETTER * fitOf(chosen) ? other : chosen;
      return best && shareOf(terms, best.quotable.terms) >= ANSWERS ? [best] : [];
    });
}

const onceEach = (choices: readonly Choice[]): Choice[] =>
  choices.filter(
    (one, at) => choices.findIndex(({ quotable }) => quotable.unit.text === one.quotable.unit.text) === at,
  );

const isApart = ({ quotable: { unit } }: Choice): boolean => holdsSurely('difference', inWords(unit));

const namesAll = ({ pair }: Question, { quotable }: Choice): boolean =>
  pair.length > 1 && pair.every(([name = '']) => contentTerms(name).every((term) => quotable.terms.has(term)));
