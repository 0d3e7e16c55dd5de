// same-words.ts: words of which one is written where another means the same: "create" and "generate". Few: each pair more brought
// together what some text keeps apart, and lost answers in bench/answers.

const SAME: readonly (readonly string[])[] = [
  ['create', 'generate', 'produce'],
  ['remove', 'delete', 'erase'],
  ['ignore', 'exclude', 'skip'],
  ['maximum', 'max'],
  ['minimum', 'min'],
  ['directory', 'folder', 'directories'],
];

const MONTHS = 'january february march april june july august september october november december'.split(' ');
/** "2023-Feb-16" is in February. */
const SHORT_MONTHS = MONTHS.map((month): [string, string] => [month, month.slice(0, 3)]);

const FIRST = new Map([
  ...SAME.flatMap(([first = '', ...others]) => others.flatMap(formsOf).map((form): [string, string] => [form, first])),
  ...SHORT_MONTHS,
  ['sept', 'sep'],
]);

const DAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const OF_CALENDAR = new Set([...MONTHS, ...DAYS]);
/** A month or a day of the week: written like a name, and none. */
export const isOfCalendar = (word: string): boolean => OF_CALENDAR.has(word);

/** The word that stands for all that mean the same, else the word. */
export const sameAs = (word: string): string => FIRST.get(word) ?? word;

/** Forms of a regular verb or noun. */
function formsOf(word: string): string[] {
  const bare = word.replace(/e$/, '');
  const doubled = /[^aeiou][aeiou]p$/.test(word) ? `${word}p` : bare;
  return [word, `${word}s`, `${doubled}ed`, `${doubled}ing`, `${bare}ion`, `${bare}ions`, `${bare}or`];
}
