// archive.ts: the parts of a ZIP archive, inflated as they are read and only as far as the bounds allow: what an archive
// says of its own sizes is not believed. Writes nothing to disk.

import { posix } from 'node:path';
import type { Entry, ZipFile } from 'yauzl';

/** Inflated, of all parts that are read together: ten times the largest honest workbook. */
const MOST_BYTES = 400_000_000;
/** An archive of more parts than this is no document. */
const MOST_PARTS = 50_000;

/** An archive can't be read further, in words for a person. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

export class Archive {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  #left: number;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, most: number) {
    this.#zip = zip;
    this.#entries = entries;
    this.#left = most;
  }

  /** @throws ArchiveError when these bytes are no archive, or a broken one. */
  static async open(bytes: Uint8Array, most = MOST_BYTES): Promise<Archive> {
    const { fromBuffer } = await import('yauzl');
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return await new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(new ArchiveError(`its archive is broken: ${error.message}`));
      // Sizes that are wrong end a part early, and are no reason to refuse it.
      fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: false }, (error, zip) => {
        if (error) return fail(error);
        const entries = new Map<string, Entry>();
        zip.on('entry', (entry: Entry) => {
          // Some writers begin names with a slash; names are told apart without regard to case.
          entries.set(keyOf(entry.fileName), entry);
          if (entries.size > MOST_PARTS) fail(new Error(`it has more than ${MOST_PARTS} parts`));
          else zip.readEntry();
        });
        zip.on('error', fail);
        zip.on('end', () => resolve(new Archive(zip, entries, most)));
        zip.readEntry();
      });
    });
  }

  /** Names of all parts, as they are written. */
  names(): string[] {
    return [...this.#entries.values()].map(({ fileName }) => fileName);
  }

  has(name: string): boolean {
    return this.#entries.has(keyOf(name));
  }

  /**
   * A part's bytes, piece by piece. None when there is no such part.
   * @throws ArchiveError when it is broken or locked, or when all parts together are larger than allowed.
   */
  async *read(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.#entries.get(keyOf(name));
    if (!entry) return;
    if (entry.isEncrypted()) throw new ArchiveError('it is locked with a password');
    const zip = this.#zip;
    const stream = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) =>
      zip.openReadStream(entry, (error, opened) =>
        error ? reject(new ArchiveError(`${name} in it is broken: ${error.message}`)) : resolve(opened),
      ),
    );
    try {
      for await (const piece of stream) {
        this.#left -= piece.length;
        if (this.#left < 0) throw new ArchiveError('unpacked it is larger than what is read of one file');
        yield piece;
      }
    } catch (error) {
      if (error instanceof ArchiveError) throw error;
      throw new ArchiveError(`${name} in it is broken: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** A part as a whole; undefined when there is none. @throws as `read` */
  async bytes(name: string): Promise<Uint8Array | undefined> {
    if (!this.has(name)) return undefined;
    const pieces: Uint8Array[] = [];
    for await (const piece of this.read(name)) pieces.push(piece);
    return Buffer.concat(pieces);
  }
}

/** A reference inside a part, as the name of the part it leads to. */
export function partName(from: string, target: string): string {
  return target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(from), target);
}

const keyOf = (name: string): string => name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
