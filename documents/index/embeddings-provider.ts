// embeddings-provider.ts: what makes vectors of texts: one value per deployment. Those that there are stand with the models.

import type { Failure } from '../../protocol/failures.ts';

export interface Embedded {
  /**
   * One for each text, in the same order, all as long as each other. Their scale is of no account. None for a text that
   * is empty, or that was refused alone.
   */
  vectors: (Float32Array | undefined)[];
  tokens: number;
  /** Requests that it took. Default: 1. */
  calls?: number;
  /** How many texts were refused alone, and why; absent when none was. */
  refused?: { texts: number; why: string };
}

export interface EmbeddingsProvider {
  /** Who makes the vectors: part of what they are kept under, so that those of another are not mistaken for its own. */
  readonly name: string;
  readonly model: string;
  /** Numbers that a vector is asked to have. Default: as many as the model gives. */
  readonly dimensions?: number;
  /**
   * The vectors of 1 to 96 texts, each up to about 4,500 characters; a provider whose server takes less sees to it. **Contract:** the same text gives nearly the same
   * vector, alone or among others; throws what `classify` reads; never retries by itself; stops soon after `signal`
   * aborts.
   */
  embed(texts: readonly string[], options: { signal: AbortSignal }): Promise<Embedded>;
  /** What an error of `embed` means, and how long its maker asks to be left alone. **Contract:** must not throw; its message holds no key. */
  classify(error: unknown): Failure & { retryAfterMs?: number };
}
