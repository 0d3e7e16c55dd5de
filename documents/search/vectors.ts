// vectors.ts: the vectors of a corpus's passages in memory, and which of them are nearest to a question's. Lives in the
// corpus thread: a search looks at every vector, which at 60,000 passages of 1,536 numbers takes about 0.15 s.

import { byScore, type Ranked } from './ranked.ts';

export class Vectors {
  readonly #dimensions: number;
  readonly #all: Float32Array;

  constructor(passages: number, dimensions: number) {
    this.#dimensions = dimensions;
    this.#all = new Float32Array(passages * dimensions);
  }

  get bytes(): number {
    return this.#all.byteLength;
  }

  /** Takes in the vectors of the passages from `first` on. @throws RangeError when these are more than there are passages */
  set(first: number, bytes: Uint8Array): void {
    // A copy, since floats must begin at a multiple of four.
    this.#all.set(new Float32Array(new Uint8Array(bytes).buffer), first * this.#dimensions);
  }

  /** The nearest, best first. One that has nothing in common with the question is not near. */
  nearest(query: Float32Array, limit: number, leaveOut: (passage: number) => boolean): Ranked[] {
    if (query.length !== this.#dimensions) return [];
    const near: Ranked[] = [];
    for (let passage = 0, at = 0; at < this.#all.length; passage += 1) {
      let score = 0;
      for (let i = 0; i < this.#dimensions; i += 1, at += 1) score += (this.#all[at] ?? 0) * (query[i] ?? 0);
      if (score > 0 && !leaveOut(passage)) near.push({ passage, score });
    }
    return near.sort(byScore).slice(0, limit);
  }
}
