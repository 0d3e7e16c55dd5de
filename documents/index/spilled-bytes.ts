// spilled-bytes.ts: bytes of which little is looked at, each time elsewhere: in memory while they are few, else in a
// temporary file without a name, which is gone with its process. The system's file cache keeps what is used.

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SPILLED_FROM = 256_000;

export class SpilledBytes {
  readonly #bytes: Uint8Array | undefined;
  #file: number | undefined;

  /** @param from so many bytes are spilled. Default: 256 kB. */
  constructor(bytes: Uint8Array, from = SPILLED_FROM) {
    this.#file = bytes.length < from ? undefined : spill(bytes);
    // A copy: they may be a part of more.
    if (this.#file === undefined) this.#bytes = bytes.slice();
  }

  get inMemory(): number {
    return this.#bytes?.length ?? 0;
  }

  /** The bytes from `start` to before `end`. @throws Error after `close`. */
  at(start: number, end: number): Uint8Array {
    if (this.#bytes) return this.#bytes.subarray(start, end);
    if (this.#file === undefined) throw new Error('these bytes were closed');
    const bytes = Buffer.allocUnsafe(end - start);
    for (let read = 0; read < bytes.length;) {
      const more = readSync(this.#file, bytes, read, bytes.length - read, start + read);
      if (more === 0) throw new Error('a temporary file is shorter than what was written');
      read += more;
    }
    return bytes;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** An open file; undefined where none can be made: then memory has to do. */
function spill(bytes: Uint8Array): number | undefined {
  let folder: string | undefined;
  let file: number | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'muster-corpus-'));
    file = openSync(join(folder, 'bytes'), 'wx+', 0o600);
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written, bytes.length - written);
    return file;
  } catch {
    if (file !== undefined) closeSync(file);
    return undefined;
  } finally {
    // Open as it is, it can be read without its name.
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
