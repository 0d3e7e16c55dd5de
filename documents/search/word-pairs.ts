// word-pairs.ts: what passages have of the words that stand side by side in a query: "nominate collaborators" is not
// "a collaborator's nomination". Of the best passages only, whose texts are read for it.

import { tokensOf } from '../index/terms.ts';

/** The pairs of a query's words, each with the less of what its two are worth. Words that say nothing stand between none. */
export function pairsOfQuery(query: string, worthOf: (term: string) => number): Map<string, number> {
  const pairs = new Map<string, number>();
  for (const [first, second] of neighbours(query)) {
    const worth = Math.min(worthOf(first), worthOf(second));
    if (worth > 0) pairs.set(`${first} ${second}`, worth);
  }
  return pairs;
}

/** What a text has of them. */
export function pairsIn(text: string, pairs: ReadonlyMap<string, number>): number {
  const left = new Map(pairs);
  let sum = 0;
  for (const [first, second] of neighbours(text)) {
    const pair = `${first} ${second}`;
    sum += left.get(pair) ?? 0;
    left.delete(pair);
    if (left.size === 0) break;
  }
  return sum;
}

function* neighbours(text: string): Generator<[string, string]> {
  let before: string | undefined;
  for (const { terms } of tokensOf(text)) {
    const [term] = terms;
    if (term === undefined) continue;
    if (before !== undefined) yield [before, term];
    before = term;
  }
}
