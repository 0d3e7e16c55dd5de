// field-name.ts: what the name and the description of a field of somebody's schema ask for, and whether a statement speaks of it.

import { ITEM_MARK } from '../text/unit.ts';
import { contentTerms, stem } from '../words/words.ts';
import { boundOf, isNumber, UNITS, type Bound, type Unit } from './figures.ts';

/** A claim, and what it quotes. */
export interface Said {
  text: string;
  quotes: readonly string[];
  /** Where the quotes stand. */
  sources?: readonly string[];
  /** It quotes what stands around an answer, and is none itself. */
  isBeside?: boolean;
}

export interface Field {
  /** As the schema has it: `maxRepeats`, `poll_seconds`. */
  name: string;
  description: string;
  said: readonly Said[];
  /** The question that the answer is to. */
  goal: string;
  /** What the item or the row is called that an object with this field is made of. */
  called?: string;
  /** Words of the fields beside it. */
  beside?: readonly string[];
}

export interface Name {
  /** Of the name, without units and bounds. */
  words: string[];
  /** Of the description, without these. */
  described: string[];
  unit: Unit | undefined;
  bound: Bound | undefined;
  /** `unsupported`: what is asked for is what a statement denies. */
  isDenied: boolean;
}

/** Share of a name of three words or more that must be said; and of a description, where the name is not. */
const NAMED = 0.6;
const DESCRIBED = 0.4;
/** Words of a name that say nothing of what it is the name of. */
export const EMPTY = new Set(
  `the and for are was has have does how what which who when where that this with from its it per each may must can will not any all
  number count total amount size value is in of to at by on or js`.split(/\s+/),
);
const DENIED: Readonly<Record<string, string>> = {
  unsupported: 'supported',
  unavailable: 'available',
  disallowed: 'allowed',
  forbidden: 'allowed',
};
/** What a field may be called, and what is said of the same. */
const ALSO: readonly (readonly string[])[] = [
  ['notice', 'notify', 'notification'],
  ['author', 'writer', 'write', 'written', 'wrote'],
  ['interval', 'frequency', 'cadence', 'every'],
  ['required', 'need', 'must'],
  ['support', 'work'],
];

export function readName({ name, description }: Pick<Field, 'name' | 'description'>): Name {
  const called = wordsOfName(name);
  const told = wordsIn(description);
  const all = [...called, ...told];
  // `feeUsdPerMonth` is in dollars, and `approvalsAfterSevenDays` in no unit.
  const counted = all.filter((_word, at) => all[at - 1] !== 'per' && !isNumber(all[at - 1] ?? ''));
  const unit = UNITS.find(({ is }) => counted.some((word) => is.test(word) && boundOf(word) === undefined));
  const isPlain = (word: string): boolean =>
    word.length > 1 &&
    !EMPTY.has(word) &&
    boundOf(word) === undefined &&
    unit?.is.test(word) !== true &&
    unit?.implies?.test(word) !== true;
  return {
    words: called.map((word) => DENIED[word] ?? word).filter(isPlain),
    described: told.filter(isPlain),
    unit,
    bound: all.map(boundOf).find((bound) => bound !== undefined),
    isDenied: called.some((word) => DENIED[word] !== undefined || word === 'not'),
  };
}

/** Which share of the words a text says. */
export function shareOf(words: readonly string[], text: string): number {
  const said = [...wordsIn(text), ...partsOfNames(text)];
  return words.filter((one) => said.some((word) => isForm(word, one))).length / (words.length || 1);
}

/** `keepAliveTimeout` says "keep", "alive" and "timeout". */
const partsOfNames = (text: string): string[] =>
  wordsIn(
    (text.match(/\p{Ll}\p{Lu}/u) ? (text.match(/[\p{L}\p{N}]+/gu) ?? []) : [])
      .filter((word) => /\p{Ll}\p{Lu}/u.test(word))
      .map(apart)
      .join(' '),
  );

const apart = (name: string): string => name.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2').replaceAll('_', ' ');

/** The words of a name: `maxRepeats`, `poll_seconds`. */
export const wordsOfName = (name: string): string[] => wordsIn(apart(name));

/** By nearly all words of its name, or by much of its description. */
export const speaksOf = (text: string, { words, described }: Pick<Name, 'words' | 'described'>): boolean =>
  (words.length > 0 && shareOf(words, text) >= (words.length > 2 ? NAMED : 1)) ||
  (described.length > 1 && shareOf(described, text) >= DESCRIBED && (words.length === 0 || shareOf(words, text) > 0));

/** Whether a claim speaks of a field. */
export const namedIn = ({ text, quotes }: Said, field: Field): boolean =>
  [text, ...quotes].some((one) => speaksOf(one, readName(field)));

export function isForm(a: string, b: string): boolean {
  return stem(a) === stem(b) || ALSO.some((all) => [a, b].every((word) => all.some((one) => stem(one) === stem(word))));
}

/** Its words and numbers, in small letters. */
export const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const STATEMENT = new RegExp(String.raw`(?<=[.!?。！？])\s+(?=\P{Ll})|\n[ \t]*(?=\||${ITEM_MARK}\s)|;\s+`, 'u');

/** Sentences, items and rows of a quote, each as it stands there. */
export const statementsIn = (quote: string): string[] =>
  quote
    .split(STATEMENT)
    .map((one) => one.trim())
    .filter((one) => one !== '');

const HEAD = new RegExp(String.raw`^\s*(?:${ITEM_MARK}\s+)?(\*\*[^*\n]{1,60}\*\*|\`[^\`\n]{1,60}\`)`);

/** The statements of a quote; those of the entry of a name each with that name before it. */
function underHeads(quote: string): string[] {
  const [first = '', ...others] = statementsIn(quote);
  const head = HEAD.exec(first)?.[1];
  return [first, ...others.map((one) => (head === undefined || HEAD.test(one) ? one : `${head} ${one}`))];
}

/** A value that a statement gives, and how much of the question is said beside it. */
export interface Found<T> {
  value: T;
  share: number;
  /** It holds in a case, or for an example. */
  isInCase: boolean;
}

const IN_CASE = /^\W{0,3}(?:if|when|unless|for example|e\.g\.)\s/i;

/** All values that statements give. */
export function foundIn<T>(field: Field, valuesIn: (statement: string) => readonly T[]): Found<T>[] {
  return field.said.flatMap((said) =>
    said.quotes.flatMap(underHeads).flatMap((one) => {
      const statement = one.replace(/[ \t]+/g, ' ');
      const values = valuesIn(statement);
      if (values.length === 0) return [];
      // What stands around an answer goes by what it says itself.
      const text = said.isBeside === true ? '' : said.text;
      const share = shareOfGoal(field, { ...said, text, quotes: [statement] });
      return values.map((value) => ({ value, share, isInCase: IN_CASE.test(statement) }));
    }),
  );
}

/** How many terms of the question a claim says, or where its quotes stand. */
export function shareOfGoal({ goal }: Field, { text, quotes, sources = [] }: Said): number {
  const terms = new Set(contentTerms([...quotes, text, ...sources].join(' ')));
  return new Set(contentTerms(goal).filter((one) => terms.has(one))).size;
}

/** The one that is said; of several that differ the one beside which most of the question is said. */
export function surest<T>(all: readonly Found<T>[]): T | undefined {
  const always = all.filter(({ isInCase }) => !isInCase);
  const found = always.length > 0 ? always : all;
  const best = Math.max(...found.map(({ share }) => share));
  const values = new Set(found.filter(({ share }) => share === best).map(({ value }) => value));
  return values.size === 1 ? [...values][0] : undefined;
}
