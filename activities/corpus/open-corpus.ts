// open-corpus.ts: a prepared corpus as sub-agents ask it. The asking happens in the corpus thread; a corpus that made
// room for others there, or was lost with the thread, is opened again from the store without anybody noticing.

import type { Citation } from '../../protocol/findings.ts';
import type { Store } from '../../store/store.ts';
import { CorpusThread, corpusThread, NotOpenError } from './corpus-thread.ts';
import type { CorpusInfo, Passage, ReadText, ThreadApi } from './thread-api.ts';

export type { Passage, ReadText } from './thread-api.ts';

export interface Corpus {
  readonly documentCount: number;
  readonly passageCount: number;
  /** The first thousand documents, in the order of their names. */
  documents(): { name: string; lines: number }[];
  /**
   * The passages that answer a query best, near-copies only once.
   *
   * @param options.limit at most this many. Default: 6; at most 50.
   * @param options.exclude ids of passages, and names of sources, to leave out.
   */
  search(query: string, options?: { limit?: number; exclude?: string[] }): Promise<Passage[]>;
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
   * inside a word, stand nowhere.
   */
  locateQuote(source: string, quote: string): Promise<Citation | undefined>;
}

/** @throws CorpusError CheckpointMissing when the store has no such corpus. */
export async function openCorpus(
  store: Store,
  corpusRef: string,
  thread: CorpusThread = corpusThread(),
): Promise<Corpus> {
  return new ThreadCorpus(store, corpusRef, thread, await thread.open(store, corpusRef));
}

type Question = 'search' | 'read' | 'locateQuote' | 'nearNames';

class ThreadCorpus implements Corpus {
  readonly #store: Store;
  readonly #key: string;
  readonly #thread: CorpusThread;
  readonly #info: CorpusInfo;

  constructor(store: Store, key: string, thread: CorpusThread, info: CorpusInfo) {
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

  search(query: string, options: { limit?: number; exclude?: string[] } = {}): Promise<Passage[]> {
    return this.#ask('search', { key: this.#key, query, ...options });
  }

  read(source: string, options: { line?: number; lines?: number } = {}): Promise<ReadText | undefined> {
    return this.#ask('read', { key: this.#key, source, ...options });
  }

  nearNames(source: string): Promise<string[]> {
    return this.#ask('nearNames', { key: this.#key, source });
  }

  locateQuote(source: string, quote: string): Promise<Citation | undefined> {
    return this.#ask('locateQuote', { key: this.#key, source, quote });
  }

  async #ask<Q extends Question>(question: Q, input: ThreadApi[Q]['input']): Promise<ThreadApi[Q]['output']> {
    try {
      return await this.#thread.call(question, input);
    } catch (error) {
      if (!(error instanceof NotOpenError)) throw error;
      await this.#thread.open(this.#store, this.#key);
      return await this.#thread.call(question, input);
    }
  }
}
