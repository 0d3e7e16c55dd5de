// spelling.ts: the American spelling of a British one: colour → color, mould → mold.

import { createRequire } from 'node:module';

const SPELLINGS = createRequire(import.meta.url)(
  'american-british-english-translator/data/british_spellings.json',
) as Record<string, string>;

const AMERICAN = new Map(Object.entries(SPELLINGS));

/** As Americans write it, where they write it otherwise; else the word. */
export const american = (word: string): string => AMERICAN.get(word) ?? word;
