// fit-embeddings.ts: asks an embeddings server for what it takes: batches and texts as large as it has shown to accept,
// which is learned from what it refuses. A text that it refuses alone gets no vector, and the others theirs.

import { APIConnectionTimeoutError, APIError } from 'openai';
import type { Embedded } from '../../documents/index/embeddings-provider.ts';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { TextBound } from './text-bound.ts';

interface Asked {
  vectors: Float32Array[];
  tokens: number;
}

/** Makes the vectors of texts in one request, all or none. **Contract:** throws the openai client's error. */
type Ask = (texts: readonly string[], signal: AbortSignal) => Promise<Asked>;

/** What a refused text keeps when it is tried again, shorter. */
const SHORTER = 0.75;
/** A text shorter than this is not refused for its length. */
const LEAST_TOKENS = 40;
/** What any server takes: when it refuses this, too, the refusal is about something else. */
const PROBE = 'probe';
/** Servers answer 400, 413, 422 or 500 when something is too large; in the last case their words must say so. */
const SIZE_WORDS =
  /too (?:large|long|many|big)|exceed|larger than|longer than|at most|maximum|batch|context (?:length|size|window)|input length|token limit|too much/i;

/** Whether a refusal may be about the size of what was asked, or about one of the texts. */
export function mayBeSize(error: unknown): boolean {
  // Fewer vectors than texts, or numbers that are none.
  if (error instanceof SyntaxError) return true;
  if (!(error instanceof APIError) || error.status === undefined) return false;
  const { status, message } = error;
  return [400, 413, 422].includes(status) || (status >= 500 && SIZE_WORDS.test(message));
}

/** Whether the server took longer than a request may take: fewer texts may be done in that time. */
export const isTooSlow = (error: unknown): boolean => error instanceof APIConnectionTimeoutError;
/** So often in a row it is halved for that: a server that is away answers none of them. */
const MOST_SLOW = 3;

/** Texts at once, and tokens of one. */
interface Bounds {
  mostTexts?: number;
  mostTokens?: number;
}

interface Made {
  vectors: (Float32Array | undefined)[];
  tokens: number;
  calls: number;
  /** Requests in a row that were not answered in time. */
  slow: number;
  /** Texts that were refused alone, and the words of the last refusal. */
  refused: number;
  why: unknown;
}

export class FittedEmbeddings {
  readonly #ask: Ask;
  readonly #onLearned: (line: string) => void;
  #mostTexts = Number.MAX_SAFE_INTEGER;
  readonly #bound = new TextBound();
  /** What was made of texts whose later ones failed: paid once, whoever asks for them again. */
  readonly #begun = new WeakMap<readonly string[], Made>();

  /** @param onLearned told in a sentence whatever is learned */
  constructor(ask: Ask, onLearned: (line: string) => void) {
    this.#ask = ask;
    this.#onLearned = onLearned;
  }

  /** What the server was found to take; empty while that is everything. */
  get bounds(): Bounds {
    const [mostTexts, { mostTokens }] = [this.#mostTexts, this.#bound];
    return {
      ...(mostTexts === Number.MAX_SAFE_INTEGER ? {} : { mostTexts }),
      ...(mostTokens === Infinity ? {} : { mostTokens: Math.floor(mostTokens) }),
    };
  }

  /** Bounds that were found before; what is none of them changes nothing. */
  recall({ mostTexts, mostTokens }: Record<keyof Bounds, unknown>): void {
    if (Number.isInteger(mostTexts) && Number(mostTexts) > 0) this.#mostTexts = Number(mostTexts);
    if (Number(mostTokens) >= LEAST_TOKENS * SHORTER) this.#bound.recall(Number(mostTokens));
  }

  /**
   * The vectors of the texts; none for those that are empty or were refused alone.
   * @param sentence what an error says, for people
   * @throws what `ask` throws, when that is not about sizes
   */
  async embed(texts: readonly string[], signal: AbortSignal, sentence: (error: unknown) => string): Promise<Embedded> {
    const made = this.#begun.get(texts) ?? { vectors: [], tokens: 0, calls: 0, slow: 0, refused: 0, why: undefined };
    this.#begun.set(texts, made);
    const left = texts.flatMap((text, at) => (text.trim() === '' || at in made.vectors ? [] : [at]));
    while (left.length > 0) {
      const some = left.slice(0, this.#mostTexts);
      await this.#fit(texts, some, made, signal);
      left.splice(0, some.length);
    }
    this.#begun.delete(texts);
    const vectors = texts.map((_text, at) => made.vectors[at]);
    const { tokens, calls, refused, why } = made;
    return { vectors, tokens, calls, ...(refused > 0 ? { refused: { texts: refused, why: sentence(why) } } : {}) };
  }

  /** Makes the vectors at these places; true when nothing had to be shortened or left out. */
  async #fit(texts: readonly string[], places: number[], made: Made, signal: AbortSignal): Promise<boolean> {
    const tried = places.map((at) => this.#shortened(texts[at] ?? ''));
    try {
      this.#bound.took(tried, await this.#make(tried, places, made, signal));
      return tried.every((text, i) => text === texts[places[i] ?? -1]);
    } catch (error) {
      signal.throwIfAborted();
      made.slow = isTooSlow(error) ? made.slow + 1 : 0;
      const mayBeFewer = isTooSlow(error) && places.length > 1 && made.slow <= MOST_SLOW;
      if (!mayBeSize(error) && !mayBeFewer) throw error;
      if (places.length === 1) return await this.#fitOne(tried[0] ?? '', places[0] ?? 0, made, signal, error);
    }
    const half = Math.ceil(places.length / 2);
    const first = await this.#fit(texts, places.slice(0, half), made, signal);
    const second = await this.#fit(texts, places.slice(half), made, signal);
    // All were taken as they are, so it was their number.
    if (first && second && half < this.#mostTexts) {
      this.#mostTexts = half;
      this.#onLearned(`takes ${half} texts at once`);
    }
    return first && second;
  }

  async #fitOne(text: string, at: number, made: Made, signal: AbortSignal, refusal: unknown): Promise<boolean> {
    let error = refusal;
    for (let tokens = estimateTokens(text) * SHORTER; tokens >= LEAST_TOKENS; tokens *= SHORTER) {
      try {
        const piece = cutTo(text, tokens);
        const counted = await this.#make([piece], [at], made, signal);
        if (this.#bound.fitted(piece, counted))
          this.#onLearned(
            `takes texts of about ${Math.floor(this.#bound.mostTokens)} tokens; longer ones are shortened`,
          );
        return false;
      } catch (next) {
        signal.throwIfAborted();
        if (!mayBeSize(next)) throw next;
        error = next;
      }
    }
    // Throws where nothing is taken at all: then no text is at fault.
    const { tokens } = await this.#ask([PROBE], signal);
    made.vectors[at] = undefined;
    made.tokens += tokens;
    made.calls += 1;
    made.refused += 1;
    made.why = error;
    return false;
  }

  /** @returns how many tokens the server counted */
  async #make(texts: readonly string[], places: readonly number[], made: Made, signal: AbortSignal): Promise<number> {
    const { vectors, tokens } = await this.#ask(texts, signal);
    places.forEach((at, i) => (made.vectors[at] = vectors[i]));
    made.tokens += tokens;
    made.calls += 1;
    made.slow = 0;
    return tokens;
  }

  #shortened(text: string): string {
    return cutTo(text, this.#bound.mostTokens);
  }
}

/** The beginning of a text, of about so many tokens. */
function cutTo(text: string, tokens: number): string {
  const all = estimateTokens(text);
  if (all <= tokens) return text;
  const cut = text.slice(0, Math.floor((text.length * tokens) / all));
  // Not between the two halves of one character.
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
