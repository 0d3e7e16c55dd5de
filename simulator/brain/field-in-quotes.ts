// field-in-quotes.ts: the value of a field of somebody's schema, in what an answer quotes. It is taken only from a statement that
// speaks of the field, by its name or its description; what is merely near is no value. Nothing is put into other words.

import { boundOf, dayIn, numberIn, saysBound, UNITS, type Bound, type Unit } from './figures.ts';
import { ITEM_MARK } from './unit.ts';
import { stem } from './words.ts';

/** A claim, and what it quotes. */
export interface Said {
  text: string;
  quotes: readonly string[];
}

export interface Field {
  /** As the schema has it: `maxRepeats`, `poll_seconds`. */
  name: string;
  description: string;
  said: readonly Said[];
}

/** What a field is called that takes whatever is said. */
const ANYTHING = /^(?:answers?|summary|texts?|findings?|results?|facts?|statements?|quotes?)$/i;
/** Share of a name of three words or more that must be said; and of a description, where the name is not. */
const NAMED = 0.6;
const DESCRIBED = 0.4;
/** Words of a statement that fills a field with a name of one word. */
const MOST_WORDS = 12;
/** Words that a label may have beside those of the name. */
const MORE = 2;
/** Words of a name that say nothing of what it is the name of. */
const EMPTY = new Set(
  `the and for are was has have does how what which who when where that this with from its per each may must can will not any all
  number count total amount size value is in of to at by on or`.split(/\s+/),
);

/** What is said of a field, the surest first; all there is for one that takes anything. */
export function statementsOf(field: Field): string[] {
  const all = field.said.flatMap(({ quotes }) => quotes);
  const name = readName(field);
  const speaking = all.flatMap(statementsIn).filter((one) => speaksOf(one, name));
  return speaking.length > 0 || !ANYTHING.test(field.name) ? speaking : [...new Set(all)];
}

/** Whether a claim speaks of a field. */
export const namedIn = ({ text, quotes }: Said, field: Field): boolean =>
  [text, ...quotes].some((one) => speaksOf(one, readName(field)));

export function textFor(field: Field): string | null {
  const { words, described, bound, unit } = readName(field);
  const isAnything = ANYTHING.test(field.name);
  const saysAll = (one: string): boolean =>
    (bound === undefined || saysBound(one, bound) >= 0) &&
    (unit === undefined || wordsIn(one).some((word) => unit.is.test(word)));
  // One word alone may be spoken of in passing.
  const isShort = (one: string): boolean => words.length + described.length > 1 || wordsIn(one).length <= MOST_WORDS;
  return labelled(field) ?? statementsOf(field).find((one) => saysAll(one) && (isAnything || isShort(one))) ?? null;
}

export const dayFor = (field: Field): string | null => firstOf(field, dayIn) ?? null;

export function numberFor(field: Field, isWhole: boolean): number | null {
  const { words, described, ...name } = readName(field);
  const speaks = (word: string): boolean => [...words, ...described].some((one) => isForm(word, one));
  return firstOf(field, (statement) => numberIn(statement, { isWhole, speaks, ...name })) ?? null;
}

export function truthFor(field: Field): boolean | null {
  const [statement] = statementsOf(field);
  return statement === undefined ? null : !NO.test(statement);
}

const NO =
  /\b(?:no|not|never|none|false|off|disabled|without|cannot|neither|nor|nothing|unsupported|unavailable|denied|refused)\b|n['’]t\b/i;

function firstOf<T>(field: Field, valueIn: (statement: string) => T | undefined): T | undefined {
  for (const statement of [labelled(field) ?? '', ...statementsOf(field)]) {
    const value = valueIn(statement);
    if (value !== undefined) return value;
  }
  return undefined;
}

interface Name {
  /** Of the name, without units and bounds. */
  words: string[];
  /** Of the description, without these. */
  described: string[];
  unit: Unit | undefined;
  bound: Bound | undefined;
}

function readName({ name, description }: Field): Name {
  const called = wordsIn(name.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2').replaceAll('_', ' '));
  const told = wordsIn(description);
  const all = [...called, ...told];
  const unit = UNITS.find(({ is }) => all.some((word) => is.test(word) && boundOf(word) === undefined));
  const isPlain = (word: string): boolean =>
    word.length > 1 && !EMPTY.has(word) && boundOf(word) === undefined && unit?.is.test(word) !== true;
  return {
    words: called.filter(isPlain),
    described: told.filter(isPlain),
    unit,
    bound: all.map(boundOf).find((bound) => bound !== undefined),
  };
}

/** By nearly all words of its name, or by much of its description. */
function speaksOf(text: string, { words, described }: Name): boolean {
  const said = wordsIn(text);
  const shareOf = (all: readonly string[]): number =>
    all.filter((one) => said.some((word) => isForm(word, one))).length / (all.length || 1);
  return (
    (words.length > 0 && shareOf(words) >= (words.length > 2 ? NAMED : 1)) ||
    (described.length > 1 && shareOf(described) >= DESCRIBED && (words.length === 0 || shareOf(words) > 0))
  );
}

const STATEMENT = new RegExp(String.raw`(?<=[.!?。！？])\s+(?=\P{Ll})|\n\s*(?=\||${ITEM_MARK}\s)|;\s+`, 'u');

/** Sentences, items and rows of a quote, each as it stands there. */
const statementsIn = (quote: string): string[] =>
  quote
    .split(STATEMENT)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** `Lead: Ada Novak`, `| Lead | Ada Novak |`, or the cell of a row under such a head, as its claim says it. */
function labelled(field: Field): string | undefined {
  const { words, bound } = readName(field);
  if (words.length === 0) return undefined;
  for (const { text, quotes } of field.said) {
    const stands = quotes.map((quote) => ` ${wordsIn(quote).join(' ')} `);
    for (const [label, value] of [text, ...quotes].flatMap(labelsIn)) {
      const called = wordsIn(label).filter((word) => !EMPTY.has(word));
      const isIt =
        called.length <= words.length + MORE &&
        (bound === undefined || saysBound(label, bound) >= 0) &&
        (words.every((one) => called.some((word) => isForm(word, one))) ||
          (called.length > 0 && called.every((word) => words.some((one) => isForm(word, one)))));
      const plain = wordsIn(value).join(' ');
      if (isIt && plain !== '' && stands.some((quote) => quote.includes(` ${plain} `))) return value;
    }
  }
  return undefined;
}

const MARKED = new RegExp(String.raw`^\s*${ITEM_MARK}\s+`);

function labelsIn(text: string): [label: string, value: string][] {
  return text.split(/;\s|\n|(?<=[.!?])\s/).flatMap((piece): [string, string][] => {
    const cells = piece.split(/\s*\|\s*/).filter((cell) => cell !== '');
    if (piece.includes('|')) return cells.length === 2 ? [[cells[0] ?? '', cells[1] ?? '']] : [];
    const parts = piece.replace(MARKED, '').split(/\s*(?::|=)\s+/);
    return parts.slice(1).map((_part, at) => [
      parts[at] ?? '',
      parts
        .slice(at + 1)
        .join(': ')
        .replace(/[.,]$/, ''),
    ]);
  });
}

const isForm = (a: string, b: string): boolean => stem(a) === stem(b);

/** Its words and numbers, in small letters. */
export const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
