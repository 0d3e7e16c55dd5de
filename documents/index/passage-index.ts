// passage-index.ts: the MiniSearch index over passages: which fields there are, what each holds, how it is written down
// and read back. How results are ordered is ranking.ts.

import MiniSearch, { type Options } from 'minisearch';
import type { PlainIndex } from './corpus-format.ts';
import { termsOf } from './terms.ts';

/** What of a passage is indexed. `id` is its number in the corpus. */
export interface IndexedPassage {
  id: number;
  heading: string;
  source: string;
  text: string;
}

const OPTIONS: Options<IndexedPassage> = {
  fields: ['heading', 'source', 'text'],
  tokenize: termsOf,
  // The terms come out of the tokenizer as they are to be.
  processTerm: (term) => term,
};

export type PassageIndex = MiniSearch<IndexedPassage>;

export const newIndex = (): PassageIndex => new MiniSearch(OPTIONS);

export function writeIndex(index: PassageIndex): PlainIndex {
  const { index: terms, ...head } = index.toJSON();
  return { head, terms: terms as unknown as PlainIndex['terms'] };
}

export function readIndex({ head, terms }: PlainIndex): PassageIndex {
  return MiniSearch.loadJS<IndexedPassage>({ ...head, index: terms } as never, OPTIONS);
}

/** A source's name as a title: folders and file name, without the words that say nothing about the content. */
export function sourceTitle(name: string): string {
  return name
    .replace(/\.[A-Za-z0-9]{1,8}$/, '')
    .split('/')
    .filter((part) => !/^(?:node_modules|docs?|src|lib|readme|index|main|packages)$/i.test(part))
    .join(' / ');
}
