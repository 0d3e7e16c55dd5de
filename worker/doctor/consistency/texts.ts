// texts.ts: whether all that a result leads to is in the store, is what its name says, and holds the words that are quoted of it.

import type { TaskResult } from '../../../protocol/result.ts';
import { sha256 } from '../../../protocol/schemas/hash.ts';
import { BlobMissingError, type Store } from '../../../store/store.ts';

/** @returns what is missing or another, in sentences. @throws StoreError */
export async function missingTexts(result: TaskResult, store: Store): Promise<string[]> {
  const found: string[] = [];
  const text = async (what: string, hash: string | undefined): Promise<string | undefined> => {
    if (hash === undefined) return undefined;
    try {
      const bytes = await store.getBlob(hash);
      if (sha256(bytes) !== hash) found.push(`${what} (${hash.slice(0, 12)}…) is not what was stored`);
      return Buffer.from(bytes).toString('utf8');
    } catch (error) {
      if (!(error instanceof BlobMissingError)) throw error;
      found.push(`${what} (${hash.slice(0, 12)}…) is missing`);
      return undefined;
    }
  };
  await text('the plan', result.planRef);
  await text('the answer', result.answerRef);
  await text('the data', result.dataRef);
  await text('the list of what was not read', result.skipped?.ref);
  for (const one of result.coverage.subtasks ?? []) await text(`what ${one.subtask} found`, one.findingsRef);
  if (result.corpusRef !== undefined && !(await store.hasCorpus(result.corpusRef)))
    found.push(`the index of the documents (${result.corpusRef.slice(0, 12)}…) is missing`);
  const sources = new Map((result.answer?.citations ?? []).map((one) => [one.sha256, one.source]));
  for (const [hash, source] of sources) {
    const words = await text(`the text of ${source}`, hash);
    const cited = result.answer?.citations.filter((one) => one.sha256 === hash) ?? [];
    const gone = words === undefined ? [] : cited.filter(({ quote }) => !words.includes(quote));
    if (gone.length > 0) found.push(`${gone.length} of the quotes of ${source} do not stand in its text`);
  }
  return found;
}
