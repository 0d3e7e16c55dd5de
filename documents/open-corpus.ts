// open-corpus.ts: a prepared corpus as sub-agents ask it. The asking happens in the corpus thread; a corpus that made
// room for others there, or was lost with the thread, is opened again from the store without anybody noticing.

import type { Citation } from '../protocol/findings.ts';
import type { Store } from '../store/store.ts';
import type { EmbeddingsProvider } from './index/embeddings-provider.ts';
import { CorpusThread, corpusThread, NotOpenError } from './thread/corpus-thread.ts';
import { queryVector } from './search/query-vectors.ts';
import type { Passage, ReadText } from './search/passage.ts';
import type { CorpusInfo, ThreadApi } from './thread/thread-api.ts';
import { vectorsKey } from './index/vectors-format.ts';

export type { Passage, ReadText };

export interface SearchOptions {
  /** At most this many passages. Default: 6; at most 50. */
  limit?: number;
  /** Ids of passages, and names of sources, to leave out. */
  exclude?: string[];
  /** Ends the waiting for the question's vector, with its reason. */
  signal?: AbortSignal;
  /** Told why this search went by words alone, when it was to go by vectors, too. */
  onWordsOnly?: (why: string) => void;
}

export interface OpenOptions {
  /** Makes the vectors of questions. Default: search goes by words alone. */
  embeddings?: EmbeddingsProvider | undefined;
  /** Default: the process's own. */
  thread?: CorpusThread;
}

export interface Corpus {
  readonly documentCount: number;
  readonly passageCount: number;
  /** The first thousand documents, in the order of their names. */
  documents(): { name: string; lines: number }[];
  /**
   * The passages that answer a query best, near-copies only once: by their words, and by their vectors where the
   * deployment has embeddings and this corpus was embedded.
   */
  search(query: string, options?: SearchOptions): Promise<Passage[]>;
  /**
   * Lines of a document; undefined when there is none of this name (`nearNames` tells what may be meant).
   *
   * @param options.line first line, from 1. Default: 1.
   * @param options.lines how many. Default: 60; at most 400, and 20,000 characters.
   */
  read(source: string, options?: { line?: number; lines?: number }): Promise<ReadText | undefined>;
  /** Names of documents that somebody may mean by this one; at most three. */
  nearNames(source: string): Promise<string[]>;
  /**
   * Finds a quote in its source and returns the source's own words; undefined when it does not stand there word for
   * word. Forgives white space, line breaks, invisible characters, typographic quotes and dashes, and Unicode's two
   * ways of writing an accent; nothing else. Quotes under 12 or over 1,200 characters, and those that begin or end
   * inside a word, stand nowhere. The source's text is a blob of the store afterwards.
   */
  locateQuote(source: string, quote: string): Promise<Citation | undefined>;
}

/** @throws CorpusError CheckpointMissing when the store has no such corpus. */
export async function openCorpus(
  store: Store,
  corpusRef: string,
  { thread = corpusThread(), embeddings }: OpenOptions = {},
): Promise<Corpus> {
  return new ThreadCorpus(store, corpusRef, thread, await thread.open(store, corpusRef), embeddings);
}

type Near = NonNullable<ThreadApi['search']['input']['near']>;

type Question = 'search' | 'read' | 'locateQuote' | 'nearNames' | 'text';

class ThreadCorpus implements Corpus {
  readonly #store: Store;
  readonly #key: string;
  readonly #thread: CorpusThread;
  readonly #info: CorpusInfo;
  readonly #embeddings: EmbeddingsProvider | undefined;
  /** Texts that are blobs of the store, by their SHA-256. */
  readonly #cited = new Set<string>();
  /** Whether the store has vectors of this corpus; asked once. */
  #hasVectors: boolean | undefined;

  constructor(
    store: Store,
    key: string,
    thread: CorpusThread,
    info: CorpusInfo,
    embeddings: EmbeddingsProvider | undefined,
  ) {
    this.#embeddings = embeddings;
    this.#store = store;
    this.#key = key;
    this.#thread = thread;
    this.#info = info;
  }

  get documentCount(): number {
    return this.#info.documentCount;
  }

  get passageCount(): number {
    return this.#info.passages;
  }

  documents(): { name: string; lines: number }[] {
    return this.#info.documents;
  }

  async search(query: string, options: SearchOptions = {}): Promise<Passage[]> {
    const { limit, exclude } = options;
    const words = {
      key: this.#key,
      query,
      ...(limit === undefined ? {} : { limit }),
      ...(exclude ? { exclude } : {}),
    };
    const near = await this.#near(query, options);
    if (!near) return await this.#ask('search', words);
    try {
      return await this.#ask('search', { ...words, near });
    } catch (error) {
      if (!(error instanceof NotOpenError)) throw error;
      // The corpus is open and its vectors are not.
      const isOpen = await this.#thread.openVectors(this.#store, this.#key, near.name);
      return await this.#ask('search', isOpen ? { ...words, near } : words);
    }
  }

  read(source: string, options: { line?: number; lines?: number } = {}): Promise<ReadText | undefined> {
    return this.#ask('read', { key: this.#key, source, ...options });
  }

  nearNames(source: string): Promise<string[]> {
    return this.#ask('nearNames', { key: this.#key, source });
  }

  async locateQuote(source: string, quote: string): Promise<Citation | undefined> {
    const citation = await this.#ask('locateQuote', { key: this.#key, source, quote });
    if (citation) await this.#keepText(citation);
    return citation;
  }

  /** What is cited stays to be looked up by itself, for as long as the task does. */
  async #keepText({ source, sha256 }: Citation): Promise<void> {
    if (this.#cited.has(sha256)) return;
    const text = await this.#ask('text', { key: this.#key, source });
    if (text !== undefined) await this.#store.putBlob(text);
    this.#cited.add(sha256);
  }

  /** The question's vector for the thread; undefined, and `onWordsOnly` told why, when there is none. */
  async #near(query: string, { signal, onWordsOnly }: SearchOptions): Promise<Near | undefined> {
    const embeddings = this.#embeddings;
    if (!embeddings || query.trim() === '') return undefined;
    this.#hasVectors ??= await this.#store.hasCorpus(vectorsKey(embeddings, this.#key));
    if (!this.#hasVectors) return undefined;
    const vector = await queryVector(embeddings, query, signal);
    if (vector instanceof Float32Array) return { name: vectorsKey(embeddings, this.#key), vector };
    onWordsOnly?.(vector.problem);
    return undefined;
  }

  #ask<Q extends Question>(question: Q, input: ThreadApi[Q]['input']): Promise<ThreadApi[Q]['output']> {
    return this.#thread.ask(this.#store, this.#key, question, input);
  }
}
