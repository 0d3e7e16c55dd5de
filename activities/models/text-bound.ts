// text-bound.ts: how long a text an embeddings server takes, learned from those that it took once they were shortened. Told in
// the server's own tokens: a table of numbers has three times the tokens that its characters let expect, and must not
// shorten every text after it.

import { estimateTokens } from '../text/estimate-tokens.ts';

/** A count this many times off the estimate is no count. */
const PLAUSIBLE = 8;

export class TextBound {
  /** Most of what was taken of a text that had been refused longer: tokens as the server counts, and as estimated. */
  #counted = 0;
  #estimated = 0;
  /** The same of all texts that were taken as they were sent. Those that had to be shortened say nothing of the others. */
  #all = { counted: 0, estimated: 0 };

  /** The server took these texts at once, and counted so many tokens. */
  took(texts: readonly string[], tokens: number): void {
    const estimate = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
    if (!isCount(tokens, estimate)) return;
    this.#all.counted += tokens;
    this.#all.estimated += estimate;
  }

  /** It took this piece of a text of which it had refused a longer one. True when that tells something new. */
  fitted(piece: string, tokens: number): boolean {
    const [estimate, before] = [estimateTokens(piece), [this.#counted, this.#estimated]];
    this.#estimated = Math.max(this.#estimated, estimate);
    if (isCount(tokens, estimate)) this.#counted = Math.max(this.#counted, tokens);
    return this.#counted !== before[0] || this.#estimated !== before[1];
  }

  /** What an earlier process found, in estimated tokens. */
  recall(tokens: number): void {
    this.#estimated = tokens;
  }

  /** What a text is cut to before it is sent, in estimated tokens. */
  get mostTokens(): number {
    const { counted, estimated } = this.#all;
    if (this.#estimated === 0) return Infinity;
    return counted > 0 && this.#counted > 0 ? (this.#counted * estimated) / counted : this.#estimated;
  }
}

const isCount = (tokens: number, estimate: number): boolean =>
  tokens * PLAUSIBLE >= estimate && tokens <= PLAUSIBLE * estimate;
