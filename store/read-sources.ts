// read-sources.ts: what came of reading sources, by what names them: whoever starts a task may know then whether they are indexed,
// and how much they are. Files may have changed since: that is for a worker to see.

import { canonicalJson } from '../protocol/schemas/hash.ts';
import type { Source } from '../protocol/task.ts';
import type { Store } from './store.ts';

export interface ReadSources {
  corpusRef: string;
  documents: number;
  passages: number;
}

const NOTE = 'read-sources';

export async function noteReadSources(
  store: Pick<Store, 'putNote'>,
  sources: readonly Source[],
  { corpusRef, documents, passages }: ReadSources,
): Promise<void> {
  await store.putNote(NOTE, keyOf(sources), JSON.stringify({ corpusRef, documents, passages }));
}

/** As they were read last; undefined when they never were, or their index is gone. */
export async function readSources(
  store: Pick<Store, 'getNote' | 'hasCorpus'>,
  sources: readonly Source[],
): Promise<ReadSources | undefined> {
  const note = await store.getNote(NOTE, keyOf(sources));
  if (!note) return undefined;
  const read = JSON.parse(note.text) as ReadSources;
  return (await store.hasCorpus(read.corpusRef)) ? read : undefined;
}

/** In any order: the corpus is the same. */
const keyOf = (sources: readonly Source[]): string => canonicalJson(sources.map((one) => canonicalJson(one)).sort());
