// by-form.ts: what is asked for by a word that its answer need not say, for its form says it: an address is an email, whatever stands
// around it.

import type { Kind } from '../question/kinds.ts';
import { stem } from '../words/words.ts';

const EMAIL = '[\\w.+-]{1,64}@[\\w-]{1,64}\\.[\\w.-]*\\w';
const FORMS: readonly (readonly [words: string, RegExp])[] = [
  ['email e-mail mail', new RegExp(EMAIL)],
  ['url link website site webpage homepage', /\bhttps?:\/\/\S/],
  ['temperature hot warm cold', /\d ?(?:°|º|degrees?\b)/],
  ['phone telephone', /(?<![\w.-])\+?\(?\d[\d() -]{5,18}\d(?![\w.-])/],
];
/** "Where do I send bug reports?" */
const PLACES: typeof FORMS = [['send submit', new RegExp(`${EMAIL}|\\bhttps?:\\/\\/\\S`)]];
const NOTICE = /(?:©|\([cC]\)|\b[Cc]opyright)\s{0,2}(?:©\s|\([cC]\)\s)?(?:\d{4}[\d\s,–-]{0,30})?(?:by )?\p{Lu}\p{Ll}/u;
/** "Who wrote it?": "Copyright 1996 Julian Seward". "Who discovered it?": "Credit for finding it goes to …". */
const MAKERS: typeof FORMS = [
  ['write author create develop', NOTICE],
  ['discover detect', /\bcredits? (?:for|goes?|to|is due)\b|\bcredited to\b|\bthanks to \p{Lu}/iu],
];
const byTerm = (forms: typeof FORMS): Map<string, RegExp> =>
  new Map(forms.flatMap(([words, form]) => words.split(' ').map((word) => [stem(word), form] as const)));
const BY_TERM = byTerm(FORMS);
const BY_PLACE = byTerm([...FORMS, ...PLACES]);
const BY_MAKER = byTerm([...FORMS, ...MAKERS]);

/** The terms among those asked for that a text says by its form. */
export function saidByForm(asked: Iterable<string>, text: string, kind: Kind): string[] {
  const forms = kind === 'who' ? BY_MAKER : kind === 'where' || kind === 'contact' ? BY_PLACE : BY_TERM;
  return [...asked].filter((term) => forms.get(term)?.test(text) === true);
}

/** Whether a notice in it says whose work a thing is. */
export const saysMaker = (text: string): boolean => NOTICE.test(text);
