// field-in-quotes.ts: the text, the number or the day of a field of somebody's schema, in what an answer quotes. It is taken only
// from a statement that speaks of the field, by its name or its description; what is merely near is no value. Nothing is put into
// other words.

import { kindOf } from '../question/kinds.ts';
import { contentTerms } from '../words/words.ts';
import {
  foundIn,
  isForm,
  readName,
  shareOf,
  speaksOf,
  statementsIn,
  surest,
  wordsIn,
  wordsOfName,
  type Field,
  type Found,
  type Name,
} from './field-name.ts';
import { cutFrom, sortOf } from './field-sort.ts';
import { dayIn, isOfTime, MEASURED, numberIn, saysBound, UNITS, yearIn } from './figures.ts';
import { labelled, unmarked } from './labels.ts';
import { named } from './named.ts';
import { namesIn } from './people.ts';
import { peopleOrThings } from './things.ts';

/** What a field is called that takes whatever is said. */
const ANYTHING = /^(?:answers?|summary|texts?|findings?|results?|facts?|statements?|quotes?)$/i;
/** What is told in a sentence. */
const TOLD =
  /^(?:answer|summary|text|finding|fact|statement|quote|description|reason|purpose|explanation|condition|rule|requirement|limitation|restriction|effect|behaviou?r|consequence|note|warning|policy|step|detail|difference|exception|why|how|what)s?$/;
/** Words of a value behind a label, and of a statement that fills a field with a name of one word. */
const MOST_WORDS = 12;
/** Words of a value behind "is", or behind a label. */
const SHORT = 4;
/** Share of a name that must be said beside the one figure in its unit. */
const HALF = 0.5;

/** What is said of a field, the surest first; all there is for one that takes anything. */
export function statementsOf(field: Field): string[] {
  const all = field.said.flatMap(({ quotes }) => quotes);
  const name = readName(field);
  const speaking = all.flatMap(statementsIn).filter((one) => speaksOf(one, name));
  return speaking.length > 0 || !ANYTHING.test(field.name) ? speaking : [...new Set(all)];
}

export function textFor(field: Field, format?: string): string | null {
  const asked = sortOf(field, format);
  // A sentence under a heading is no value of what the heading is called by.
  const [label] = labelled(field).filter((value) => isTold(field) || wordsIn(value).length <= MOST_WORDS);
  if (asked === undefined) return label ?? toldOf(field) ?? equated(field) ?? named(field) ?? null;
  const cut = label === undefined ? [] : [...cutFrom(label, asked.sort).map(({ value }) => value), ...namesIn(label)];
  const short = asked.sort.isNamed && label !== undefined && wordsIn(label).length <= SHORT ? label : undefined;
  return (
    cut[0] ??
    short ??
    surest(peopleOrThings(field, asked).map((one) => ({ ...one, value: one.value[0] ?? '' }))) ??
    (asked.sort.isNamed ? equated(field) : undefined) ??
    null
  );
}

/** Whether a field of this name is filled with whole statements. */
export const isTold = ({ name, description }: Field): boolean =>
  ANYTHING.test(name) ||
  [wordsOfName(name).at(-1) ?? '', wordsIn(description)[0] ?? ''].some((word) => TOLD.test(word));

function toldOf(field: Field): string | undefined {
  const { words, described, bound, unit } = readName(field);
  if (!isTold(field)) return undefined;
  const isAnything = ANYTHING.test(field.name);
  const saysAll = (one: string): boolean =>
    (bound === undefined || saysBound(one, bound) >= 0) &&
    (unit === undefined || wordsIn(one).some((word) => unit.is.test(word)));
  // One word alone may be spoken of in passing.
  const isShort = (one: string): boolean => words.length + described.length > 1 || wordsIn(one).length <= MOST_WORDS;
  return statementsOf(field).find((one) => saysAll(one) && (isAnything || isShort(one)));
}

const EQUALS = /\s(?:is|are|was|were)\s/g;

/** "The default cluster of it is main": what a short statement equates with the field. */
function equated(field: Field): string | undefined {
  const { words, bound } = readName(field);
  if (words.length === 0 || bound !== undefined) return undefined;
  const found = foundIn(field, (statement) => {
    const plain = (unmarked(statement).split(/,\s+but\s/)[0] ?? '').replace(/[.!]$/, '');
    const last = [...plain.matchAll(EQUALS)].at(-1);
    if (last === undefined) return [];
    const subject = wordsIn(plain.slice(0, last.index));
    const value = plain
      .slice(last.index + last[0].length)
      .replace(/^(?:currently|now)\s/, '')
      .trim();
    const isIt = words.every((one) => subject.slice(0, words.length + SHORT - 1).some((word) => isForm(word, one)));
    const isName =
      wordsIn(value).length <= SHORT &&
      !/[,;:(]|\b(?:not|no|never|always|often|still|only|\p{L}+(?:ed|ing|ly))\b/iu.test(value);
    return isIt && isName && value !== '' && subject.length <= MOST_WORDS + 2
      ? [value.replace(/^(?:an?|the)\s+/i, '')]
      : [];
  });
  const value = surest(found);
  return sortOf(field, undefined)?.sort.isPerson && !/^\p{Lu}/u.test(value ?? '') ? undefined : value;
}

/** What counts the items of a list. */
const MARK = /^\W{0,3}\(?\d{1,3}[.)]\s/;

export const dayFor = (field: Field): string | null => {
  const { words, ...others } = readName(field);
  const name = { ...others, words: words.filter((word) => !/^(?:dates?|day|time)$/.test(word)) };
  const day = (one: string): string[] => [dayIn(one) ?? ''].filter((found) => found !== '');
  return (
    labelled(field).flatMap(day)[0] ?? surest(foundIn(field, (one) => (speaksOf(one, name) ? day(one) : []))) ?? null
  );
};

export function numberFor(field: Field, isWhole: boolean): number | null {
  const { words, described, ...name } = readName(field);
  // What a field beside it is called, too, does not tell its figure from the other's.
  const own = words.filter((word) => !(field.beside ?? []).some((other) => isForm(word, other)));
  const telling = own.length > 0 ? own : words;
  const speaks = (word: string): boolean => [...telling, ...described].some((one) => isForm(word, one));
  const isMeasured = [...words, ...described].some((word) => MEASURED.test(word));
  const isYear = /(?<!per )\byear$/.test(wordsOfName(field.name).join(' '));
  const numbers = (statement: string): number[] => {
    const value = isYear
      ? yearIn(statement)
      : numberIn(statement.replace(MARK, ''), { isWhole, speaks, isMeasured, ...name });
    return value === undefined ? [] : [value];
  };
  const { unit } = name;
  // `hours`, where hours are asked for, or how long
  const isAskedInUnit =
    words.length === 0 &&
    unit !== undefined &&
    (unit.implies !== undefined ||
      (isOfTime(unit) && kindOf(field.goal) === 'how-long') ||
      wordsIn(field.goal).some((word) => word.length > 1 && unit.is.test(word)));
  const where = (isSaid: (statement: string) => boolean): number | undefined =>
    surest(foundIn(field, (one) => (isSaid(one) ? numbers(one) : [])));
  return (
    labelled(field).flatMap(numbers)[0] ??
    where((one) => isAskedInUnit || speaksOf(one, { words, described })) ??
    onlyOneInUnit(field, { words, described, ...name }, numbers) ??
    null
  );
}

/**
 * The only figure in its unit that is given: where half of the name is said beside it, and the rest is not asked for; or where the
 * question asks for nothing else in this unit, and half of it is said.
 */
function onlyOneInUnit(
  field: Field,
  { words, unit }: Name,
  numbers: (statement: string) => number[],
): number | undefined {
  if (unit === undefined || words.length === 0) return undefined;
  const goal = wordsIn(field.goal);
  const asked = words.filter((one) => shareOf([one], field.goal) === 1 || UNITS.some(({ is }) => is.test(one)));
  const isAskedAlone = asked.length === words.length && goal.filter((word) => unit.is.test(word)).length === 1;
  const isNamed = (one: string): boolean =>
    words.length > 1 && shareOf(words, one) >= HALF && shareOf(asked, one) >= (asked.length > 0 ? 1 : 0);
  const only = (all: readonly Found<number>[]): number | undefined =>
    new Set(all.map(({ value }) => value)).size === 1 ? all[0]?.value : undefined;
  const inUnit = isAskedAlone ? foundIn(field, numbers) : [];
  const half = new Set(contentTerms(field.goal)).size * HALF;
  return (
    (inUnit.some(({ share }) => share >= half) ? only(inUnit) : undefined) ??
    only(foundIn(field, (one) => (isNamed(one) ? numbers(one) : [])))
  );
}
