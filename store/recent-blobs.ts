// recent-blobs.ts: the blobs that this process put last, in memory: what a sub-agent writes down, the answer's step reads a
// moment later, from a hundred files otherwise. A blob under its hash never changes; what is here is on disk, too.

/** Of all together; a larger one is not worth its place. */
const MOST_BYTES = 8 * 1_048_576;
const MOST_OF_ONE = 256 * 1_024;

export class RecentBlobs {
  readonly #blobs = new Map<string, Buffer>();
  #bytes = 0;

  /** To be called when it is on disk. */
  add(hash: string, bytes: Uint8Array | string): void {
    const size = typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
    if (size > MOST_OF_ONE || this.#blobs.has(hash)) return;
    this.#blobs.set(hash, Buffer.from(bytes as Uint8Array));
    this.#bytes += size;
    for (const [oldest, { length }] of this.#blobs) {
      if (this.#bytes <= MOST_BYTES) return;
      this.#blobs.delete(oldest);
      this.#bytes -= length;
    }
  }

  clear(): void {
    this.#blobs.clear();
    this.#bytes = 0;
  }

  /** A copy: whoever reads it may change it, or give it to another thread. */
  get(hash: string): Buffer | undefined {
    const kept = this.#blobs.get(hash);
    return kept && Buffer.from(kept);
  }
}
