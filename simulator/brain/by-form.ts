// by-form.ts: what is asked for by a word that its answer need not say, for its form says it: an address is an email, whatever stands
// around it.

import { stem } from './words.ts';

const FORMS: readonly (readonly [words: string, RegExp])[] = [
  ['email e-mail mail', /[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]*\w/],
  ['url link website site webpage homepage', /\bhttps?:\/\/\S/],
  ['phone telephone', /(?<![\w.-])\+?\(?\d[\d() -]{5,18}\d(?![\w.-])/],
];
const BY_TERM = new Map(FORMS.flatMap(([words, form]) => words.split(' ').map((word) => [stem(word), form] as const)));

/** The terms among those asked for that a text says by its form. */
export function saidByForm(asked: Iterable<string>, text: string): string[] {
  return [...asked].filter((term) => BY_TERM.get(term)?.test(text) === true);
}
