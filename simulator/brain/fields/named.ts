// named.ts: what a statement names of what a field is called: "the login `demo`", "the `demo` login", "the Rust compiler", "CVE-2022-1".

import { SMALL } from './figures.ts';
import { foundIn, isForm, readName, shareOf, surest, wordsIn, wordsOfName, type Field } from './field-name.ts';

/** The name that is given to what the words of a field are, in marks, with a number, or in capitals. */
export function named(field: Field): string | undefined {
  const { words } = readName(field);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const isPlace = WHERE.test(wordsOfName(field.name).at(-1) ?? '');
  const isLast = (word = ''): boolean => isForm(word.toLowerCase(), last);
  return surest(
    foundIn(field, (statement) => {
      const text = statement.replace(/\s+/g, ' ');
      const own = [...text.matchAll(NUMBERED)].filter(([, word]) => isLast(word)).map(([value]) => value);
      if (own.length > 0 || shareOf(words, text) < 1) return own;
      const behind = [...text.matchAll(BEHIND)].filter(([, word]) => isLast(word));
      return [
        ...behind.map(([, , marked, numbered]) => marked ?? numbered ?? ''),
        ...(isPlace ? [] : namedBefore(text, words, field.goal)),
      ];
    }),
  );
}

/** "CVE-2022-1", "RFC 2119" */
const NUMBERED = /(?<![\p{L}\p{N}-])(\p{Lu}{2,8})[- ]\d[\d-]{0,20}(?![\p{L}\p{N}-])/gu;
/** What may stand behind a number that names something, where one that counts has what it counts: "pier four at noon", "retry 5 times". */
const LEADS_ON = 'and|at|by|every|for|from|has|in|is|on|or|to|was|with';
/** "pier four", "gate B12", "the demo `x`", "advisory CVE-2022-1" */
const BEHIND = new RegExp(
  String.raw`(?<!\p{L})(\p{L}{1,40})\s(?:["“\x60]([^\x60"”\n]{1,60})["”\x60]|(\p{Lu}{2,8}-\d[\d-]{0,20}|\p{Lu}?\d{1,5}\p{Lu}?|${SMALL.slice(1, 13).join('|')})(?![\p{L}\p{N}%:/-]|[.,]\p{N}|\s(?!(?:${LEADS_ON})\b)))`,
  'gu',
);
/** Words of a name before what it is the name of. */
const NAMING = 3;
/** A field that asks where something goes is not named by who does it. */
const WHERE = /^(?:to|at|from|on|for|with|via)$/;

/** A name, of which nothing stands in the question, before all words that a field is called by. */
function namedBefore(text: string, words: readonly string[], goal: string): string[] {
  const all = text.split(' ');
  const plain = all.map((one) => one.toLowerCase().replace(/[.,;:!?)]$/, ''));
  return all.flatMap((_one, at) => {
    const from = at - words.length + 1;
    if (from < 1 || !words.every((one, i) => isForm(plain[from + i] ?? '', one))) return [];
    const marked = /^[`"“]([^`"”]{1,60})[`"”]$/.exec(all[from - 1] ?? '')?.[1];
    if (marked !== undefined) return [marked];
    const name = all.slice(Math.max(1, from - NAMING), from);
    const proper = name.slice(name.findLastIndex((one) => !/^\p{Lu}[\p{L}\p{N}.+-]{1,40}$/u.test(one)) + 1).join(' ');
    // Of a name in plain letters only what the question asks for.
    return proper !== '' && shareOf(words, goal) === 1 && shareOf(wordsIn(proper), goal) === 0 ? [proper] : [];
  });
}
