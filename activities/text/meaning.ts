// meaning.ts: what a question asks for, as far as code can tell without a model: how it asks, its numbers, what turns its sense,
// and its other words in an order that does not depend on how it is put. For English; any other text counts as it is written.

import { stemmer } from 'stemmer';
import { DEGREES, EMPTY, HEADS, LEAD, PLACES, SPELLED, TURNS, WAYS } from './question-words.ts';

export interface Meaning {
  /** The question itself, in small letters, but `-T` as it is. */
  text: string;
  /** What is asked for: `what` (people, too), `how`, `why`, `when`, `where`, `count`, `whether`. */
  asks: string;
  /** In their order, as digits: `2`, `2nd`, `3.1`, `2023`. */
  numbers: readonly string[];
  /** Words that turn or bound the sense, sorted: `not`, `without`, `before`, … */
  turns: readonly string[];
  /** Stems of the other words: a thing stands before what belongs to it, the last two of a list are sorted. */
  terms: readonly string[];
  /** The same with `to`, `from`, `by`, `have`, …: what changes its side of one is something else. */
  row: readonly string[];
  /** Terms behind `in`, `at`, `for`, …: where such a part of a sentence stands says nothing. */
  adjuncts: ReadonlySet<string>;
  /** `done`: something is done to what is asked about; `by`: and it is said by whom. */
  voice: 'does' | 'done' | 'by';
  /** Whether the question asks who or what does it, or to whom or what it is done; undefined where its form tells neither. */
  seeks: 'doer' | 'object' | undefined;
}

export function meaningOf(question: string): Meaning {
  const text = plain(question);
  const { asks, rest } = headOf(text);
  const numbers: string[] = [];
  const turns: string[] = [];
  const phrases: Phrase[] = [{ terms: [] }];
  const adjuncts = new Set<string>();
  let isPlace = false;
  for (const [raw] of rest.matchAll(WORD)) {
    const word = SPELLED.get(raw) ?? raw;
    if (ARTICLE.test(word)) continue;
    if (/^\d/.test(word)) numbers.push(word);
    else if (TURNS.has(word)) turns.push(TURNS.get(word) ?? word);
    else if (WAYS.has(word)) phrases.push({ terms: [word] }, { terms: [] });
    else if (EMPTY.has(word)) phrases.push({ terms: [], joint: word });
    else {
      const term = termOf(word);
      phrases.at(-1)?.terms.push(term);
      if (isPlace) adjuncts.add(term);
    }
    isPlace = PLACES.has(word) || (isPlace && !EMPTY.has(word) && !WAYS.has(word));
  }
  const row = inOrder(phrases);
  const terms = row.filter((term) => !WAYS.has(term));
  return {
    text,
    asks,
    numbers,
    turns: turns.sort(),
    terms,
    row,
    adjuncts,
    voice: voiceOf(text),
    seeks: soughtIn(text),
  };
}

/** Words that stand beside each other, and the word before them. */
interface Phrase {
  terms: string[];
  joint?: string;
}

/** "The price of the plan" as "the plan's price", "B and A" as "A and B". */
function inOrder(phrases: readonly Phrase[]): string[] {
  let behind: string[] = [];
  for (const [at, { terms, joint }] of [...phrases.entries()].reverse()) {
    const before = phrases[at - 1]?.terms;
    if (!before) behind = [...terms, ...behind];
    else if (joint === 'of') before.unshift(...terms.splice(0));
    else if ((joint === 'and' || joint === 'or') && before.length > 0 && terms.length > 0) {
      const [left, right] = [before.pop() ?? '', terms.shift() ?? ''].sort();
      before.push(left ?? '');
      behind = [right ?? '', ...terms, ...behind];
    } else behind = [...terms, ...behind];
  }
  return behind;
}

/** "Treatment" and "treated" are one. */
const termOf = (word: string): string =>
  /^[a-z]{3,}$/.test(word) ? stemmer(word.length > 7 ? word.replace(/ments?$/, '') : word) : word;

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[-._/:][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*[+#%]*/gu;
const ARTICLE = /^(?:a|an|the)$/;

/** `-t` and `-T` are two. */
const OPTION = /(?<![\p{L}\p{N}_./-])-[A-Z](?![\p{L}\p{N}_-])/u;
const LARGE = new RegExp(`${OPTION.source}|\\p{Lu}+`, 'gu');

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(LARGE, (large) => (OPTION.test(large) ? large : large.toLowerCase()))
    .replaceAll('’', "'")
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/\bcannot\b|\bcan't\b/g, 'can not')
    .replace(/\b(\p{L}+)n't\b/gu, '$1 not')
    .replace(/(?<=\p{L})'s?(?![\p{L}\p{N}])/gu, '')
    .replace(/\bnon-/g, 'not ')
    .replace(/\b(?:deal|cope)s? with\b/g, 'handle')
    .replace(/(\d)\s*-\s*(?=\p{L})/gu, '$1 ');

/** What it asks for. The words that say no more than that are taken off. */
function headOf(text: string): { asks: string; rest: string } {
  const rest = text.trim().replace(LEAD, '');
  const degree = /^how (\p{L}+)\b/u.exec(rest)?.[1] ?? '';
  if (DEGREES.has(degree))
    return { asks: 'what', rest: `${DEGREES.get(degree) ?? degree}${rest.slice(4 + degree.length)}` };
  for (const [asks, pattern] of HEADS) {
    const [head] = pattern.exec(rest) ?? [];
    if (head !== undefined) return { asks, rest: rest.slice(head.length) };
  }
  return { asks: 'what', rest };
}

const DONE =
  /\b(?:is|are|was|were|be|been|being)\b(?:\s+[^\s?.]+){0,7}?\s+(?:\p{L}+(?:ed|wn|ten|ken|ven|sen)|made|kept|held|sent|built|found|paid|run|set|read|known|taught|bought|sold)\b/u;

const voiceOf = (text: string): Meaning['voice'] =>
  !DONE.test(text) ? 'does' : /\bby (?!default\b)/.test(text) ? 'by' : 'done';

/** "Which firms bought A" seeks who did it, "which firms did A buy" what it was done to. */
function soughtIn(text: string): Meaning['seeks'] {
  if (!/^(?:what|which|who|whom)\b/.test(text)) return undefined;
  if (/^whom\b|\b(?:do|does|did)\b/.test(text)) return 'object';
  return /\b(?:is|are|was|were|be|been|has|have|had|by)\b/.test(text) ? undefined : 'doer';
}
