// pack-build.ts: a pack in the making, in the corpus thread: files come in any order, and what comes out does not depend
// on it. Holds the texts of one pack, never those of a corpus.

import { sha256 } from '../../protocol/schemas/hash.ts';
import { extractApart } from '../extract/files/extract-apart.ts';
import { chunkText } from '../index/chunk-text.ts';
import { encodePack, type ToPack } from '../index/pack.ts';
import { readBytes } from './read-bytes.ts';
import type { ThreadApi } from './thread-api.ts';

export class PackBuild {
  readonly #places: (ToPack | undefined)[] = [];

  async add({ place, name, from }: ThreadApi['add']['input']): Promise<ThreadApi['add']['output']> {
    const raw = typeof from === 'string' ? readBytes(from) : { bytes: from };
    if ('problem' in raw) return raw;
    const file = sha256(raw.bytes);
    const extracted = await extractApart(name, raw.bytes);
    if ('problem' in extracted) return { sha256: file, problem: extracted.problem };
    return { sha256: file, ...this.addText({ place, name, extracted }) };
  }

  addText({ place, name, extracted }: Omit<ThreadApi['addText']['input'], 'build'>): ThreadApi['addText']['output'] {
    const { text, pages, lost } = extracted;
    this.#places[place] = {
      name,
      sha256: sha256(text),
      lines: countLines(text),
      ...(pages ? { pages } : {}),
      ...(lost === undefined ? {} : { lost }),
      text,
      chunks: chunkText(extracted),
    };
    return lost === undefined ? {} : { lost };
  }

  /** The pack, and the places of its documents; no bytes where there are none. */
  async finish(): Promise<ThreadApi['pack']['output']> {
    const places = [...this.#places.keys()].filter((place) => this.#places[place] !== undefined);
    const documents = this.#places.filter((document) => document !== undefined);
    return documents.length === 0 ? { places } : { places, bytes: await encodePack(documents) };
  }
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < text.length - 1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
