// corpus-build.ts: a corpus in the making, in the corpus thread: files come in any order, and what comes out does not
// depend on it. Works in slices, so that searches of other tasks get their turn in between.

import { readFileSync, realpathSync } from 'node:fs';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { chunkText, type Chunk } from '../index/chunk-text.ts';
import type { CorpusParts, DocumentEntry, PassageRow, PlainIndex } from '../index/corpus-format.ts';
import { extractApart } from '../extract/extract-apart.ts';
import { PassageIndex, titleOf } from '../index/passage-index.ts';
import { SkipList } from '../sources/skip-list.ts';
import type { ThreadApi } from './thread-api.ts';

const SLICE_MS = 100;

interface Read {
  entry: DocumentEntry;
  text: string;
  chunks: Chunk[];
  /** What of it is not in the text. */
  lost: string | undefined;
}

export class CorpusBuild {
  readonly #places: (Read | { name: string; problem: string })[] = [];
  readonly index = new PassageIndex();
  #order: Read[] | undefined;
  #document = 0;
  #chunk = 0;
  #done = 0;
  #total = 0;

  async add({ place, name, path }: ThreadApi['add']['input']): Promise<ThreadApi['add']['output']> {
    const raw = readBytes(path);
    if ('problem' in raw) return raw;
    const hash = sha256(raw.bytes);
    const extracted = await extractApart(name, raw.bytes);
    if ('problem' in extracted) {
      this.#places[place] = { name, problem: extracted.problem };
      return { sha256: hash, problem: extracted.problem };
    }
    return { sha256: hash, ...this.addText({ place, name, extracted }) };
  }

  addText({ place, name, extracted }: Omit<ThreadApi['addText']['input'], 'build'>): ThreadApi['addText']['output'] {
    const { text, pages, lost } = extracted;
    const bytes = new TextEncoder().encode(text);
    const lines = countLines(text);
    const entry = { name, sha256: sha256(bytes), lines, bytes: bytes.length, ...(pages ? { pages } : {}) };
    this.#places[place] = { entry, text, chunks: chunkText(extracted), lost };
    return { text: bytes };
  }

  /** Indexes a slice. */
  work(): { done: number; total: number } {
    const until = Date.now() + SLICE_MS;
    const order = this.#read();
    while (this.#done < this.#total && Date.now() < until) {
      const read = order[this.#document];
      const chunk = read?.chunks[this.#chunk];
      if (!read || !chunk) {
        this.#document += 1;
        this.#chunk = 0;
        continue;
      }
      this.index.add({
        title: titleOf(read.entry.name, chunk.heading),
        text: read.text.slice(chunk.start, chunk.end),
      });
      this.#chunk += 1;
      this.#done += 1;
    }
    return { done: this.#done, total: this.#total };
  }

  parts(): CorpusParts & { index: PlainIndex } {
    const order = this.#read();
    const skipped = new SkipList();
    for (const place of this.#places) {
      if (place && 'problem' in place) skipped.add(place.name, place.problem);
      else if (place?.lost !== undefined) skipped.add(place.entry.name, `read but for ${place.lost}`);
    }
    return {
      manifest: {
        documents: order.map(({ entry }) => entry),
        passages: this.#total,
        skipped: skipped.named,
        skippedCount: skipped.count,
      },
      texts: order.map(({ text }) => text),
      passages: order.map(({ chunks }) =>
        chunks.map(({ start, end, line, endLine, heading }): PassageRow => [start, end, line, endLine, heading]),
      ),
      index: this.index.write(),
    };
  }

  #read(): Read[] {
    if (!this.#order) {
      this.#order = this.#places.filter((place) => place !== undefined && 'entry' in place);
      this.#total = this.#order.reduce((sum, { chunks }) => sum + chunks.length, 0);
    }
    return this.#order;
  }
}

export function readBytes(path: string): { bytes: Uint8Array } | { problem: string } {
  try {
    // The walk resolved all links; one that was put in its place since then is not followed.
    if (realpathSync(path) !== path) return { problem: 'it was replaced by a link while it was read' };
    return { bytes: readFileSync(path) };
  } catch (error) {
    return { problem: `it can't be opened (${String((error as NodeJS.ErrnoException).code)})` };
  }
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < text.length - 1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
