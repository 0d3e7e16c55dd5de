// same-words.ts: words of which one is written where another means the same: "create" and "generate". The first of each group stands
// for all. Those that lost answers were left out when they were measured (decisions 0207, 0208): "repair" and "fix", "change" and "edit".

import { MONTHS, SHORT_MONTHS } from './calendar.ts';

const SAME: readonly (readonly string[])[] = [
  ['create', 'generate', 'produce'],
  ['remove', 'delete', 'erase', 'uninstall'],
  ['ignore', 'exclude', 'skip'],
  ['maximum', 'max'],
  ['minimum', 'min'],
  ['directory', 'folder', 'directories'],
  ['update', 'upgrade'],
  ['duplicate', 'twice'],
  ['stop', 'quit', 'terminate'],
  ['start', 'begin'],
  ['download', 'fetch', 'retrieve'],
  ['select', 'choose', 'pick'],
  ['allow', 'permit'],
  ['forbid', 'prohibit'],
  ['buy', 'purchase'],
  ['reduce', 'shrink', 'decrease'],
  ['increase', 'grow'],
  ['limit', 'restrict', 'throttle', 'cap'],
  ['cancel', 'abort'],
  ['restore', 'recover'],
  ['send', 'submit', 'transmit'],
  ['hide', 'conceal'],
  ['merge', 'combine'],
  ['split', 'divide'],
  ['cost', 'price'],
  ['employee', 'staff'],
  ['fast', 'quick'],
  ['rate', 'speed'],
  ['large', 'big'],
  ['whole', 'entire'],
  ['machine', 'computer', 'laptop'],
  ['error', 'failure'],
  ['image', 'picture', 'photo', 'photograph'],
  ['processor', 'cpu'],
  ['memory', 'ram'],
  ['disk', 'drive'],
  ['email', 'mail'],
  ['website', 'site'],
  ['password', 'passphrase'],
  ['deep', 'depth'],
  ['wide', 'width'],
  ['required', 'mandatory', 'compulsory', 'obligatory'],
  ['permission', 'privilege'],
  ['multiple', 'several'],
  ['run', 'execute'],
  ['config', 'configuration', 'configurations'],
  ['admin', 'administrator', 'administrators'],
  ['repo', 'repository', 'repositories'],
  ['app', 'application'],
  ['param', 'parameter'],
  ['parallel', 'concurrent', 'concurrently', 'simultaneous', 'simultaneously'],
];

const FIRST = new Map([
  ...SAME.flatMap(([first = '', ...others]) => others.flatMap(formsOf).map((form): [string, string] => [form, first])),
  // "2023-Feb-16" is in February.
  ...MONTHS.map((month, at): [string, string] => [month, SHORT_MONTHS[at] ?? month]),
  ['sept', 'sep'],
]);

/** The word that stands for all that mean the same, else the word. */
export const sameAs = (word: string): string => FIRST.get(word) ?? word;

const GROUPS = new Map(SAME.map((group) => [group[0] ?? '', group]));

/** The other words that mean the same, for a search that goes by words. */
export const othersLike = (word: string): readonly string[] =>
  (GROUPS.get(sameAs(word)) ?? []).filter((other) => other !== word);

/** Forms of a regular verb or noun. */
function formsOf(word: string): string[] {
  const bare = word.replace(/e$/, '');
  const doubled = /[^aeiou][aeiou]p$/.test(word) ? `${word}p` : bare;
  return [word, `${word}s`, `${doubled}ed`, `${doubled}ing`, `${bare}ion`, `${bare}ions`, `${bare}or`];
}
