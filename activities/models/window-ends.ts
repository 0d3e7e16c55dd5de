// window-ends.ts: whether an answer that was cut off below its bound had come to the end of the model's window, and not to a bound
// of the server's own: told by the counts alone. Knows no server.

import type { ModelReply } from './provider.ts';

/** Windows are made of these; an own bound is a round number, too, but of the answer alone. */
const WINDOW_STEP = 256;
const BOUND_STEP = 64;

export class WindowEnds {
  /** Tokens of answers that ended at a window, by the tokens of request and answer together. */
  readonly #seen = new Map<number, number>();

  /**
   * @param reply one that was cut off.
   * @returns `isLikely` when it looks like the end of a window; `window` once two answers of different lengths ended at the
   *   same count.
   */
  see({ inputTokens, outputTokens, estimatedTokens }: ModelReply): { isLikely: boolean; window?: number } {
    const all = inputTokens + outputTokens;
    const isLikely = estimatedTokens === undefined && all % WINDOW_STEP === 0 && outputTokens % BOUND_STEP !== 0;
    if (!isLikely) return { isLikely };
    const before = this.#seen.get(all);
    this.#seen.set(all, outputTokens);
    return { isLikely, ...(before !== undefined && before !== outputTokens ? { window: all } : {}) };
  }
}
