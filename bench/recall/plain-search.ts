// plain-search.ts: what the offline model is measured against: one search with the whole question, as MiniSearch comes.

import MiniSearch from 'minisearch';
import type { LibraryPassage } from './library.ts';

/** A search over passages that returns the ids of the best five. */
export function plainSearch(passages: readonly LibraryPassage[]): (question: string) => number[] {
  const index = new MiniSearch<{ id: number; title: string; text: string }>({ fields: ['title', 'text'] });
  index.addAll(passages.map(({ id, source, heading, text }) => ({ id, title: `${source} ${heading}`, text })));
  return (question) =>
    index
      .search(question)
      .slice(0, 5)
      .map(({ id }) => Number(id));
}
