// vectors-format.ts: how the vectors of a corpus lie in the store: each batch's numbers a blob, found by what it was made
// from; over them one list a corpus, which keeps the blobs as long as it is used. The numbers are float32, of length 1.

import { endianness } from 'node:os';
import { canonicalJson, sha256 } from '../../protocol/schemas/hash.ts';
import { jsonOf } from '../../store/read-json.ts';
import type { Store } from '../../store/store.ts';
import type { Embedded, EmbeddingsProvider } from './embeddings-provider.ts';

/** Vectors of a stretch of passages. */
export interface VectorBatch {
  blob: string;
  count: number;
  /** 0 when none of its texts got a vector. */
  dimensions: number;
  /** Texts that were refused alone, and why; absent when none was. */
  refused?: { texts: number; why: string };
}

type Maker = Pick<EmbeddingsProvider, 'name' | 'model' | 'dimensions'>;

const keyOf = (of: string, { name, model, dimensions }: Maker, from: string): string =>
  sha256(canonicalJson({ v: 1, of, name, model, dimensions, endianness: endianness(), from }));

/** What the vectors of a corpus are kept under. */
export const vectorsKey = (maker: Maker, corpusRef: string): string => keyOf('corpus', maker, corpusRef);

/** What a batch is kept under. @param texts SHA-256 of its texts */
export const batchKey = (maker: Maker, texts: string): string => keyOf('batch', maker, texts);

/** Keeps a batch; when this returns it is never paid again. */
export async function keepBatch(
  store: Store,
  key: string,
  { vectors, refused }: Pick<Embedded, 'vectors' | 'refused'>,
): Promise<VectorBatch> {
  const dimensions = vectors.find((vector) => vector !== undefined)?.length ?? 0;
  const all = new Float32Array(vectors.length * dimensions);
  // A text without a vector keeps its zeros, which are near to nothing: it is found by its words.
  vectors.forEach((vector, at) => vector && all.set(ofLengthOne(vector), at * dimensions));
  const blob = await store.putBlob(new Uint8Array(all.buffer));
  const batch = { blob, count: vectors.length, dimensions, ...(refused ? { refused } : {}) };
  await store.putCorpus(key, Buffer.from(JSON.stringify(batch)), [blob]);
  return batch;
}

export async function keptBatch(store: Store, key: string): Promise<VectorBatch | undefined> {
  return await readCorpusJson<VectorBatch>(store, key);
}

/** A batch of which no text got a vector, among others that have this many dimensions. */
export async function putZeroVectors(store: Store, batch: VectorBatch, dimensions: number): Promise<VectorBatch> {
  return { ...batch, dimensions, blob: await store.putBlob(new Uint8Array(4 * batch.count * dimensions)) };
}

/** @param batches in the order of the passages */
export async function keepVectors(store: Store, key: string, batches: readonly VectorBatch[]): Promise<void> {
  const blobs = [...new Set(batches.map(({ blob }) => blob))];
  await store.putCorpus(key, Buffer.from(JSON.stringify(batches)), blobs);
}

/** Undefined when this corpus has none. */
export async function keptVectors(store: Store, key: string): Promise<VectorBatch[] | undefined> {
  return await readCorpusJson<VectorBatch[]>(store, key);
}

async function readCorpusJson<T>(store: Store, key: string): Promise<T | undefined> {
  const bytes = await store.getCorpus(key);
  return bytes && jsonOf<T>(bytes);
}

/** So that a product of two is their cosine. A vector of nothing but zeros stays one: it is near to nothing. */
export function ofLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}
