// lists.ts: how far a quote reaches where it is of a list: the whole list that was asked for, an item with its own, the cases
// beside it.

import { asksNumber, holds } from '../question/kinds.ts';
import type { Question } from '../question/question.ts';
import { inWords } from '../text/clean.ts';
import { MAX_QUOTE, type Unit } from '../text/unit.ts';
import { contentTerms } from '../words/words.ts';
import type { Choice } from './quotable.ts';

/** A unit in the text that it is quoted from. */
export interface Within {
  units: readonly Unit[];
  text: string;
  at: number;
  isAsked: boolean;
  isEntry: boolean;
}

/** Sentences that may be added to one that is quoted. */
export const MOST_MORE = 2;
/** A list is cut where its claim would be too long. */
const MAX_PART = 900;
/** Quotes that a list may take. */
const MOST_PARTS = 2;

/** The list that an item is in, or that a sentence leads in, where one was asked for: as many quotes as it takes. */
export function listOf(question: Question, { units, text, at, isAsked, isEntry }: Within): Unit[] {
  const chosen = units[at];
  const isOfList =
    chosen &&
    (isListed(question, chosen, isEntry) ||
      isCase(question, units, at) ||
      isOfLead(question, chosen) ||
      isStep(question, chosen, isAsked));
  const item = isOfList ? at : listBelow(question, units, at);
  const unit = units[item];
  if (!unit) return [];
  const belongs = (other: Unit | undefined): other is Unit =>
    other !== undefined && (isBeside(other, unit, isEntry) || isBelow(other, unit, text));
  let from = item;
  while (belongs(units[from - 1])) from -= 1;
  while (from < item && units[from]?.kind !== 'item') from += 1;
  const parts: Unit[] = [];
  for (let to = from, other = units[to]; belongs(other); to += 1, other = units[to]) {
    const part = parts.at(-1);
    const isItem = other.kind === 'item';
    if (part && (isItem ? itemEnd(units, to, belongs) : other.end) - part.start <= MAX_PART)
      parts[parts.length - 1] = { ...part, text: text.slice(part.start, other.end), end: other.end };
    else if (isItem && parts.length < MOST_PARTS) parts.push(other);
    else if (isItem) break;
  }
  return parts;
}

/** Of a how-to that is done in steps all are needed; under a heading that asks it each item is one. */
const isStep = (question: Question, { kind, text }: Unit, isAsked = false): boolean =>
  question.kind === 'how-to' && kind === 'item' && (isAsked || /^\d{1,2}[.)]\s/.test(text));

/** The steps of a how-to below the paragraph that a sentence is in. */
export function stepsBelow(question: Question, within: Within): Unit[] {
  const { units, at } = within;
  const below = units.findIndex((one, index) => index > at && one.kind !== 'sentence');
  const [sentence, first] = [units[at], units[below]];
  const isFirst = first !== undefined && isStep(question, first) && /^1\D/.test(first.text);
  if (!isFirst || first.under !== sentence?.under || below - at > MOST_MORE + 1) return [];
  return listOf(question, { ...within, at: below });
}

/** Says hardly anything of the question itself, but what leads it in does: then all that this leads in is meant. */
function isOfLead({ weights }: Question, { kind, text, lead }: Unit): boolean {
  const saidBy = (words: string): number => new Set(contentTerms(words).filter((term) => weights.has(term))).size;
  return kind === 'item' && lead !== undefined && saidBy(lead) >= LED * Math.max(1, saidBy(text));
}
const LED = 3;

/** One of several items with numbers, of which no one alone says most of what is asked: "For 2 days: a week's notice". */
function isCase({ kind, weights }: Question, units: readonly Unit[], at: number): boolean {
  const unit = units[at];
  if (unit?.kind !== 'item' || !asksNumber(kind)) return false;
  const saidBy = ({ text }: Unit): string[] => {
    const terms = new Set(contentTerms(text));
    return [...weights.keys()].filter((term) => terms.has(term));
  };
  const beside = units
    .slice(Math.max(0, at - MOST_CASES), at + MOST_CASES)
    .filter((other) => other.kind === 'item' && isBeside(other, unit, false) && holds(kind, inWords(other)))
    .map(saidBy);
  const said = saidBy(unit).join(' ');
  const areAsGood = beside.filter((other) => other.join(' ') === said);
  return areAsGood.length > 1 && beside.filter((other) => other.length > 0).length >= CASES;
}

const CASES = 3;
const MOST_CASES = 8;

/** Where an item ends with the sentences that go on with it. */
function itemEnd(units: readonly Unit[], at: number, belongs: (other: Unit | undefined) => other is Unit): number {
  let last = at;
  for (let next = units[at + 1]; belongs(next) && next.kind !== 'item'; next = units[last + 1]) last += 1;
  return units[last]?.end ?? 0;
}

/** The first item below a sentence that leads it in, or below the paragraph that answers where a list was asked for; else -1. */
function listBelow({ kind }: Question, units: readonly Unit[], at: number): number {
  const below = units.findIndex((one, index) => index > at && one.kind !== 'sentence');
  const [chosen, item] = [units[at], units[below]];
  if (chosen?.kind !== 'sentence' || item?.kind !== 'item' || item.under !== chosen.under) return -1;
  return (isLead(chosen) && below === at + 1) || (kind === 'list' && below - at <= MOST_MORE + 1) ? below : -1;
}

/** An item that is no sentence, with the items of its own: "onUploadProgress", and what to use instead. */
export function ownItems(units: readonly Unit[], text: string, at: number): Unit | undefined {
  const unit = units[at] as Unit;
  if (unit.kind !== 'item' || /[.!?][*_`)]*$/.test(unit.text)) return undefined;
  let end = at;
  for (
    let next = units[end + 1];
    next && (isBelow(next, unit, text) || (end > at && next.isOfItem));
    next = units[end + 1]
  )
    end += 1;
  const last = units[end];
  return last && end > at && last.end - unit.start <= MAX_QUOTE
    ? { ...unit, text: text.slice(unit.start, last.end), end: last.end }
    : undefined;
}

/** Whether the list that a unit is in, and that was asked for, or that it leads in, may go on in the passage before or after. */
export function isOpenList(question: Question, { reading, quotable: { unit, at } }: Choice): boolean {
  const { units, passage } = reading;
  const isEntry = asksEntry(question, passage.source);
  if (at === units.length - 1 && isLead(unit)) return true;
  if (!isListed(question, unit, isEntry)) return false;
  const belongs = (other: Unit | undefined): boolean => other === undefined || isBeside(other, unit, isEntry);
  return units.slice(at).every(belongs) || units.slice(0, at).every(belongs);
}

const isListed = ({ kind }: Question, unit: Unit, isEntry: boolean): boolean =>
  unit.kind === 'item' && (kind === 'list' || kind === 'difference' || isEntry);

/** Nothing is asked but what is new in a version: its whole entry answers. */
export function asksEntry({ kind, words }: Question, source: string): boolean {
  const title = new Set(contentTerms(source));
  return (
    (kind === 'change' || kind === 'list') &&
    words.some(({ text }) => VERSION.test(text)) &&
    words.every(({ text, isName, terms }) => isName || IN_ENTRIES.test(text) || terms.some((term) => title.has(term)))
  );
}

const VERSION = /^v?\d+\.\d/;
const IN_ENTRIES = /^(?:v?\d+\.\d.*|chang\w*|news?|versions?|releases?d?)$/i;

/** Of one list: an item, or the sentences that go on with one; of one entry of a changelog, all of its lists. */
const isBeside = (other: Unit, { under, lead }: Unit, isEntry: boolean): boolean =>
  other.under === under &&
  (other.kind === 'item' ? isEntry || other.lead === lead : other.isOfItem === true || (isEntry && isLead(other)));

/** An item of an item of the same list. */
const isBelow = (other: Unit, unit: Unit, text: string): boolean =>
  other.kind === 'item' && other.under === unit.under && indentOf(other, text) > indentOf(unit, text);

const indentOf = ({ start }: Unit, text: string): number => start - (text.lastIndexOf('\n', start - 1) + 1);

/** "Run it with:" */
export const isLead = ({ kind, text }: Unit): boolean => kind === 'sentence' && /:[*_`]*$/.test(text);
