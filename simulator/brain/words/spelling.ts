// spelling.ts: the American spelling of a British one: colour → color, mould → mold.

import { createRequire } from 'node:module';

const { us_spelling: spellings } = createRequire(import.meta.url)('american-english') as {
  us_spelling: Record<string, string>;
};

const AMERICAN = new Map(Object.entries(spellings));

/** As Americans write it, where they write it otherwise; else the word. */
export const american = (word: string): string => AMERICAN.get(word) ?? word;
