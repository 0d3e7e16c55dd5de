// prepare-corpus.ts: from named folders and addresses to a corpus in the store. Its key is made of the names and bytes of
// files and pages, so the same folder is read and indexed once, whoever asks and wherever it lies.

import { canonicalJson } from '../protocol/schemas/hash.ts';
import type { SkippedFile } from '../protocol/skipped.ts';
import type { Store } from '../store/store.ts';
import { encodeManifest } from './index/corpus-format.ts';
import { shareWork, type OnProgress } from './jobs/share-work.ts';
import { keyOf, readFiles, type Hashed, type HashedFile } from './read-files.ts';
import { CorpusError, hostPhrase } from './sources/corpus-error.ts';
import { fetchUrls, type UrlSource } from './sources/fetch-urls.ts';
import type { NamedFile } from './sources/find-files.ts';
import { keptFiles, type KeptSource } from './sources/kept-files.ts';
import { keepKnown, knownFiles, stampOf, type KnownFiles } from './sources/known-files.ts';
import { listFiles } from './sources/list-documents.ts';
import { SkipList } from './sources/skip-list.ts';
import type { SourceLimits } from './sources/source-limits.ts';
import type { PathSource } from './sources/walk-source.ts';
import { CorpusThread, corpusThread } from './thread/corpus-thread.ts';
import type { CorpusInfo } from './thread/thread-api.ts';
import type { WebOptions } from './web/web-options.ts';

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
  /** ms since the epoch. Default: the clock's. */
  now?: () => number;
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

/**
 * The same, of what was read and indexed before and has not changed since: nothing is fetched, and but for a few files that look
 * changed, nothing is opened.
 *
 * @returns undefined where something would have to be read first.
 * @throws as `prepareCorpus`.
 */
export async function indexedCorpus(
  sources: readonly CorpusSource[],
  options: PrepareOptions,
): Promise<PreparedCorpus | undefined> {
  const { signal = new AbortController().signal, thread = corpusThread() } = options;
  return await new Preparation(sources, { ...options, signal, thread }).ifIndexed();
}

type CorpusSource = PathSource | UrlSource | KeptSource;

class Preparation {
  readonly #sources: readonly CorpusSource[];
  readonly #options: PrepareOptions & { signal: AbortSignal; thread: CorpusThread };
  readonly #skipped = new SkipList();

  constructor(
    sources: readonly CorpusSource[],
    options: PrepareOptions & { signal: AbortSignal; thread: CorpusThread },
  ) {
    this.#sources = sources;
    this.#options = options;
  }

  async run(): Promise<PreparedCorpus> {
    const { store, limits, web, signal, thread } = this.#options;
    const skipped = this.#skipped;
    const onProgress: OnProgress = (...said) => this.#say(...said);
    const { paths, urls, blobs } = this.#named();
    const found = await this.#listed(paths);
    const pages = await fetchUrls(urls, web, { signal, skipped, say: onProgress });
    const places = paths.map(({ path }) => path);
    const known = await knownFiles(store, places);
    const kept = keptFiles(
      blobs,
      [...found, ...pages].map(({ name }) => name),
      { skipped, limits },
    );
    const files: Hashed[] = [...(await this.#hash(found, known)), ...pages, ...kept];
    if (files.length === 0) throw this.#nothingReadable(new SkipList());

    const key = keyOf(files);
    // The thread may have it open for another store of this process.
    const info = (await store.hasCorpus(key)) ? await thread.open(store, key).catch(unlessMissing) : undefined;
    if (info) {
      await this.#keepStamps(files, places, known);
      return this.#result(key, info);
    }
    const built = await this.#build(files, places, known).catch(unlessMissing);
    // Parts of what is known are not in the store any more.
    const [ref, made] = built ?? (await this.#build(files, places, new Map()));
    return this.#result(ref, made);
  }

  async ifIndexed(): Promise<PreparedCorpus | undefined> {
    const { store, limits, thread } = this.#options;
    const { paths, urls, blobs } = this.#named();
    if (urls.length > 0) return undefined;
    const [found, known] = await Promise.all([
      this.#listed(paths),
      knownFiles(
        store,
        paths.map(({ path }) => path),
      ),
    ]);
    // A file that was written a moment ago looks changed until it is looked at once more: a few of them are.
    const changed = found.filter(({ name, stamp }) => known.get(name)?.stamp !== stamp);
    if (changed.length > HASHED_AT_ONCE) return undefined;
    const names = found.map(({ name }) => name);
    const kept = keptFiles(blobs, names, { skipped: this.#skipped, limits });
    const files: Hashed[] = [...(await this.#hash(found, known)), ...kept];
    const key = keyOf(files);
    const info =
      files.length > 0 && (await store.hasCorpus(key)) ? await thread.open(store, key).catch(unlessMissing) : undefined;
    return info && this.#result(key, info);
  }

  #named(): { paths: PathSource[]; urls: UrlSource[]; blobs: KeptSource[] } {
    return {
      paths: this.#sources.filter((source) => source.kind === 'path'),
      urls: this.#sources.filter((source) => source.kind === 'url'),
      blobs: this.#sources.filter((source) => source.kind === 'blob'),
    };
  }

  async #listed(paths: readonly PathSource[]): Promise<NamedFile[]> {
    const { store, roots, limits, signal } = this.#options;
    this.#say('looks for files');
    const { files, skipped } = await listFiles(paths, {
      owner: store,
      roots,
      limits,
      signal,
      onProgress: (...said) => this.#say(...said),
    });
    this.#skipped.addAll(skipped);
    return files;
  }

  /** Only those that look changed are opened. */
  async #hash(files: NamedFile[], known: KnownFiles): Promise<HashedFile[]> {
    const { signal, thread } = this.#options;
    const hashes = new Map<NamedFile, string>();
    const unknown: NamedFile[] = [];
    for (const file of files) {
      const before = known.get(file.name);
      if (before?.stamp === file.stamp) hashes.set(file, before.sha256);
      else unknown.push(file);
    }
    for (let at = 0; at < unknown.length; at += HASHED_AT_ONCE) {
      signal.throwIfAborted();
      this.#say(`looks at file ${counted(at + 1)} of ${counted(unknown.length)}`);
      const some = unknown.slice(at, at + HASHED_AT_ONCE);
      const results = await thread.call('hash', { paths: some.map(({ path }) => path) });
      some.forEach((file, i) => {
        const result = results[i];
        if (result && 'sha256' in result) hashes.set(file, result.sha256);
        else this.#skipped.add(file.name, result?.problem ?? "it can't be opened");
      });
    }
    return files.flatMap((file) => {
      const hash = hashes.get(file);
      return hash === undefined ? [] : { ...file, sha256: hash };
    });
  }

  /** Files that look changed and are not need not be opened the next time. */
  async #keepStamps(files: readonly Hashed[], paths: readonly string[], known: KnownFiles): Promise<void> {
    const { store, now = Date.now } = this.#options;
    const stamped = new Map(known);
    for (const file of files) {
      const before = known.get(file.name);
      if (!('path' in file) || before?.sha256 !== file.sha256 || before.stamp === file.stamp) continue;
      stamped.set(file.name, { ...before, stamp: stampOf(file, now()) });
    }
    const isNews = [...stamped].some(([name, { stamp }]) => stamp !== known.get(name)?.stamp);
    if (isNews) await keepKnown(store, paths, stamped);
  }

  /** @throws CorpusError SourceUnreadable when there is no text in any file, CheckpointMissing when a known pack is lost. */
  async #build(files: Hashed[], paths: string[], known: KnownFiles): Promise<[key: string, info: CorpusInfo]> {
    const { store, thread, signal, now = Date.now } = this.#options;
    const read = await readFiles(files, {
      store,
      thread,
      signal,
      known,
      paths,
      now: now(),
      onProgress: (...said) => this.#say(...said),
    });
    for (const { name, problem } of read.unopened) this.#skipped.add(name, problem);
    const { manifest, key } = read;
    if (manifest.documents.length === 0) throw this.#nothingReadable(skipsOf(manifest));
    this.#say('keeps the index');
    const bytes = encodeManifest(manifest);
    // Opened first: a corpus that lacks a pack must not be in the store.
    const info = await thread.open(store, key, bytes);
    await store.putCorpus(key, bytes, manifest.packs);
    return [key, info];
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
    const where = this.#sources
      .map((source) => (source.kind === 'path' ? source.path : source.kind === 'url' ? source.url : source.name))
      .join(', ');
    const why = more.describe() || 'no file is there, or none that "include" selects';
    return new CorpusError('SourceUnreadable', `no text could be read from ${where} ${hostPhrase()}: ${why}`);
  }

  #say(...said: Parameters<OnProgress>): void {
    this.#options.onProgress?.(...said);
  }
}

const counted = (number: number): string => number.toLocaleString('en');

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof CorpusError && error.type === 'CheckpointMissing')) throw error;
}

function skipsOf({ skipped, skippedCount }: Pick<CorpusInfo, 'skipped' | 'skippedCount'>): SkipList {
  const list = new SkipList();
  for (const { path, reason } of skipped) list.add(path, reason);
  list.countMore(skippedCount - skipped.length);
  return list;
}
