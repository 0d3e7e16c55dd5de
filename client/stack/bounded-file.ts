// bounded-file.ts: a log file that keeps to a size: what is over goes to one older file beside it. Only one process writes it.

import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Two of these a part: a day's work of a busy stack, and nothing that fills a disk. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Where the older part of a log lies. */
export const olderLog = (path: string): string => `${path}.1`;

export class BoundedFile {
  readonly #path: string;
  readonly #most: number;
  #file: number | undefined;

  /** @param most bytes of the file; the older one has as many. Default: 8 MiB. */
  constructor(path: string, most: number = MOST_BYTES) {
    this.#path = path;
    this.#most = most;
  }

  /** Appends whole lines. Never throws: a full disk ends no stack. */
  write(text: string | Buffer): void {
    try {
      this.#file ??= openSync(this.#path, 'a');
      // Copied and emptied, not renamed: whoever else has it open, as a child its stderr, goes on to write here.
      if (fstatSync(this.#file).size > this.#most) {
        copyFileSync(this.#path, olderLog(this.#path));
        ftruncateSync(this.#file, 0);
      }
      writeSync(this.#file, typeof text === 'string' ? Buffer.from(text) : text);
    } catch {
      this.close();
    }
  }

  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
  }
}
