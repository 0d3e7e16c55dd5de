// extent.ts: how far a quote reaches: the sentences that complete it, the whole list, the whole section that answers, the
// sentence before it that it speaks of.

import { inWords } from './clean.ts';
import { holds, type Kind } from './kinds.ts';
import { isCodeSource, isPlainSource } from './names.ts';
import type { Read } from './passages.ts';
import type { Question } from './question.ts';
import { refersBack, type Quotable, type Reading, type Choice } from './score.ts';
import { MAX_QUOTE, type Unit } from './unit.ts';
import { unitsOf } from './units.ts';
import { contentTerms } from './words.ts';

/** A chosen quote as it is given: completed, or, where a passage cuts it, from what was read around it. */
export const wholeOf = (question: Question, { reading, quotable }: Choice, reads: readonly Read[]): Unit =>
  quotable.unit.isCut
    ? uncut(quotable.unit, reading.passage.source, reads)
    : withBefore(question, reading, quotable.at, completed(question, reading, quotable));

const GOES_ON =
  /^(?:it|its|this|these|those|that|they|he|she|his|her|their|otherwise|instead|however|but|if (?:it|this|set|true|false|you|not|no)|in (?:this|that|these) cases?|you can also|then|so|also|the (?:former|latter|other|same))\b/i;
/** Sentences that may be added to one that is quoted. */
const MOST_MORE = 2;
const MAX_VALUE = 60;

/**
 * A quote with the sentences after it, as far as these go on about the same, or hold what it lacks; a list that was
 * asked for, whole.
 */
function completed(question: Question, { units, passage }: Reading, { unit, at, isAsked }: Quotable): Unit {
  const isList = question.kind === 'list' || question.kind === 'difference';
  if (isList && unit.kind === 'item') return wholeList(units, passage.text, at);
  if (unit.kind !== 'sentence' && unit.kind !== 'item') return unit;
  if (isAsked && unit.kind === 'sentence') return wholeSection(units, passage.text, at);
  let whole = unit;
  const said = new Set(contentTerms(unit.text));
  const following = units.slice(at + 1, at + 1 + MOST_MORE);
  const isHeld = holds(question.kind, inWords(unit));
  // "I had a governess. I remember no time without her. This was Madame Perrodon."
  const until = isHeld ? -1 : following.findIndex((next) => holds(question.kind, inWords(next)));
  for (const [index, next] of following.entries()) {
    if (next.kind !== 'sentence' || next.under !== unit.under || next.isCut) break;
    const words = inWords(next);
    const goesOn = GOES_ON.test(words);
    const isApart = /\n\s*\n/.test(passage.text.slice(whole.end, next.start));
    // A description of an option goes on in a paragraph of its own: "If this is 0, …".
    if ((isApart && !(goesOn && (unit.under !== undefined || index <= until))) || next.end - unit.start > MAX_QUOTE)
      break;
    const adds = contentTerms(words).some((term) => question.weights.has(term) && !said.has(term));
    if (index > until && !adds && !goesOn) break;
    whole = { ...unit, text: passage.text.slice(unit.start, next.end), end: next.end };
  }
  return whole;
}

/** With the sentence before it, of which it speaks as "it" or "this", or with the value that stands above it: "Default: 5". */
function withBefore({ kind }: Question, { units, passage }: Reading, at: number, whole: Unit): Unit {
  const before = units[at - 1];
  if (before && isValueOf(before, whole, kind))
    return { ...whole, text: passage.text.slice(before.start, whole.end), start: before.start };
  if (!before || whole.kind !== 'sentence' || !refersBack(whole.text)) return whole;
  const isBeside = /^[^\S\n]*\n?[^\S\n]*$/.test(passage.text.slice(before.end, whole.start));
  if (before.kind !== 'sentence' || before.isCut || !isBeside || whole.end - before.start > MAX_QUOTE) return whole;
  return { ...whole, text: passage.text.slice(before.start, whole.end), start: before.start };
}

const isValueOf = (before: Unit, whole: Unit, kind: Kind): boolean =>
  kind === 'how-many' &&
  before.kind !== 'heading' &&
  before.under !== undefined &&
  before.under === whole.under &&
  before.text.length <= MAX_VALUE &&
  whole.end - before.start <= MAX_QUOTE &&
  !holds(kind, inWords(whole)) &&
  holds(kind, inWords(before));

/** The sentences around one, under a heading that asks the question: its answer, from the first of them that fits. */
function wholeSection(units: readonly Unit[], text: string, at: number): Unit {
  const unit = units[at] as Unit;
  const isOf = (other: Unit | undefined): boolean =>
    other !== undefined && other.kind === 'sentence' && other.under === unit.under && !other.isCut;
  const lengthOf = (a: number, b: number): number => (units[b]?.end ?? 0) - (units[a]?.start ?? 0);
  let [from, to] = [at, at];
  while (isOf(units[from - 1]) && lengthOf(from - 1, to) <= MAX_QUOTE) from -= 1;
  while (isOf(units[to + 1]) && lengthOf(from, to + 1) <= MAX_QUOTE) to += 1;
  const [start, end] = [units[from]?.start ?? unit.start, units[to]?.end ?? unit.end];
  return { ...unit, text: text.slice(start, end), start, end };
}

/** The items around one, as many as a quote can hold. */
function wholeList(units: readonly Unit[], text: string, at: number): Unit {
  const unit = units[at] as Unit;
  const isBeside = (other: Unit | undefined): boolean =>
    other !== undefined &&
    other.under === unit.under &&
    (other.kind === 'item' || other.kind === 'sentence') &&
    other.lead === unit.lead &&
    other.kind === unit.kind;
  let from = at;
  let to = at;
  const lengthOf = (a: number, b: number): number => (units[b]?.end ?? 0) - (units[a]?.start ?? 0);
  while (isBeside(units[from - 1]) && lengthOf(from - 1, to) <= MAX_QUOTE) from -= 1;
  while (isBeside(units[to + 1]) && lengthOf(from, to + 1) <= MAX_QUOTE) to += 1;
  const [start, end] = [units[from]?.start ?? unit.start, units[to]?.end ?? unit.end];
  return { ...unit, text: text.slice(start, end), start, end };
}

function uncut(unit: Unit, source: string, reads: readonly Read[]): Unit {
  for (const read of reads) {
    if (read.source !== source) continue;
    const at = read.text.indexOf(unit.text);
    if (at < 0) continue;
    const whole = unitsOf(read.text, { isCode: isCodeSource(source), isPlain: isPlainSource(source) }).find(
      (other) => other.start <= at && other.end >= at + unit.text.length,
    );
    if (whole && !whole.isCut) return whole;
  }
  return unit;
}
