// by-form.ts: what is asked for by a word that its answer need not say, for its form says it: an address is an email, whatever stands
// around it.

import type { Kind } from './kinds.ts';
import { stem } from './words.ts';

const EMAIL = '[\\w.+-]{1,64}@[\\w-]{1,64}\\.[\\w.-]*\\w';
const FORMS: readonly (readonly [words: string, RegExp])[] = [
  ['email e-mail mail', new RegExp(EMAIL)],
  ['url link website site webpage homepage', /\bhttps?:\/\/\S/],
  ['phone telephone', /(?<![\w.-])\+?\(?\d[\d() -]{5,18}\d(?![\w.-])/],
];
/** "Where do I send bug reports?" */
const PLACES: typeof FORMS = [['send submit', new RegExp(`${EMAIL}|\\bhttps?:\\/\\/\\S`)]];
const byTerm = (forms: typeof FORMS): Map<string, RegExp> =>
  new Map(forms.flatMap(([words, form]) => words.split(' ').map((word) => [stem(word), form] as const)));
const BY_TERM = byTerm(FORMS);
const BY_PLACE = byTerm([...FORMS, ...PLACES]);

/** The terms among those asked for that a text says by its form. */
export function saidByForm(asked: Iterable<string>, text: string, kind: Kind): string[] {
  const forms = kind === 'where' || kind === 'contact' ? BY_PLACE : BY_TERM;
  return [...asked].filter((term) => forms.get(term)?.test(text) === true);
}
