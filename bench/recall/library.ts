// library.ts: the documents of the question sets as a prepared corpus, and the passages that it was cut into.

import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decodeCorpus } from '../../documents/index/corpus-format.ts';
import { Pack } from '../../documents/index/pack.ts';
import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { embedCorpus } from '../../documents/embed-corpus.ts';
import { openCorpus, type Corpus } from '../../documents/open-corpus.ts';
import { prepareCorpus } from '../../documents/prepare-corpus.ts';
import type { EmbeddingsProvider } from '../../documents/index/embeddings-provider.ts';
import type { Citation } from '../../protocol/findings.ts';
import { fileStore } from '../../store/file-store.ts';
import type { Store } from '../../store/store.ts';
import { PROJECT, readFileNames } from './questions.ts';

export interface LibraryPassage {
  id: number;
  source: string;
  line: number;
  endLine: number;
  heading: string;
  text: string;
}

export interface Library {
  store: Store;
  corpus: Corpus;
  /** The same documents with the vectors of these embeddings fused in. */
  embedded(embeddings: EmbeddingsProvider): Promise<Corpus>;
  corpusRef: string;
  passages: LibraryPassage[];
  /** The passage that holds a line. */
  passageAt(source: string, line: number): LibraryPassage | undefined;
  /** The passage that a quote was taken from. */
  passageOf(citation: Pick<Citation, 'source' | 'quote' | 'place'>): LibraryPassage | undefined;
  close(): Promise<void>;
}

/** Copies the files out of node_modules, so that they are found as anybody's documents are, and prepares them. */
export async function openLibrary(): Promise<Library> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'muster-recall-')));
  const docs = join(folder, 'docs');
  for (const file of readFileNames()) {
    mkdirSync(dirname(join(docs, file)), { recursive: true });
    cpSync(join(PROJECT, 'node_modules', file), join(docs, file));
  }
  const store = fileStore(join(folder, 'store'));
  const { corpusRef } = await prepareCorpus([{ kind: 'path', path: docs }], { store, roots: [folder] });
  const kept = await store.getCorpus(corpusRef);
  const manifest = kept && decodeCorpus(kept);
  if (manifest?.v !== 3) throw new Error('the corpus that was just prepared is not in the store');
  const packs = await Promise.all(manifest.packs.map(async (pack) => new Pack(await store.getBlob(pack))));
  const passages = manifest.documents.flatMap(([at, document]) => {
    const pack = packs[at];
    const entry = pack?.documents[document];
    if (!pack || !entry) return [];
    const text = pack.textOf(document);
    const first = pack.firstPassages[document] ?? 0;
    return Array.from({ length: entry.passages }, (_, i) => {
      const [start, end, line, endLine, heading] = pack.rowOf(first + i);
      return { id: 0, source: entry.name, line, endLine, heading, text: text.slice(start, end) };
    });
  });
  passages.forEach((passage, id) => (passage.id = id));
  const bySource = new Map<string, LibraryPassage[]>();
  for (const passage of passages) bySource.set(passage.source, [...(bySource.get(passage.source) ?? []), passage]);
  const passageAt = (source: string, line: number): LibraryPassage | undefined =>
    bySource.get(source)?.find((one) => one.line <= line && line <= one.endLine);
  return {
    store,
    corpus: await openCorpus(store, corpusRef),
    async embedded(embeddings) {
      const { problem } = await embedCorpus(corpusRef, { store, embeddings });
      if (problem !== undefined) throw new Error(`the documents could not be embedded: ${problem}`);
      return await openCorpus(store, corpusRef, { embeddings });
    },
    corpusRef,
    passages,
    passageAt,
    passageOf: ({ source, quote, place: { line } }) =>
      bySource.get(source)?.find((one) => one.line <= line && line <= one.endLine && one.text.includes(quote)) ??
      passageAt(source, line),
    async close() {
      await closeCorpusThread();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
