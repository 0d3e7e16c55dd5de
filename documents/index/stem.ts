// stem.ts: brings the forms of an English word together, by Porter's algorithm: "caching", "caches" and "cached" meet, and so do
// "mould" and "mold". What is short, has digits, or is written in other letters stays as it is.

import { createRequire } from 'node:module';
import { stemmer } from 'stemmer';

/** American spellings by British ones. */
const AMERICAN = new Map(
  Object.entries(
    (createRequire(import.meta.url)('american-english') as { us_spelling: Record<string, string> }).us_spelling,
  ),
);

export const stem = (word: string): string =>
  word.length < 4 || !/^[a-z]+$/.test(word) ? word : stemmer(AMERICAN.get(word) ?? word);
