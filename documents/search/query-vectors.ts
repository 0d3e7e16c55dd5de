// query-vectors.ts: the vector of a question: asked once per text and worker, never waited for long, never a reason for a
// search to fail.

import type { EmbeddingsProvider } from '../index/embeddings-provider.ts';
import { shareWork } from '../jobs/share-work.ts';
import { ofLengthOne } from '../index/vectors-format.ts';

/** Texts remembered, the last used longest: at 1,536 numbers each about 6 MB. */
const REMEMBERED = 1_000;
/** Longer than any answer to one short text takes; a sub-agent that searches waits for it. */
const PATIENCE_MS = 10_000;

const known = new WeakMap<EmbeddingsProvider, Map<string, Float32Array>>();

/**
 * The vector of a text, of length 1; or why there is none, in a sentence.
 * @throws the signal's reason when it aborts.
 */
export async function queryVector(
  embeddings: EmbeddingsProvider,
  text: string,
  signal?: AbortSignal,
): Promise<Float32Array | { problem: string }> {
  const remembered = known.get(embeddings) ?? new Map<string, Float32Array>();
  known.set(embeddings, remembered);
  try {
    const vector = remembered.get(text) ?? (await shareWork(embeddings, text, { signal }, (one) => ask(one.signal)));
    remembered.delete(text);
    remembered.set(text, vector);
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return vector;
  } catch (error) {
    signal?.throwIfAborted();
    return {
      problem:
        error instanceof PatienceError || error instanceof NoVectorError
          ? error.message
          : embeddings.classify(error).message,
    };
  }

  async function ask(shared: AbortSignal): Promise<Float32Array> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    try {
      const { vectors } = await embeddings.embed([text], { signal: AbortSignal.any([shared, patience]) });
      const [vector] = vectors;
      if (!vector) throw new NoVectorError(embeddings.name);
      return ofLengthOne(vector);
    } catch (error) {
      throw patience.aborted && !(error instanceof NoVectorError) ? new PatienceError(embeddings.name) : error;
    }
  }
}

class PatienceError extends Error {
  constructor(name: string) {
    super(`${name} gave no vector of the question within ${PATIENCE_MS / 1_000} s`);
  }
}

class NoVectorError extends Error {
  constructor(name: string) {
    super(`${name} takes no text like this question`);
  }
}
