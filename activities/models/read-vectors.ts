// read-vectors.ts: the vectors in what an embeddings server answers: in OpenAI's form, or in one of those that servers have
// beside it. Pure; believes no vector that says nothing.

import { isObject } from '../text/json-values.ts';

/**
 * The vectors of so many texts, in the order of the texts, whatever encoding was asked for.
 * @throws SyntaxError when they are not so many, of one length and of finite numbers, or when one is all zeros.
 */
export function readVectors(answer: unknown, count: number): Float32Array[] {
  const sent = inOrder(entriesOf(answer)).map(floatsOf);
  const length = sent[0]?.length ?? 0;
  const isSound = (vector: Float32Array): boolean =>
    vector.length === length && vector.every(Number.isFinite) && vector.some((one) => one !== 0);
  if (sent.length !== count || length === 0 || !sent.every(isSound))
    throw new SyntaxError(`it sent no ${count} vectors of one length`);
  return sent;
}

/** `{ data: […] }`, `{ embeddings: […] }`, or the list alone. */
function entriesOf(answer: unknown): unknown[] {
  const list = isObject(answer) ? (answer.data ?? answer.embeddings) : answer;
  return Array.isArray(list) ? (list as unknown[]) : [];
}

/** A few leave `index` out, or number all of them 0: then their order counts. Some count from one. */
function inOrder(entries: unknown[]): unknown[] {
  const numbered = entries.map((entry) => ({ entry, index: isObject(entry) ? Number(entry.index ?? NaN) : NaN }));
  const isNumbered = new Set(numbered.map(({ index }) => index)).size === entries.length;
  if (!isNumbered || numbered.some(({ index }) => !Number.isInteger(index))) return entries;
  return numbered.toSorted((a, b) => a.index - b.index).map(({ entry }) => entry);
}

function floatsOf(entry: unknown): Float32Array {
  const embedding = isObject(entry) ? entry.embedding : entry;
  if (typeof embedding === 'string') {
    const bytes = new Uint8Array(Buffer.from(embedding, 'base64'));
    return bytes.length % 4 === 0 ? new Float32Array(bytes.buffer) : new Float32Array();
  }
  if (!Array.isArray(embedding)) return new Float32Array();
  const numbers: unknown[] = embedding;
  // Servers that could give a vector for each token put the one of the whole text into a list.
  const [inner] = numbers;
  if (numbers.length === 1 && Array.isArray(inner)) return floatsOf(inner);
  // What is no number, as null for one that is none, would be taken for zero.
  return Float32Array.from(numbers, (one) => (typeof one === 'number' ? one : NaN));
}
