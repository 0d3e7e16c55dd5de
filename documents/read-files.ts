// read-files.ts: from files to packs in the store: those that were read before are taken as they are, the others are read, a
// pack at a time, so that no more than the texts of one are ever in memory.

import { canonicalJson, sha256 } from '../protocol/schemas/hash.ts';
import type { ReadSoFar } from '../protocol/progress.ts';
import type { Store } from '../store/store.ts';
import { EXTRACTOR_VERSION } from './extract/extracted.ts';
import type { Manifest } from './index/corpus-format.ts';
import type { OnProgress } from './jobs/share-work.ts';
import { CorpusError, hostPhrase } from './sources/corpus-error.ts';
import type { NamedPage } from './sources/fetch-urls.ts';
import type { NamedFile } from './sources/find-files.ts';
import type { KeptFile } from './sources/kept-files.ts';
import { keepKnown, stampOf, type Fate, type KnownFile, type KnownFiles } from './sources/known-files.ts';
import { SkipList } from './sources/skip-list.ts';
import { NotOpenError, type CorpusThread } from './thread/corpus-thread.ts';
import type { ThreadApi } from './thread/thread-api.ts';
import { PAGE_TEXT_VERSION, readFetched } from './web/read-page.ts';
import { WebError } from './web/web-error.ts';

export interface HashedFile extends NamedFile {
  sha256: string;
}

export type Hashed = HashedFile | NamedPage | KeptFile;

interface ReadOptions {
  store: Store;
  thread: CorpusThread;
  signal: AbortSignal;
  known: KnownFiles;
  /** What the sources name: what is known is kept for them. */
  paths: readonly string[];
  now: number;
  onProgress: OnProgress;
}

export interface ReadFiles {
  /** Of the names and contents as they were read. */
  key: string;
  manifest: Manifest;
  unopened: { name: string; problem: string }[];
}

/** Files whose texts are on their way to a pack at one time. */
const READ_AT_ONCE = 6;
/** Files of one pack have about so many bytes together. */
const PACK_BYTES = 3_000_000;
/** A pack of less is small: changed files make such. When there are too many, their files are read again, into one. */
const SMALL_BYTES = PACK_BYTES / 4;
const MOST_SMALL = 16;
/** Packs after which what is known is kept: a worker that dies does not begin anew. */
const KEEP_AFTER = 32;
/** Between two words on how far it is. */
const TELL_MS = 100;

/** @throws CorpusError SourceUnreadable when a file does not fit in memory; what the store throws. */
export async function readFiles(files: readonly Hashed[], options: ReadOptions): Promise<ReadFiles> {
  return await new Reading(files, options).run();
}

/** Of names and bytes: the same files have the same, wherever they lie. */
export function keyOf(files: readonly Pick<Hashed, 'name' | 'sha256'>[]): string {
  const list = files
    .map((file) => [file.name, file.sha256, ...('page' in file ? [`page ${PAGE_TEXT_VERSION}`] : [])])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
  return sha256(canonicalJson({ extractor: EXTRACTOR_VERSION, files: list }));
}

class Reading {
  readonly #files: readonly Hashed[];
  readonly #options: ReadOptions;
  readonly #done = new Map<Hashed, { sha256: string; fate: Fate }>();
  readonly #unopened: ReadFiles['unopened'] = [];
  readonly #so: ReadSoFar;
  #toldAt = 0;

  constructor(files: readonly Hashed[], options: ReadOptions) {
    this.#files = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    this.#options = options;
    this.#so = { files: 0, of: files.length, bytes: 0, ofBytes: sum(files.map(sizeOf)), skipped: 0 };
  }

  async run(): Promise<ReadFiles> {
    const { store, known, paths, signal } = this.#options;
    const fates = usableFates(this.#files, known);
    for (const [file, fate] of fates) this.#settle(file, { sha256: file.sha256, fate });
    const packs = inPacks(this.#files.filter((file) => !fates.has(file)));
    let keeping = Promise.resolve('');
    for (const [at, files] of packs.entries()) {
      const { bytes, settle } = await this.#readPack(files);
      // The next one is read while this is written.
      await keeping;
      keeping = bytes ? store.putBlob(bytes) : Promise.resolve('');
      keeping.catch(() => undefined);
      settle(bytes ? sha256(bytes) : '');
      if ((at + 1) % KEEP_AFTER !== 0) continue;
      await keeping;
      signal.throwIfAborted();
      await keepKnown(store, paths, this.#known());
    }
    await keeping;
    signal.throwIfAborted();
    if (packs.length > 0 || this.#known().size !== known.size) await keepKnown(store, paths, this.#known());
    return this.#result();
  }

  /** Reads some files, a few at a time. `settle` says what became of them, once the pack has a name. */
  async #readPack(files: Hashed[]): Promise<{ bytes?: Uint8Array; settle: (pack: string) => void }> {
    const { thread, signal } = this.#options;
    const build = await thread.call('begin', {});
    try {
      const added: ThreadApi['add']['output'][] = [];
      let next = 0;
      const worker = async (): Promise<void> => {
        for (let place = next++; place < files.length; place = next++) {
          signal.throwIfAborted();
          const file = files[place];
          if (!file) return;
          const result = await this.#add(build, place, file);
          added[place] = result;
          this.#tell(file, result.problem ?? result.lost);
        }
      };
      const workers = await Promise.allSettled(Array.from({ length: READ_AT_ONCE }, worker));
      for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
      const { places, bytes } = await thread.call('pack', { build });
      const settle = (pack: string): void => {
        const documents = new Map(places.map((place, document) => [place, document]));
        files.forEach((file, place) => {
          const { sha256: hash, lost, problem = "it can't be opened" } = added[place] ?? {};
          const document = documents.get(place);
          if (hash === undefined) this.#unopened.push({ name: file.name, problem });
          else if (document === undefined) this.#done.set(file, { sha256: hash, fate: { problem } });
          else
            this.#done.set(file, { sha256: hash, fate: { pack, document, ...(lost === undefined ? {} : { lost }) } });
        });
      };
      return { ...(bytes ? { bytes } : {}), settle };
    } catch (error) {
      if (!(error instanceof NotOpenError) || !error.outOfMemory) throw error;
      throw new CorpusError(
        'SourceUnreadable',
        `the text of these ${files.length} files does not fit in memory ${hostPhrase()}; leave the largest out with "exclude", or select files with "include"`,
      );
    } finally {
      thread.call('drop', { build }).catch(() => undefined);
    }
  }

  async #add(build: number, place: number, file: Hashed): Promise<ThreadApi['add']['output']> {
    const { store, thread, signal } = this.#options;
    const { name } = file;
    if ('path' in file) return await thread.call('add', { build, place, name, from: file.path });
    if ('kept' in file) return await thread.call('add', { build, place, name, from: await store.getBlob(file.sha256) });
    try {
      const { text, shape, pages } = await readFetched(file.page, signal);
      const extracted = { text, shape, ...(pages ? { pages } : {}) };
      return { sha256: file.sha256, ...(await thread.call('addText', { build, place, name, extracted })) };
    } catch (error) {
      if (error instanceof WebError) return { problem: error.message };
      throw error;
    }
  }

  #settle(file: Hashed, done: { sha256: string; fate: Fate }): void {
    this.#done.set(file, done);
    this.#tell(file, 'problem' in done.fate ? done.fate.problem : done.fate.lost);
  }

  #tell(file: Hashed, problem: string | undefined): void {
    this.#so.files += 1;
    this.#so.bytes += sizeOf(file);
    if (problem !== undefined) this.#so.skipped += 1;
    const now = Date.now();
    if (now - this.#toldAt < TELL_MS && this.#so.files < this.#so.of) return;
    this.#toldAt = now;
    this.#options.onProgress(readingPhase(this.#so), { ...this.#so });
  }

  /** Pages of the web are not the same the next time. */
  #known(): KnownFiles {
    const { now } = this.#options;
    const all = new Map<string, KnownFile>();
    for (const [file, { sha256: hash, fate }] of this.#done)
      if ('path' in file) all.set(file.name, { sha256: hash, fate, stamp: stampOf(file, now) });
    return all;
  }

  #result(): ReadFiles {
    const packs = new Map<string, number>();
    const documents: Manifest['documents'] = [];
    const skipped = new SkipList();
    const read: Pick<Hashed, 'name' | 'sha256'>[] = [];
    for (const file of this.#files) {
      const done = this.#done.get(file);
      if (!done) continue;
      // A file that changed since it was hashed counts as it was read.
      read.push({ ...file, sha256: done.sha256 });
      if ('problem' in done.fate) {
        skipped.add(file.name, done.fate.problem);
        continue;
      }
      const { pack, document, lost } = done.fate;
      const at = packs.get(pack) ?? packs.size;
      packs.set(pack, at);
      documents.push([at, document]);
      if (lost !== undefined) skipped.add(file.name, `read but for ${lost}`);
    }
    return {
      key: keyOf(read),
      manifest: { v: 3, packs: [...packs.keys()], documents, skipped: skipped.named, skippedCount: skipped.count },
      unopened: this.#unopened,
    };
  }
}

/** What is known of files with these names and contents, but for what lies in packs that are better made anew. */
function usableFates(files: readonly Hashed[], known: KnownFiles): Map<Hashed, Fate> {
  const fates = new Map<Hashed, Fate>();
  const used = new Map<string, number>();
  for (const file of files) {
    const before = known.get(file.name);
    if (!('path' in file) || before?.sha256 !== file.sha256) continue;
    fates.set(file, before.fate);
    if ('pack' in before.fate) used.set(before.fate.pack, (used.get(before.fate.pack) ?? 0) + sizeOf(file));
  }
  const small = [...used].filter(([, bytes]) => bytes < SMALL_BYTES).map(([pack]) => pack);
  const poor = new Set(small.length > MOST_SMALL ? small : []);
  for (const [file, fate] of fates) if ('pack' in fate && poor.has(fate.pack)) fates.delete(file);
  return fates;
}

/** In the order of their names, so that the same files make the same packs. */
function inPacks(files: readonly Hashed[]): Hashed[][] {
  const packs: Hashed[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    if (bytes >= PACK_BYTES) {
      packs.push([]);
      bytes = 0;
    }
    packs.at(-1)?.push(file);
    bytes += sizeOf(file);
  }
  return packs;
}

/** `reads file 120 of 29,000, 4 of 132 MB, 3 skipped` */
function readingPhase({ files, of, bytes, ofBytes, skipped }: ReadSoFar): string {
  const count = (number: number): string => number.toLocaleString('en');
  const size = ofBytes < 1e6 ? '' : `, ${count(Math.round(bytes / 1e6))} of ${count(Math.round(ofBytes / 1e6))} MB`;
  return `reads file ${count(files)} of ${count(of)}${size}${skipped > 0 ? `, ${count(skipped)} skipped` : ''}`;
}

const sizeOf = (file: Hashed): number => ('page' in file ? file.page.bytes.length : file.bytes);

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
