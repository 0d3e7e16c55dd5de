// joined-words.ts: what a question writes in two words and the passages in one, or the other way round: "lock file" and
// "lockfile", "timezone" and "time zone". A question's words as most of what was found writes them; its text stays as it was.

import type { AskedWord, Question } from './question.ts';
import { isStopWord, stem, termsOf } from '../words/words.ts';

/** Letters of each of the two. */
const LEAST = 3;
/** A longer word is no two. */
const LONGEST = 24;
/** Of a question: each is looked for in every passage. */
const MOST_PAIRS = 24;
const MOST_WORDS = 24;
/** What each of the two counts beside the word that they make. */
const PART = 0.3;

/** The question with its words as most of these texts write them. */
export function asWritten(question: Question, texts: readonly string[]): Question {
  const lower = texts.map((text) => text.toLowerCase());
  const holders = (wanted: RegExp): number => lower.filter((text) => wanted.test(text)).length;
  let { words } = question;
  const weights = new Map(question.weights);
  for (const [first, second] of pairsIn(question.text)) {
    const [a, b] = [wordOf(words, first), wordOf(words, second)];
    const joined = `${first}${second}`;
    if (!a || !b || a === b || holders(asWord(joined)) <= holders(asPair(first, second))) continue;
    const terms = [stem(joined), ...a.terms, ...b.terms];
    words = words
      .filter((word) => word !== b)
      .map((word) => (word === a ? { ...a, text: joined, key: joined, terms } : word));
    for (const term of [...a.terms, ...b.terms]) weights.set(term, Math.min(PART, weights.get(term) ?? PART));
    weights.set(stem(joined), 1);
  }
  for (const word of words.slice(0, MOST_WORDS)) {
    const halves = word.isName || word.terms.length > 1 ? undefined : halvesOf(word.key, lower);
    if (!halves) continue;
    const made = halves.map((half): AskedWord => ({ text: half, key: half, terms: termsOf(half), isName: false }));
    words = words.flatMap((one) => (one === word ? made : [one]));
    for (const term of word.terms) weights.delete(term);
    for (const term of made.flatMap(({ terms }) => terms)) weights.set(term, Math.max(1, weights.get(term) ?? 0));
  }
  return { ...question, words, weights };
}

const wordOf = (words: readonly AskedWord[], key: string): AskedWord | undefined =>
  words.find((word) => !word.isName && word.key === key);

/** Words that stand side by side. */
function pairsIn(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  let before: { word: string; end: number } | undefined;
  for (const { 0: found, index } of text.toLowerCase().matchAll(/[a-z]+/g)) {
    const isNext = before !== undefined && before.end + 1 === index && /[ -]/.test(text[before.end] ?? '');
    if (before && isNext && found.length >= LEAST && before.word.length >= LEAST) pairs.push([before.word, found]);
    before = { word: found, end: index + found.length };
  }
  return pairs.filter(([a, b]) => !isStopWord(a) && !isStopWord(b)).slice(0, MOST_PAIRS);
}

/** The two words that texts have instead of one that none has in any form: those that most have. */
function halvesOf(word: string, texts: readonly string[]): [string, string] | undefined {
  if (!/^[a-z]+$/.test(word) || word.length < 2 * LEAST || texts.some((text) => text.includes(stem(word)))) return;
  let best: [string, string] | undefined;
  let most = 0;
  for (let at = LEAST; at <= Math.min(word.length, LONGEST) - LEAST; at += 1) {
    const [first, second] = [word.slice(0, at), word.slice(at)];
    const pair = asPair(first, second);
    const many = texts.filter((text) => text.includes(first) && pair.test(text)).length;
    if (many > most) [most, best] = [many, [first, second]];
  }
  return best;
}

const asWord = (word: string): RegExp => new RegExp(`(?<![a-z])${word}(?:s|es)?(?![a-z])`);
const asPair = (first: string, second: string): RegExp =>
  new RegExp(`(?<![a-z])${first}[ -]${second}(?:s|es)?(?![a-z])`);
