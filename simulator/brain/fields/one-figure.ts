// one-figure.ts: which fields of an object were filled with one and the same figure: it is that one's most of whose name is said
// beside it, and nobody's where that is said of several.

import { isForm, readName, statementsIn, wordsIn, type Said } from './field-name.ts';
import { figuresIn, saysBound } from './figures.ts';

/** A field that a number was found for. */
export interface Counted {
  name: string;
  description: string;
  value: number;
}

/** Fields that have a figure in common. */
export interface Shared {
  fields: string[];
  /** Those whose it is not. */
  losers: string[];
  /** In which it stands alone; empty where it stands twice. */
  statement: string;
}

/** The fields that have a figure in common; what stands in one statement alone counts one thing. */
export function sharedFigures(fields: readonly Counted[], said: readonly Said[]): Shared[] {
  const figures = new Map(
    said.flatMap(({ quotes }) => quotes.flatMap(statementsIn)).map((one) => [one, figuresIn(one)] as const),
  );
  return [...new Set(fields.map(({ value }) => value))].flatMap((value) => {
    const alike = fields.filter((one) => one.value === value);
    if (alike.length < 2) return [];
    const names = alike.map(({ name }) => name);
    const [statement = '', all = []] = [...figures].find(([, all]) => all.includes(value)) ?? [];
    // What stands twice may count two things.
    if (all.filter((one) => one === value).length !== 1) return [{ fields: names, losers: [], statement: '' }];
    const told = alike.map((one) => saidOf(one, statement));
    const most = Math.max(...told);
    const isOne = told.filter((count) => count === most).length === 1;
    return [{ fields: names, losers: names.filter((_name, at) => !isOne || told[at] !== most), statement }];
  });
}

/** What is said, without a statement. */
export const without = (said: readonly Said[], statement: string): Said[] =>
  said.map((one) => ({ ...one, quotes: one.quotes.map((quote) => quote.replace(statement, '')) }));

/** How much of a name a statement says. */
function saidOf(field: Counted, statement: string): number {
  const { words, unit, bound } = readName(field);
  const all = wordsIn(statement);
  return (
    words.filter((word) => all.some((one) => isForm(one, word))).length +
    Number(unit !== undefined && all.some((one) => unit.is.test(one))) +
    Number(bound !== undefined && saysBound(statement, bound) >= 0)
  );
}
