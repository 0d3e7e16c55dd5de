// run-logs.ts: what one process has open of one run's folder: the run file it writes to, and where in all run files the
// records are. Kept while a log of the run is in use, and for a moment after, since the next one mostly comes at once.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, makeFolder, syncFolder } from './durable-files.ts';
import { RunFile } from './run-file.ts';
import { RunFileIndex } from './run-file-index.ts';
import { StoreError } from './store.ts';

const KEEP_OPEN_MS = 2_000;

export class RunLogs {
  readonly folder: string;
  readonly #onIdle: () => void;
  readonly #indexes = new Map<string, RunFileIndex>();
  #runFile: Promise<RunFile> | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #nextSync: Promise<void> | undefined;
  #users = 0;
  #closing: NodeJS.Timeout | undefined;

  constructor(folder: string, onIdle: () => void) {
    this.folder = folder;
    this.#onIdle = onIdle;
  }

  /** Who uses it must release it. */
  use(): this {
    clearTimeout(this.#closing);
    this.#users += 1;
    return this;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#closing = setTimeout(() => void this.closeIdle(), KEEP_OPEN_MS).unref();
  }

  /** Closes what is open, unless it is in use: then its last user closes it. */
  async closeIdle(): Promise<void> {
    if (this.#users > 0) return;
    clearTimeout(this.#closing);
    this.#onIdle();
    await this.#retire();
  }

  /** The run file to write a new log's records to, for the caller to release; makes the folder, too. */
  async runFile(): Promise<RunFile> {
    const known = await this.#runFile?.catch(() => undefined);
    // The run may have been removed meanwhile, and made anew by another process.
    if (known && !(known.isOpen && existsSync(join(this.folder, known.name)))) await this.#retire(known);
    this.#runFile ??= this.#create();
    const making = this.#runFile;
    try {
      const runFile = await making;
      runFile.use();
      return runFile;
    } catch (error) {
      if (this.#runFile === making) this.#runFile = undefined;
      throw error;
    }
  }

  async #create(): Promise<RunFile> {
    await makeFolder(this.folder);
    return await RunFile.create(this.folder);
  }

  /** Makes the names that are in the folder now durable; one sync for all calls that come meanwhile. */
  sync(): Promise<void> {
    return (this.#nextSync ??= this.#syncing
      .catch(() => undefined)
      .then(() => {
        this.#nextSync = undefined;
        return (this.#syncing = syncFolder(this.folder));
      }));
  }

  /** Where the records of a run file are, as it is now. */
  async index(runFile: string): Promise<RunFileIndex> {
    const path = join(this.folder, runFile);
    const index = this.#indexes.get(path) ?? new RunFileIndex(path);
    this.#indexes.set(path, index);
    try {
      await index.refresh();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new StoreError(`${path} is gone, and records are lost with it`);
      throw error;
    }
    return index;
  }

  /** Whether a run file has lines of attempts whose names begin like this, claimed or not. */
  async holds(start: string): Promise<boolean> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.ndjson'));
    const indexes = await Promise.all(names.map((name) => this.index(name)));
    return indexes.some((index) => index.holds(start));
  }

  async #retire(only?: RunFile): Promise<void> {
    const runFile = await this.#runFile?.catch(() => undefined);
    if (only && runFile !== only) return;
    this.#runFile = undefined;
    this.#indexes.clear();
    await runFile?.release();
  }
}
