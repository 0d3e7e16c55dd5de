// extent.ts: how far a quote reaches: the sentences that complete it, the whole list, the whole section that answers, the
// sentence before it that it speaks of.

import { asksNumber, holds, holdsSurely, isReason, type Kind } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import type { Read } from '../request/passages.ts';
import { inWords } from '../text/clean.ts';
import { isTableSource } from '../text/tables.ts';
import { MAX_QUOTE, type Unit } from '../text/unit.ts';
import { unitsOf } from '../text/units.ts';
import { isCodeSource, isPlainSource } from '../words/names.ts';
import { contentTerms } from '../words/words.ts';
import { asksEntry, isLead, listOf, MOST_MORE, ownItems, stepsBelow, type Within } from './lists.ts';
import type { Choice } from './quotable.ts';
import { rowsThatHold, rowsTogether } from './matrix.ts';
import { leadsInto, refersBack } from './score.ts';
import { valueBehind } from './value-behind.ts';

/** A chosen quote as it is given, from what was read around its passage if that has it: completed; of a long list, each part. */
export function wholeOf(question: Question, { reading, quotable }: Choice, reads: readonly Read[]): Unit[] {
  const { units, passage } = reading;
  const { at } = quotable;
  const isAsked =
    quotable.isAsked ||
    (question.kind === 'definition' && quotable.isInPlace) ||
    (question.kind === 'why' && isReason(quotable.heading));
  const place = around(quotable.unit, passage.source, reads) ?? { units, text: passage.text, at };
  const within = { ...place, isAsked, isEntry: asksEntry(question, passage.source) };
  const all = listOf(question, within);
  const [unit, next] = place.units.slice(place.at, place.at + 2);
  // "Run it with:" is said with what stands below it.
  if (question.kind === 'how-to' && unit && isLead(unit) && isCode(next))
    return [blockAt(place.units, place.text, place.at + 1)];
  if (all.length > 0) return all;
  const rows = unit && isLead(unit) ? rowsBelow(place.units, place.at) : rowsOf(question, place.units, place.at);
  if (rows.length > 0) return rows;
  const whole = withBefore(question, within, completed(question, within));
  return withSteps(question, within, whole) ?? withCode(question, place, whole);
}

/** The rows that answer with one. */
function rowsOf(question: Question, units: readonly Unit[], at: number): Unit[] {
  const held = rowsThatHold(question, units, at);
  return held.length > 0 ? held : rowsTogether(question, units, at);
}

/** The rows of the table that a sentence leads in. */
function rowsBelow(units: readonly Unit[], at: number): Unit[] {
  const below = units.slice(at + 1, at + 2 + MOST_ROWS);
  const first = below[0]?.kind === 'heading' && below[1]?.kind === 'row' ? 1 : 0;
  const end = below.findIndex(({ kind }, index) => index >= first && kind !== 'row');
  return below.slice(first, end < 0 ? first + MOST_ROWS : end);
}

const MOST_ROWS = 6;

/** "Reset it by an option.", and below it "1. Stop it.": with the steps, where they belong to the paragraph. */
function withSteps(question: Question, within: Within, whole: Unit): Unit[] | undefined {
  const [steps, ...more] = whole.kind === 'sentence' ? stepsBelow(question, within) : [];
  if (!steps || inWords(whole).length + inWords(steps).length > MOST_WITH_CODE) return undefined;
  return [{ ...whole, code: steps }, ...more];
}

/** With the code that its last words lead in, or, of a how-to without a command, that it goes on to. */
function withCode({ kind }: Question, { units, text, at }: Pick<Within, 'units' | 'text' | 'at'>, whole: Unit): Unit[] {
  const next = units.findIndex(({ start }) => start >= whole.end);
  if (isCode(units[next]) && (isLead(whole) || runsInto(whole, units[next]))) {
    const code = blockAt(units, text, next);
    if (inWords(whole).length + inWords(code).length <= MOST_WITH_CODE) return [{ ...whole, code }];
  }
  if (kind !== 'how-to' || whole.kind !== 'sentence') return [whole];
  const above = units.findLastIndex(({ end }) => end <= whole.start);
  if (isCode(units[above]) && SPEAKS_OF_CODE.test(whole.text)) return [blockAt(units, text, above), whole];
  if (COMMAND.test(whole.text)) return [whole];
  const below = units.findIndex((one, index) => index > at && one.kind !== 'sentence');
  const isNear = isCode(units[below]) && below - at <= MOST_MORE && units[below].under === whole.under;
  return isNear ? [whole, blockAt(units, text, below)] : [whole];
}

/** What stands below code and says what is in it. */
const SPEAKS_OF_CODE =
  /^(?:note (?:the|that|how)|this (?:will|tells|is|makes|sets|runs|code|command)|here|the (?:above|code|example|first|second)|in (?:this|the) example)\b/i;

/** Letters of a claim that has its code with it: what leads the claim in comes on top. */
const MOST_WITH_CODE = 700;
const COMMAND = /`|(?:^|\s)--?[a-z]/i;

const GOES_ON =
  /^(?:it|its|this|these|those|that|they|he|she|his|her|their|for example|(?:the |its )?defaults?|otherwise|instead|however|but|if (?:it|this|set|true|false|you|not|no)|in (?:this|that|these) cases?|you can also|then|so|also|the (?:former|latter|other|same))\b/i;
const MAX_VALUE = 60;

/** A quote with the sentences after it, as far as these go on about the same, or hold what it lacks. */
function completed(question: Question, { units, text, at, isAsked }: Within): Unit {
  const unit = units[at] as Unit;
  if (unit.kind !== 'sentence' && unit.kind !== 'item') return unit;
  if (isAsked && unit.kind === 'sentence') return wholeSection(units, text, at);
  const own = ownItems(units, text, at);
  if (own) return own;
  let whole = unit;
  const said = new Set(contentTerms(unit.text));
  const following = units.slice(at + 1, at + 1 + MOST_MORE);
  const isHeld = holdsSurely(question.kind, inWords(unit));
  // "I had a governess. I remember no time without her. This was Madame Perrodon."
  // The default that it was chosen for, too.
  const told = valueBehind(question, units, at);
  const isWanted = (words: string): boolean =>
    told === '' ? !isHeld && holdsSurely(question.kind, words) : words === told;
  const until = following.findIndex((next) => isWanted(inWords(next)));
  for (const [index, next] of following.entries()) {
    const isAcross = !isCode(next) || runsOn(units[at + 2 + index]);
    if (runsInto(whole, next) && isAcross && next.end - unit.start <= MAX_QUOTE) {
      whole = { ...unit, text: text.slice(unit.start, next.end), end: next.end };
      continue;
    }
    if (next.kind !== 'sentence' || next.under !== unit.under || next.isCut) break;
    const words = inWords(next);
    const goesOn = GOES_ON.test(words) && (!isLead(next) || leadsInto(question.kind, units[at + 2 + index]));
    const isApart = /\n\s*\n/.test(text.slice(whole.end, next.start));
    // A description of an option goes on in a paragraph of its own: "If this is 0, …".
    if ((isApart && !(goesOn && (unit.under !== undefined || index <= until))) || next.end - unit.start > MAX_QUOTE)
      break;
    const adds = contentTerms(words).some((term) => question.weights.has(term) && !said.has(term));
    // "You should not use it there. It is …", "… is not designed to be secure.": a reason needs no "because".
    const mayBeWhy = question.kind === 'why' && index === 0 && !isHeld;
    if (index > until && !adds && !goesOn && !mayBeWhy) break;
    whole = { ...unit, text: text.slice(unit.start, next.end), end: next.end };
  }
  return whole;
}

/** "It is off by default; run", and below it a command, and "if you want it.": one sentence. */
const runsInto = (whole: Unit, next: Unit): boolean =>
  whole.kind === 'sentence' && /[\p{L}\p{N},]$/u.test(whole.text) && (isCode(next) || runsOn(next));

const runsOn = (next: Unit | undefined): boolean => next?.kind === 'sentence' && /^\p{Ll}/u.test(next.text);

/** With the sentence before it, of which it speaks as "it" or "this", or with the value that stands above it: "Default: 5". */
function withBefore({ kind, weights }: Question, { units, text, at }: Within, whole: Unit): Unit {
  const before = units[at - 1];
  const value = valueAbove(units, at, whole, kind);
  if (value) return { ...whole, text: text.slice(value.start, whole.end), start: value.start };
  if (!before || whole.kind !== 'sentence') return whole;
  if (
    !refersBack(whole.text) &&
    !namesAgain(whole.text, before.text) &&
    !opensIt(before, units[at - 2], whole, weights)
  )
    return whole;
  const isBeside = /^[^\S\n]*\n?[^\S\n]*$/.test(text.slice(before.end, whole.start));
  if (before.kind !== 'sentence' || before.isCut || !isBeside || whole.end - before.start > MAX_QUOTE) return whole;
  return { ...whole, text: text.slice(before.start, whole.end), start: before.start };
}

/** "Avoid using this prefix." behind a sentence on variables that are prefixed. */
function namesAgain(text: string, before: string): boolean {
  const [thing] = contentTerms(/\b(?:this|these|such) (\p{Ll}{3,30})\b/u.exec(text)?.[1] ?? '');
  return thing !== undefined && contentTerms(before).includes(thing);
}

/** The first sentence of a section whose heading is asked for, and says that, with the short one behind it. */
function opensIt(before: Unit, above: Unit | undefined, whole: Unit, weights: ReadonlyMap<string, number>): boolean {
  const said = new Set(contentTerms(before.text));
  const headed = contentTerms(before.under ?? '');
  return (
    above?.kind === 'heading' &&
    whole.end - before.start <= SHORT_OPENING &&
    headed.length > 0 &&
    headed.every((term) => weights.has(term) && said.has(term))
  );
}

/** Letters that both have at most. */
const SHORT_OPENING = 350;

/** The value that stands above a sentence: next to it, or with other short items between, as "Type: number". */
function valueAbove(units: readonly Unit[], at: number, whole: Unit, kind: Kind): Unit | undefined {
  for (let above = at - 1; above >= at - MOST_ABOVE; above -= 1) {
    const one = units[above];
    if (one && isValueOf(one, whole, kind)) return one;
    if (one?.kind !== 'item' || one.text.length > MAX_VALUE) return undefined;
  }
  return undefined;
}

const MOST_ABOVE = 4;

const isValueOf = (before: Unit, whole: Unit, kind: Kind): boolean =>
  asksNumber(kind) &&
  before.kind !== 'heading' &&
  before.under !== undefined &&
  before.under === whole.under &&
  before.text.length <= MAX_VALUE &&
  whole.end - before.start <= MAX_QUOTE &&
  !holds(kind, inWords(whole)) &&
  holds(kind, inWords(before));

/** The code that a unit is of; with the mark of a comment that it begins with. */
function blockAt(units: readonly Unit[], text: string, at: number): Unit {
  const block = withNeighbours(units, text, at, isOfBlock);
  const mark =
    /(?:#|\/\/+|--)[^\S\n]*$/.exec(text.slice(text.lastIndexOf('\n', block.start) + 1, block.start))?.[0] ?? '';
  const start = block.start - mark.length;
  return { ...block, kind: 'code', text: text.slice(start, block.end), start };
}

const isOfBlock = (other: Unit, { lead }: Unit): boolean => isCode(other) && other.lead === lead;

/** "# Install it" above a command is of the block. */
const isCode = (unit: Unit | undefined): unit is Unit => unit?.kind === 'code' || unit?.kind === 'comment';

/** The sentences around one, under a heading that asks the question: its answer, from the first of them that fits. */
const wholeSection = (units: readonly Unit[], text: string, at: number): Unit =>
  withNeighbours(
    units,
    text,
    at,
    (other, { under, lead }) =>
      other.kind === 'sentence' && other.under === under && other.lead === lead && !other.isCut,
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

/** Where a unit stands, uncut, in what was read. */
function around(unit: Unit, source: string, reads: readonly Read[]): Omit<Within, 'isAsked' | 'isEntry'> | undefined {
  for (const { text, ...read } of reads) {
    const start = read.source === source ? text.indexOf(unit.text) : -1;
    if (start < 0) continue;
    const units = unitsOf(text, {
      isCode: isCodeSource(source),
      isTable: isTableSource(source),
      isPlain: isPlainSource(source),
      columns: unit.head,
    });
    const at = units.findIndex((other) => other.start <= start && other.end >= start + unit.text.length);
    if (units[at] && !units[at].isCut) return { units, text, at };
  }
  return undefined;
}
