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
const wholeSection = (units: readonly Unit[], text: string, at: number): Unit =>
  withNeighbours(
    units,
    text,
    at,
    (other, { under }) => other.kind === 'sentence' && other.under === under && !other.isCut,
  );

/** The items around one, as many as a quote can hold. */
const wholeList = (units: readonly Unit[], text: string, at: number): Unit =>
  withNeighbours(
    units,
    text,
    at,
    (other, { under, lead, kind }) => other.under === under && other.lead === lead && other.kind === kind,
  );

/** A unit with those before and after it that belong to it, as far as a quote reaches. */
function withNeighbours(
  units: readonly Unit[],
  text: string,
  at: number,
  belongs: (other: Unit, unit: Unit) => boolean,
): Unit {
  const unit = units[at] as Unit;
  let { start, end } = unit;
  const takes = (other: Unit | undefined): other is Unit =>
    other !== undefined && belongs(other, unit) && Math.max(end, other.end) - Math.min(start, other.start) <= MAX_QUOTE;
  for (let from = at - 1, other = units[from]; takes(other); from -= 1, other = units[from]) ({ start } = other);
  for (let to = at + 1, other = units[to]; takes(other); to += 1, other = units[to]) ({ end } = other);
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
