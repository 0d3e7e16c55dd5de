// scores.ts: how good an answer is, as far as code can say: its citations, its gaps, its padding. Pure.

import type { TaskResult } from '../protocol/result.ts';

/** Each from 0 to 1; 1 is good. */
export interface Scores {
  /** Citations whose quote stands, word for word, in the text that it names. */
  citations_right: number;
  /** Subtasks that brought nothing, of which the answer's gaps, or those of its coverage, say so. 1 where all brought something. */
  gaps_honest: number;
  /** Claims that rest on something that no claim before them rests on: what is below 1 is padding. */
  not_padded: number;
}

/** @param textOf the text of a source by its hash; undefined where it is not kept. */
export async function scoresOf(
  { answer, coverage }: Pick<TaskResult, 'answer' | 'coverage'>,
  textOf: (sha256: string) => Promise<string | undefined>,
): Promise<Scores> {
  const { citations = [], sections = [], gaps = [] } = answer ?? {};
  const right = await Promise.all(
    citations.map(async ({ sha256, quote }) => plain((await textOf(sha256)) ?? '').includes(plain(quote))),
  );
  const empty = coverage.subtasks.filter(({ findings }) => findings === 0);
  const said = new Set(wordsOf([...gaps, ...coverage.gaps].join(' ')));
  const named = empty.filter(({ title }) => {
    const words = wordsOf(title);
    return words.filter((word) => said.has(word)).length >= words.length * NAMED;
  });
  const seen = new Set<string>();
  const claims = sections.flatMap((section) => section.claims);
  const own = claims.filter(({ citations: numbers }) => {
    const quotes = numbers.map((n) => plain(citations[n - 1]?.quote ?? ''));
    const isNew = quotes.some((quote) => !seen.has(quote));
    for (const quote of quotes) seen.add(quote);
    return isNew;
  });
  return {
    citations_right: share(right.filter(Boolean).length, citations.length),
    gaps_honest: share(named.length, empty.length),
    not_padded: share(own.length, claims.length),
  };
}

/** Share of a title's words that say which one is meant. */
const NAMED = 0.7;

const wordsOf = (text: string): string[] => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();

const share = (part: number, of: number): number => (of === 0 ? 1 : part / of);
