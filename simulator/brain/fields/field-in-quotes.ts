// field-in-quotes.ts: the text, the number or the day of a field of somebody's schema, in what an answer quotes. It is taken only
// from a statement that speaks of the field, by its name or its description; what is merely near is no value. Nothing is put into
// other words.

import { cutFrom, sortOf, type Asked } from './field-sort.ts';
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
  type Name,
} from './field-name.ts';
import { dayIn, MEASURED, numberIn, saysBound, UNITS, yearIn } from './figures.ts';
import { labelled, unmarked } from './labels.ts';
import { namesIn, peopleIn } from './people.ts';

/** What a field is called that takes whatever is said. */
const ANYTHING = /^(?:answers?|summary|texts?|findings?|results?|facts?|statements?|quotes?)$/i;
/** What is told in a sentence. */
const TOLD =
  /^(?:answer|summary|text|finding|fact|statement|quote|description|reason|purpose|explanation|condition|rule|requirement|limitation|restriction|effect|behaviou?r|consequence|note|warning|policy|step|detail|difference|exception|why|how|what)s?$/;
/** Words of a statement that fills a field with a name of one word. */
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
  const [label] = labelled(field);
  if (asked === undefined) return label ?? toldOf(field) ?? equated(field) ?? marked(field) ?? null;
  const cut = label === undefined ? [] : [...cutFrom(label, asked.sort).map(({ value }) => value), ...namesIn(label)];
  const short = label !== undefined && wordsIn(label).length <= SHORT ? label : undefined;
  return (
    cut[0] ??
    short ??
    surest(foundIn(field, (one) => peopleOrThings(one, field, asked).slice(0, 1))) ??
    equated(field) ??
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

/** What stands in marks behind the last word of the name: "the login `demo`". */
function marked(field: Field): string | undefined {
  const { words } = readName(field);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  return surest(
    foundIn(field, (statement) =>
      shareOf(words, statement) < 1
        ? []
        : [...statement.matchAll(MARKED)]
            .filter(([, word = '']) => isForm(word.toLowerCase(), last))
            .map(([, , value = '']) => value),
    ),
  );
}

const MARKED = /(?<!\p{L})(\p{L}{1,40})\s[`"“]([^`"”\n]{1,60})[`"”]/gu;

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

/** Letters between a word of the field and what it means, where several such things stand. */
const NEAR = 20;

/** Of the sort, in a statement that speaks of the rest of the name; the nearest to its words first. */
export function peopleOrThings(statement: string, field: Field, { sort, word: asked }: Asked): string[] {
  const { words } = readName(field);
  const rest = words.filter((word) => !sort.is.test(word));
  if (sort.isPerson)
    return rest.length === 0 || shareOf(rest, statement) === 1 ? peopleIn(statement, [asked], field.goal) : [];
  const isSpoken =
    rest.length > 0
      ? shareOf(rest, statement) === 1
      : (sort.says?.test(statement) ?? shareOf([asked], statement) === 1);
  if (!isSpoken) return [];
  const places = [...statement.matchAll(/[\p{L}\p{N}]+/gu)]
    .filter(([word]) => (sort.isNear ? rest : words).some((one) => isForm(word.toLowerCase(), one)))
    .map(({ index }) => index);
  const distance = ({ at, end }: { at: number; end: number }): number =>
    Math.min(...places.map((place) => (place < at ? at - place : Math.max(0, place - end))));
  const things = cutFrom(statement, sort)
    .filter(
      ({ at, end }) =>
        !sort.isApart || rest.length === 0 || shareOf(rest, statement.slice(0, at) + statement.slice(end)) === 1,
    )
    .sort((a, b) => (places.length > 0 ? distance(a) - distance(b) : 0));
  const [nearest] = things;
  const isSure =
    !(sort.isNear && rest.length > 0) && (places.length === 0 || new Set(things.map(({ value }) => value)).size < 2);
  return nearest === undefined || isSure || distance(nearest) <= NEAR ? things.map(({ value }) => value) : [];
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
  const speaks = (word: string): boolean => [...words, ...described].some((one) => isForm(word, one));
  const isMeasured = [...words, ...described].some((word) => MEASURED.test(word));
  const isYear = /(?<!per )\byear$/.test(wordsOfName(field.name).join(' '));
  const numbers = (statement: string): number[] => {
    const value = isYear
      ? yearIn(statement)
      : numberIn(statement.replace(MARK, ''), { isWhole, speaks, isMeasured, ...name });
    return value === undefined ? [] : [value];
  };
  const { unit } = name;
  // `hours`, where hours are asked for
  const isAskedInUnit =
    words.length === 0 &&
    unit !== undefined &&
    (unit.implies !== undefined || wordsIn(field.goal).some((word) => word.length > 1 && unit.is.test(word)));
  const where = (isSaid: (statement: string) => boolean): number | undefined =>
    surest(foundIn(field, (one) => (isSaid(one) ? numbers(one) : [])));
  return (
    labelled(field).flatMap(numbers)[0] ??
    where((one) => isAskedInUnit || speaksOf(one, { words, described })) ??
    onlyOneInUnit(field, { words, described, ...name }, numbers) ??
    null
  );
}

/** Where half of the name is said beside the only figure in its unit that any such statement gives, and the rest is not asked for. */
function onlyOneInUnit(
  field: Field,
  { words, unit }: Name,
  numbers: (statement: string) => number[],
): number | undefined {
  if (unit === undefined || words.length < 2) return undefined;
  const asked = words.filter((one) => shareOf([one], field.goal) === 1 || UNITS.some(({ is }) => is.test(one)));
  const found = foundIn(field, (one) =>
    shareOf(words, one) >= HALF && shareOf(asked, one) >= (asked.length > 0 ? 1 : 0) ? numbers(one) : [],
  );
  return new Set(found.map(({ value }) => value)).size === 1 ? found[0]?.value : undefined;
}
