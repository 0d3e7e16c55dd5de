// partial-texts.ts: what sub-agents are writing just now, on its way to the store: one write at a time for each log, and
// of the texts that come in meanwhile only the last.

import type { PartialText } from './store.ts';

/** Largest text kept, in bytes; of a longer one its end. */
export const PARTIAL_BYTES = 65_536;

export class PartialTexts<K> {
  readonly #write: (key: K, partial: PartialText) => Promise<void>;
  /** By name: the text that waits, and the write that is under way. */
  readonly #lanes = new Map<string, { next?: PartialText; writing: Promise<void> }>();

  constructor(write: (key: K, partial: PartialText) => Promise<void>) {
    this.#write = write;
  }

  /** Returns when this text, or a later one, was handed on. */
  put(name: string, key: K, partial: PartialText): Promise<void> {
    const lane = this.#lanes.get(name);
    if (lane) {
      lane.next = partial;
      return lane.writing;
    }
    const fresh: { next?: PartialText; writing: Promise<void> } = { next: partial, writing: Promise.resolve() };
    this.#lanes.set(name, fresh);
    fresh.writing = this.#drain(name, key, fresh);
    return fresh.writing;
  }

  async #drain(name: string, key: K, lane: { next?: PartialText }): Promise<void> {
    try {
      while (lane.next !== undefined) {
        const partial = itsEnd(lane.next);
        delete lane.next;
        await this.#write(key, partial);
      }
    } finally {
      this.#lanes.delete(name);
    }
  }
}

/** Its last 64 KiB. */
function itsEnd(partial: PartialText): PartialText {
  const text = lastBytes(partial.text);
  return { ...partial, text, offset: partial.offset + partial.text.length - text.length };
}

function lastBytes(text: string): string {
  // A character is at most three bytes a code unit.
  if (text.length * 3 <= PARTIAL_BYTES) return text;
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= PARTIAL_BYTES) return text;
  let start = bytes.length - PARTIAL_BYTES;
  // Not in the middle of a character.
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start).toString('utf8');
}
