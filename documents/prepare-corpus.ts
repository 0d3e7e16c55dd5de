// prepare-corpus.ts: from named folders and addresses to a corpus in the store. Its key is made of the names and bytes of
// files and pages, so the same folder is read and indexed once, whoever asks and wherever it lies.

import { canonicalJson, sha256 } from '../protocol/schemas/hash.ts';
import type { ReadSoFar } from '../protocol/progress.ts';
import type { Store } from '../store/store.ts';
import { PAGE_TEXT_VERSION, readFetched } from './web/read-page.ts';
import { WebError } from './web/web-error.ts';
import type { WebOptions } from './web/web-options.ts';
import { CorpusError, onThisHost } from './sources/corpus-error.ts';
import { CorpusThread, corpusThread, NotOpenError } from './thread/corpus-thread.ts';
import { EXTRACTOR_VERSION } from './extract/extracted.ts';
import { fetchUrls, type NamedPage, type UrlSource } from './sources/fetch-urls.ts';
import type { NamedFile } from './sources/find-files.ts';
import { listFiles } from './sources/list-documents.ts';
import { shareWork, type OnProgress } from './jobs/share-work.ts';
import type { SkippedFile } from '../protocol/skipped.ts';
import { SkipList } from './sources/skip-list.ts';
import type { SourceLimits } from './sources/source-limits.ts';
import type { CorpusInfo, ThreadApi } from './thread/thread-api.ts';
import type { PathSource } from './sources/walk-source.ts';

export interface PrepareOptions {
  store: Store;
  /** Folders that may be read from. */
  roots: readonly string[];
  /** What may be read of the web. Default: nothing. */
  web?: WebOptions;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
  /** Default: SOURCE_LIMITS. */
  limits?: SourceLimits;
  /** Default: the process's own. */
  thread?: CorpusThread;
}

export interface PreparedCorpus {
  corpusRef: string;
  documents: number;
  passages: number;
  /** Files left out, with reasons; those that somebody may miss first. */
  skipped: SkippedFile[];
  skippedCount: number;
  /** Those of the skipped that no ignore rule left out: somebody may miss them. */
  lost: SkippedFile[];
  lostCount: number;
}

/** Files hashed by one message to the thread. */
const HASHED_AT_ONCE = 32;
/** Files whose texts are on their way to the store at one time. */
const READ_AT_ONCE = 6;

/**
 * Reads sources into a corpus, unless the store has it. Calls for the same sources that run at once share the work.
 *
 * @throws CorpusError SourceNotAllowed, SourceNotFound, SourceTooLarge; SourceUnreadable when there is no text in any of them.
 */
export function prepareCorpus(sources: readonly CorpusSource[], options: PrepareOptions): Promise<PreparedCorpus> {
  const { store, roots, web, signal, onProgress, thread = corpusThread(), limits } = options;
  return shareWork(store, canonicalJson({ sources, roots, web, limits }), { signal, onProgress }, (shared) =>
    new Preparation(sources, { ...options, ...shared, thread }).run(),
  );
}

type CorpusSource = PathSource | UrlSource;

interface HashedFile extends NamedFile {
  sha256: string;
}

type Hashed = HashedFile | NamedPage;

class Preparation {
  readonly #sources: readonly CorpusSource[];
  readonly #options: PrepareOptions;
  readonly #thread: CorpusThread;
  readonly #signal: AbortSignal;
  readonly #skipped = new SkipList();

  constructor(
    sources: readonly CorpusSource[],
    options: PrepareOptions & { signal: AbortSignal; thread: CorpusThread },
  ) {
    this.#sources = sources;
    this.#options = options;
    this.#thread = options.thread;
    this.#signal = options.signal;
  }

  async run(): Promise<PreparedCorpus> {
    const { store, roots, limits, web } = this.#options;
    this.#say('looks for files');
    const [signal, skipped] = [this.#signal, this.#skipped];
    const paths = this.#sources.filter((source) => source.kind === 'path');
    const urls = this.#sources.filter((source) => source.kind === 'url');
    const { files: found, skipped: unread } = await listFiles(paths, {
      owner: store,
      roots,
      limits,
      signal,
      onProgress: (phase) => this.#say(phase),
    });
    skipped.addAll(unread);
    const pages = await fetchUrls(urls, web, { signal, skipped, say: (phase) => this.#say(phase) });
    const files: Hashed[] = [...(await this.#hash(found)), ...pages];
    if (files.length === 0) throw this.#nothingReadable(new SkipList());

    const key = keyOf(files);
    // The thread may have it open for another store of this process.
    if (!(await store.hasCorpus(key))) return await this.#build(files);
    const info = await this.#thread.open(store, key).catch((error: unknown) => {
      if (error instanceof CorpusError && error.type === 'CheckpointMissing') return undefined;
      throw error;
    });
    return info ? this.#result(key, info) : await this.#build(files);
  }

  async #hash(files: NamedFile[]): Promise<HashedFile[]> {
    const hashed: HashedFile[] = [];
    for (let at = 0; at < files.length; at += HASHED_AT_ONCE) {
      this.#signal.throwIfAborted();
      this.#say(`looks at ${files.length} files`);
      const some = files.slice(at, at + HASHED_AT_ONCE);
      const results = await this.#thread.call('hash', { paths: some.map(({ path }) => path) });
      some.forEach((file, i) => {
        const result = results[i];
        if (result && 'sha256' in result) hashed.push({ ...file, sha256: result.sha256 });
        else this.#skipped.add(file.name, result?.problem ?? "it can't be opened");
      });
    }
    return hashed;
  }

  async #build(files: Hashed[]): Promise<PreparedCorpus> {
    const build = await this.#thread.call('begin', {});
    try {
      const { read, texts } = await this.#read(build, files);
      let state = { done: 0, total: 1 };
      while (state.done < state.total) {
        this.#signal.throwIfAborted();
        state = await this.#thread.call('index', { build });
        this.#say(`indexes passage ${state.done} of ${state.total}`);
      }
      const { bytes, info } = await this.#thread.call('finish', { build });
      if (info.documentCount === 0) throw this.#nothingReadable(skipsOf(info));
      this.#say('keeps the index');
      // A file that changed since it was hashed counts as it was read.
      const key = keyOf(read);
      await this.#options.store.putCorpus(key, bytes, texts);
      await this.#thread.call('keep', { build, key });
      return this.#result(key, info);
    } catch (error) {
      if (!(error instanceof NotOpenError) || !error.outOfMemory) throw error;
      throw new CorpusError(
        'SourceUnreadable',
        `the text of these ${files.length} files does not fit in memory ${onThisHost()}; name a smaller folder, or select files with "include"`,
      );
    } finally {
      this.#thread.call('drop', { build }).catch(() => undefined);
    }
  }

  /** Reads all files, a few at a time; each text is in the store before the corpus is. */
  async #read(build: number, files: Hashed[]): Promise<{ read: Hashed[]; texts: string[] }> {
    const read: Hashed[] = [];
    const texts: string[] = [];
    const sizes = files.map((file) => ('path' in file ? file.bytes : file.page.bytes.length));
    const so = { files: 0, of: files.length, bytes: 0, ofBytes: sizes.reduce((sum, one) => sum + one, 0), skipped: 0 };
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let place = next++; place < files.length; place = next++) {
        this.#signal.throwIfAborted();
        const file = files[place];
        if (!file) return;
        const added = await this.#add(build, place, file);
        if (added.sha256) read.push({ ...file, sha256: added.sha256 });
        else this.#skipped.add(file.name, added.problem ?? "it can't be opened");
        if (added.text) texts.push(await this.#options.store.putBlob(added.text));
        so.files += 1;
        so.bytes += sizes[place] ?? 0;
        so.skipped = this.#skipped.lostCount;
        this.#say(readingPhase(so), { ...so });
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: READ_AT_ONCE }, worker));
    for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
    return { read, texts };
  }

  async #add(build: number, place: number, file: Hashed): Promise<ThreadApi['add']['output']> {
    const { name } = file;
    if ('path' in file) return await this.#thread.call('add', { build, place, name, path: file.path });
    try {
      const { text, shape, pages } = await readFetched(file.page, this.#signal);
      const extracted = { text, shape, ...(pages ? { pages } : {}) };
      const added = await this.#thread.call('addText', { build, place, name, extracted });
      return { sha256: file.sha256, ...added };
    } catch (error) {
      if (error instanceof WebError) return { problem: error.message };
      throw error;
    }
  }

  #result(corpusRef: string, info: CorpusInfo): PreparedCorpus {
    const skipped = skipsOf(info);
    skipped.addAll(this.#skipped);
    return {
      corpusRef,
      documents: info.documentCount,
      passages: info.passages,
      skipped: skipped.named,
      skippedCount: skipped.count,
      lost: skipped.lost,
      lostCount: skipped.lostCount,
    };
  }

  #nothingReadable(more: SkipList): CorpusError {
    more.addAll(this.#skipped);
    const where = this.#sources.map((source) => (source.kind === 'path' ? source.path : source.url)).join(', ');
    const why = more.describe() || 'no file is there, or none that "include" selects';
    return new CorpusError('SourceUnreadable', `no text could be read from ${where} ${onThisHost()}: ${why}`);
  }

  #say(...said: Parameters<OnProgress>): void {
    this.#options.onProgress?.(...said);
  }
}

/** `reads file 120 of 29,000, 4 of 132 MB, 3 skipped` */
function readingPhase({ files, of, bytes, ofBytes, skipped }: ReadSoFar): string {
  const count = (number: number): string => number.toLocaleString('en');
  const size = ofBytes < 1e6 ? '' : `, ${count(Math.round(bytes / 1e6))} of ${count(Math.round(ofBytes / 1e6))} MB`;
  return `reads file ${count(files)} of ${count(of)}${size}${skipped > 0 ? `, ${count(skipped)} skipped` : ''}`;
}

function keyOf(files: readonly Hashed[]): string {
  const list = files
    .map((file) => [file.name, file.sha256, ...('page' in file ? [`page ${PAGE_TEXT_VERSION}`] : [])])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
  return sha256(canonicalJson({ extractor: EXTRACTOR_VERSION, files: list }));
}

function skipsOf({ skipped, skippedCount }: CorpusInfo): SkipList {
  const list = new SkipList();
  for (const { path, reason } of skipped) list.add(path, reason);
  list.countMore(skippedCount - skipped.length);
  return list;
}
