// irregular.ts: the base of a form that a stemmer does not know: thrown → throw, left → leave, older → old.

import { createRequire } from 'node:module';

/** Past and participle of each verb, in each of its ways. */
const VERBS = createRequire(import.meta.url)('english-verbs-irregular/dist/verbs.json') as Record<string, string[][]>;

/** Adjectives that are compared: not "late" and "early", whose "later" and "earlier" say something else. */
const COMPARED = 'old new big large small fast slow cheap safe strong weak deep wide tall young heavy'.split(' ');

const BASES = new Map([
  ...Object.entries(VERBS).flatMap(([base, ways]) => ways.flat().map((form): [string, string] => [form, base])),
  ...COMPARED.flatMap((base) => ['er', 'est'].map((end): [string, string] => [`${compared(base)}${end}`, base])),
]);

/** The base of a word that is such a form, else the word. */
export const baseOf = (word: string): string =>
  BASES.get(word) ?? (/^[dlt]ie[ds]$/.test(word) ? word.slice(0, 3) : word);

function compared(base: string): string {
  return base === 'big' ? 'bigg' : base.replace(/e$/, '').replace(/y$/, 'i');
}
