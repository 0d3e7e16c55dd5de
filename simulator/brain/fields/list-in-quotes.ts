// list-in-quotes.ts: the short names that a text enumerates: "supports gzip, bzip2 and xz", or items of a list, each by what it is
// called ("- gzip: the oldest one").

import { ITEM_MARK } from '../text/unit.ts';
import { isStopWord } from '../words/words.ts';
import {
  isForm,
  readName,
  shareOf,
  speaksOf,
  statementsIn,
  wordsIn,
  wordsOfName,
  type Field,
  type Said,
} from './field-name.ts';
import { cutFrom, sortOf } from './field-sort.ts';
import { labelled, unmarked } from './labels.ts';
import { namesIn } from './people.ts';
import { peopleOrThings } from './things.ts';

/** Words of a name in a list. */
const LONGEST = 4;
/** Letters between a word of the field and what is enumerated. */
const NEAR = 28;
const NO = /\b(?:no|not|never|except|without|neither|nor)\b|n['’]t\b/i;

/** The names that are listed for a field; none where what is listed is no names. */
export function namesFor(field: Field): string[] {
  const asked = sortOf(field, undefined);
  const labels = labelled(field).flatMap((value) => {
    const people = namesIn(value);
    const several = partsOf(value);
    if (people.length > 1) return people;
    // One alone must look like its sort.
    const isOfSort = several.length < 2 && asked !== undefined && asked.sort.isNamed !== true;
    if (isOfSort) return cutFrom(value, asked.sort).map((one) => one.value);
    return several.length > 1 ? several : [nameOf(value)];
  });
  const statements = field.said.flatMap(({ quotes }) => quotes.flatMap(statementsIn));
  const found = [
    (): string[] => field.said.flatMap((one, at) => (isListOf(one, at, field) ? itemsOf(one).map(nameOf) : [])),
    () => labels,
    () => (asked === undefined ? [] : (peopleOrThings(field, asked).sort((a, b) => b.share - a.share)[0]?.value ?? [])),
    () => statements.map((one) => enumerated(one, field)).find((all) => all.length > 0) ?? [],
  ];
  for (const names of found) {
    const all = [...new Set(names())];
    if (all.length > 0 && all.every((one) => one !== '')) return all;
  }
  return [];
}

const ITEM = new RegExp(String.raw`^[ \t]*${ITEM_MARK}[ \t]`, 'm');
const ITEMS = new RegExp(String.raw`\n(?=[ \t]*${ITEM_MARK}[ \t])`);

/** The items of a list or the rows of a table that a claim quotes; none where it quotes no several. */
export function itemsOf({ quotes }: Said): string[] {
  const all = quotes.flatMap((quote) => {
    if (/^\s*\|/.test(quote)) return quote.split('\n').filter((row) => row.trim() !== '' && !/^[\s|:-]*$/.test(row));
    return ITEM.test(quote) ? quote.split(ITEMS).filter((item) => ITEM.test(item)) : [];
  });
  return all.length > 1 ? all : [];
}

/** Its lead speaks of the field; or the question does, and it is what the question is answered with first. */
function isListOf(said: Said, at: number, field: Field): boolean {
  const [first] = itemsOf(said);
  if (first === undefined) return false;
  const name = readName(field);
  const begin = wordsIn(unmarked(first)).slice(0, 2).join(' ');
  const lead = said.text.slice(0, Math.max(0, said.text.toLowerCase().indexOf(begin)));
  const isAsked = at === 0 && name.words.length > 0 && shareOf(name.words, field.goal) === 1;
  return !said.quotes.some((quote) => /^\s*\|/.test(quote)) && (speaksOf(lead, name) || isAsked);
}

const LINK = /\[([^[\]\n]{0,200})\](?:\([^()\n]{0,400}\)|\[[^[\]\n]{0,200}\])/g;

/** What an item is called: what stands before its dash or colon; nothing where that is a sentence. */
export function nameOf(item: string): string {
  const cells = item.split('|').map((cell) => cell.trim());
  const text = (cells.length > 2 ? (cells.find((cell) => cell !== '') ?? '') : unmarked(item))
    .replace(LINK, '$1')
    .replace(/^\[[ x]\]\s/i, '')
    .replace(/[ \t\r]+/g, ' ');
  const [head = ''] = text.split(/ (?:--?|[–—=]{1,3}>?) |: |, | \(|\n/);
  const name = head.replace(/[*_`"“”]/g, (mark) => (mark === '_' && /\w_\w/.test(head) ? mark : '')).trim();
  const plain = name.replace(/[.;,:]$/, '').replace(/^\[(.*?)\]/, '$1');
  return wordsIn(plain).length <= LONGEST + 1 ? plain : '';
}

const SEPARATOR = /,\s+(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+/;

/** A text that is nothing but an enumeration. */
function partsOf(text: string): string[] {
  const parts = text.replace(/\s+/g, ' ').split(SEPARATOR).map(nameOf);
  return parts.length > 1 && parts.every((one) => one !== '' && wordsIn(one).length <= LONGEST) ? parts : [];
}

const WORD = String.raw`(?!(?:and|or)\s)[^\s,;:()|]{1,40}`;
const NAME = String.raw`${WORD}(?: ${WORD}){0,2}`;
/** At least three with commas, or two that are written as names. */
const RUN = new RegExp(
  String.raw`${NAME}(?:, ${NAME}){0,30}(?:,? (?:and|or) |, )(?<last>${WORD}(?: ${WORD}){0,2})`,
  'gu',
);

const ADVERBIAL = /^(?:at|in|on|for|with|by|since|until|after|before|currently|however|then|also|instead|today|now)\b/i;

/** What a statement enumerates beside a word of the field. */
function enumerated(statement: string, field: Field): string[] {
  const { words, isDenied, ...name } = readName(field);
  const text = statement
    .replace(LINK, '$1')
    .replace(/\s+/g, ' ')
    .replace(/^(?:\W*)/, '');
  if (!speaksOf(text, { ...name, words }) || NO.test(text) !== isDenied) return [];
  const places = [...text.matchAll(/[\p{L}\p{N}]+/gu)]
    .filter(([word]) => words.some((one) => isForm(word.toLowerCase(), one)))
    .map(({ 0: word, index }) => ({ at: index, end: index + word.length }));
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const parts = run.split(SEPARATOR).map((one) => one.trim());
    // "At the moment, a, b and c"
    if (index === 0 && ADVERBIAL.test(run)) parts.shift();
    const [first = '', ...others] = parts;
    const most = Math.max(1, ...others.slice(0, -1).map((one) => one.split(' ').length));
    const begin = tailOf(first, words, most);
    const end = headOf(others.at(-1) ?? '', words, most);
    const all = [begin, ...others.slice(0, -1), end].map((one) => nameOf(one));
    const from = index + run.indexOf(begin);
    const to = index + run.length - (others.at(-1) ?? '').length + end.length;
    const isNear = places.some(({ at, end: last }) =>
      last <= from ? isBetween(text.slice(last, from), field) : at >= to - 1 && at - to <= 2,
    );
    const isNames = all.length > 2 || all.every((one) => /[\p{Lu}\d_`]/u.test(one));
    if (isNear && isNames && all.every((one) => one !== '' && !wordsIn(one).some(isStopWord))) return all;
  }
  return [];
}

/** Nothing but words that say nothing, or are of the name. */
const isBetween = (text: string, { name }: Field): boolean =>
  text.length <= NEAR &&
  wordsIn(text).every(
    (word) => word.length === 1 || isStopWord(word) || wordsOfName(name).some((one) => isForm(word, one)),
  );

/** The last words that may be a name: none of the field, and nothing before a word that says nothing. */
function tailOf(text: string, words: readonly string[], most: number): string {
  const all = text.split(' ');
  const stop = all.findLastIndex((one) => isBorder(one, words));
  return all.slice(Math.max(stop + 1, all.length - most)).join(' ');
}

function headOf(text: string, words: readonly string[], most: number): string {
  const all = text.replace(/[.!]$/, '').split(' ');
  const stop = all.findIndex((one) => isBorder(one, words));
  return all.slice(0, Math.min(stop < 0 ? all.length : stop, most)).join(' ');
}

const isBorder = (word: string, words: readonly string[]): boolean =>
  isStopWord(word.toLowerCase()) || words.some((one) => isForm(word.toLowerCase(), one));
