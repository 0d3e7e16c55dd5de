// irregular.ts: the base of an irregular form: thrown → throw, left → leave.

import { createRequire } from 'node:module';

/** Past and participle of each verb, in each of its ways. */
const VERBS = createRequire(import.meta.url)('english-verbs-irregular/dist/verbs.json') as Record<string, string[][]>;

const BASES = new Map(
  Object.entries(VERBS).flatMap(([base, ways]) => ways.flat().map((form): [string, string] => [form, base])),
);

/** The base of a word that is an irregular form, else the word. */
export const baseOf = (word: string): string => BASES.get(word) ?? word;
