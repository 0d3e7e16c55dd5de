// own-documents.ts: which passages are of a thing that a question names, for a document has its name, and which are of
// something else.

import type { Question } from '../question/question.ts';
import { isCodeSource, isNameOf, mentions } from '../words/names.ts';
import { pointsAt } from './choose-passages.ts';
import type { Reading } from './quotable.ts';
import { asksOfNews, isOfNews } from './worth.ts';

/** A question of so few words is about one thing only. */
const SHORT = 4;
/** What fits so much better than the documents that have the name is of the thing, too. */
const FITTER = 1.5;

/** Where so many of the other passages speak of a thing, the whole folder is about it. */
const OFTEN = 0.6;
/** Passages of which that can be told. */
const FEW = 12;

/** The question without names of what most passages speak of, whatever document has that name, too: none has it for its own. */
export function ofFew(question: Question, readings: readonly Reading[]): Question {
  const names = question.names.filter((name) => {
    const others = readings.filter(({ passage }) => !isNameOf(name, passage.source));
    const speaking = others.filter(({ passage }) => mentions(`${passage.heading} ${passage.text}`.toLowerCase(), name));
    return others.length < FEW || speaking.length < OFTEN * others.length;
  });
  return { ...question, names };
}

/** Whether a document has the name of what is asked about. */
export const isOwn = ({ names }: Question, { passage }: Reading): boolean =>
  names.some((name) => isNameOf(name, passage.source));

/** Whether a short question is about one thing that has documents of its own. A program is one only where no text speaks of the thing. */
export function isOfOneThing(question: Question, readings: readonly Reading[]): boolean {
  if (question.words.length > SHORT) return false;
  const own = readings.filter((one) => isOwn(question, one));
  return (
    own.some(({ passage }) => !isCodeSource(passage.source)) || (own.length > 0 && !isWrittenOf(question, readings))
  );
}

/** Whether a text, and no program alone, speaks of what is asked about. */
const isWrittenOf = ({ names }: Question, readings: readonly Reading[]): boolean =>
  readings.some(
    ({ passage }) => !isCodeSource(passage.source) && names.some((name) => mentions(passage.text.toLowerCase(), name)),
  );

/** A short question about a thing that has documents of its own is answered from these, and from what they lead to. */
export function ofItsOwn(question: Question, readings: readonly Reading[]): readonly Reading[] {
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
export function withoutStrangers(question: Question, readings: readonly Reading[]): Reading[] {
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
function isFitter(
  { names, words }: Question,
  { quotables: [best], passage }: Reading,
  own: readonly Reading[],
): boolean {
  const most = Math.max(0, ...own.map(({ quotables: [first] }) => first?.score ?? 0));
  if (best === undefined || best.score <= FITTER * most) return false;
  const text = `${passage.heading}\n${best.heading}`.toLowerCase();
  // Its heading asks the very question, of one of them.
  if (best.isAsked && words.some(({ key, isName }) => isName && text.includes(key))) return true;
  return names.every((name) => !own.some((one) => isNameOf(name, one.passage.source)) || mentions(text, name));
}

/** Since when a thing is there, a changelog tells, which is nobody's own. */
const tellsOfIt = (question: Question, { passage }: Reading): boolean =>
  asksOfNews(question) &&
  isOfNews(passage) &&
  question.names.some((name) => mentions(passage.text.toLowerCase(), name));
