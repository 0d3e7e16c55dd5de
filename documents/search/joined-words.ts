// joined-words.ts: what a query writes in two words and documents in one, or the other way round: "lock file" and "lockfile".

import { stem } from '../index/stem.ts';

/** Letters of each of the two that a word is split into. */
const LEAST = 4;
/** A longer word is no two. */
const LONGEST = 24;

/** The terms of each two words of a query that stand side by side, written as one. */
export const joinedIn = (query: string): string[] =>
  Array.from(
    query.matchAll(/(?<![\p{L}\p{N}])(?=([a-z]{3,})[ -]([a-z]{3,})(?![\p{L}\p{N}]))/giu),
    ([, a = '', b = '']) => stem(`${a}${b}`.toLowerCase()),
  );

/** Words that are no names: in small letters. */
export const plainWords = (query: string): string[] =>
  Array.from(query.matchAll(/(?<![\p{L}\p{N}])[a-z]+(?![\p{L}\p{N}])/gu), ([word]) => word);

/** The terms of the two words that one may be written as: of all splits the one whose rarer half is the most frequent. */
export function halvesOf(word: string, frequency: (term: string) => number): string[] {
  if (!/^[a-z]+$/.test(word) || word.length < 2 * LEAST || word.length > LONGEST) return [];
  let best: string[] = [];
  let most = 0;
  for (let at = LEAST; at <= word.length - LEAST; at += 1) {
    const halves = [stem(word.slice(0, at)), stem(word.slice(at))];
    const least = Math.min(...halves.map(frequency));
    if (least > most) [most, best] = [least, halves];
  }
  return best;
}
