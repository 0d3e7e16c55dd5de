// same-words.ts: words of which one is written where another means the same: "create" and "generate". Few: each pair more brought
// together what some text keeps apart, and lost answers in bench/answers.

import { MONTHS, SHORT_MONTHS } from './calendar.ts';

const SAME: readonly (readonly string[])[] = [
  ['create', 'generate', 'produce'],
  ['remove', 'delete', 'erase'],
  ['ignore', 'exclude', 'skip'],
  ['maximum', 'max'],
  ['minimum', 'min'],
  ['directory', 'folder', 'directories'],
];

const FIRST = new Map([
  ...SAME.flatMap(([first = '', ...others]) => others.flatMap(formsOf).map((form): [string, string] => [form, first])),
  // "2023-Feb-16" is in February.
  ...MONTHS.map((month, at): [string, string] => [month, SHORT_MONTHS[at] ?? month]),
  ['sept', 'sep'],
]);

/** The word that stands for all that mean the same, else the word. */
export const sameAs = (word: string): string => FIRST.get(word) ?? word;

/** Forms of a regular verb or noun. */
function formsOf(word: string): string[] {
  const bare = word.replace(/e$/, '');
  const doubled = /[^aeiou][aeiou]p$/.test(word) ? `${word}p` : bare;
  return [word, `${word}s`, `${doubled}ed`, `${doubled}ing`, `${bare}ion`, `${bare}ions`, `${bare}or`];
}
