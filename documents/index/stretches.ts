// stretches.ts: where the passages of a corpus are cut into batches for embedding. The cuts follow from the texts, as in
// content-defined chunking: a file that is added or changed moves the cuts near it and leaves all other batches as they were.

import { createHash } from 'node:crypto';

/** Texts of one batch, at most: servers have limits of 2,048 texts, and of tokens, which come first. */
const MOST = 96;
/** One passage in so many ends its batch. */
const CUT = 64;

export function stretchesOf(corpus: {
  size: number;
  embeddedTextOf(passage: number): string;
}): { from: number; to: number; sha256: string }[] {
  const stretches: { from: number; to: number; sha256: string }[] = [];
  let from = 0;
  let hash = createHash('sha256');
  for (let passage = 0; passage < corpus.size; passage += 1) {
    const digest = createHash('sha256').update(corpus.embeddedTextOf(passage)).digest();
    hash.update(digest);
    const to = passage + 1;
    if ((digest[0] ?? 0) % CUT !== 0 && to - from < MOST && to < corpus.size) continue;
    stretches.push({ from, to, sha256: hash.digest('hex') });
    from = to;
    hash = createHash('sha256');
  }
  return stretches;
}
