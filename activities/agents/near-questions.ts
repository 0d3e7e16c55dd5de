// near-questions.ts: with embeddings, questions that nearly have the same words may be the same, too: where their vectors lie as near
// as can be. By vectors alone half of those that are near ask for something else, so what must be equal by words stays so.

import type { EmbeddingsProvider } from '../../documents/index/embeddings-provider.ts';
import { meaningOf } from '../text/meaning.ts';
import { likeness } from '../text/same-question.ts';

/** Whether two of the questions ask for the same by their vectors. */
export type Near = (a: string, b: string) => boolean;

/** Measured on the labelled pairs with all-MiniLM-L6-v2 (docs/decisions/0168): least share of the words, and least cosine. */
const NEAR_WORDS = 0.5;
const NEAR_COSINE = 0.97;
/** Of what is longer than those pairs nothing is known: one name among many words hardly moves a vector. */
const MAX_TERMS = 8;
/** Compared each with each; more than one request of vectors. */
const MAX_QUESTIONS = 64;
const MAX_MS = 10_000;

/** @returns what takes nothing for the same where no two are near by their words, or no vectors can be had in 10 s. */
export async function nearQuestions(
  questions: readonly string[],
  embeddings: EmbeddingsProvider | undefined,
  signal: AbortSignal,
): Promise<Near> {
  const never: Near = () => false;
  if (!embeddings || questions.length > MAX_QUESTIONS) return never;
  const meanings = new Map(questions.map((one) => [one, meaningOf(one)]));
  const areClose: Near = (a, b) => {
    const [left, right] = [meanings.get(a), meanings.get(b)];
    if (!left || !right || Math.max(left.terms.length, right.terms.length) > MAX_TERMS) return false;
    return likeness(left, right) >= NEAR_WORDS;
  };
  const texts = [...meanings.keys()];
  const asked = texts.filter((one) => texts.some((other) => other !== one && areClose(one, other)));
  if (asked.length === 0) return never;
  // Held by its timer: a signal of AbortSignal.timeout that nobody holds may be collected, and then never fires.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error('vectors took too long')), MAX_MS);
  try {
    const { vectors } = await embeddings.embed(asked, { signal: AbortSignal.any([signal, late.signal]) });
    const of = new Map(asked.map((text, at) => [text, vectors[at]]));
    return (a, b) => areClose(a, b) && cosine(of.get(a), of.get(b)) >= NEAR_COSINE;
  } catch {
    // A plan can do without, as a search can.
    signal.throwIfAborted();
    return never;
  } finally {
    clearTimeout(timer);
  }
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b || a.length !== b.length) return 0;
  let [both, left, right] = [0, 0, 0];
  for (const [at, x] of a.entries()) {
    const y = b[at] ?? 0;
    both += x * y;
    left += x * x;
    right += y * y;
  }
  return both / Math.sqrt(left * right);
}
