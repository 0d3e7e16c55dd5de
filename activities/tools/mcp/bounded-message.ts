// bounded-message.ts: the bytes of one message from a server, kept up to a bound: of a longer one its length and its edges,
// by which the one call that it answers is told of it, and the others go on.

/** Of one message; a result is cut far below this before a model sees it. */
const MAX_MESSAGE_BYTES = 4_000_000;
/** One that is longer than this has no end. */
export const ENDLESS_BYTES = 16 * MAX_MESSAGE_BYTES;
/** What is kept of the beginning and the end of one that is too long. */
const EDGE_BYTES = 1_000;

/** How a message that is too long is told, by whichever way it came. Asking again would give the same. */
export const TOO_LONG = /it answers (?:over )?[\d.]+ MB, more than \d+ MB/;

const tooLong = (bytes: number): string =>
  `it answers ${bytes > ENDLESS_BYTES ? 'over ' : ''}${(Math.min(bytes, ENDLESS_BYTES) / 1e6).toFixed(1)} MB, more than ${MAX_MESSAGE_BYTES / 1e6} MB`;

export class BoundedMessage {
  #parts: Buffer[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEndless(): boolean {
    return this.#bytes > ENDLESS_BYTES;
  }

  /** Why it is not kept whole; undefined when it is. */
  get problem(): string | undefined {
    return this.#bytes > MAX_MESSAGE_BYTES ? tooLong(this.#bytes) : undefined;
  }

  add(piece: Uint8Array): void {
    const part = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const wasWhole = this.#bytes <= MAX_MESSAGE_BYTES;
    this.#bytes += part.length;
    if (this.#bytes <= MAX_MESSAGE_BYTES) this.#parts.push(part);
    else {
      const [head, tail] = wasWhole ? [Buffer.concat([...this.#parts, part])] : this.#parts;
      const end = Buffer.concat([tail ?? Buffer.alloc(0), part]).subarray(-EDGE_BYTES);
      this.#parts = [head?.subarray(0, EDGE_BYTES) ?? end, end];
    }
  }

  /** Its text, or its edges, and why it is not whole; the next one begins then. */
  take(): { text: string; problem?: string } {
    const { problem } = this;
    const text = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#bytes = 0;
    return { text, ...(problem === undefined ? {} : { problem }) };
  }
}
