// estimate.ts: what a task would take, told before it is started: from the class history of the deployment and what is known of the
// documents. Starts nothing, reads no document.

import { estimateTask, type TaskEstimate } from '../protocol/estimate.ts';
import { ETA_ROWS } from '../protocol/eta.ts';
import type { TaskRequest } from '../protocol/task.ts';
import { readSources } from '../store/read-sources.ts';
import type { Store } from '../store/store.ts';

type Reader = Pick<Store, 'outcomes' | 'getNote' | 'hasCorpus'>;

/** @param store absent where nothing ever ran: then the class alone tells. @throws StoreError */
export async function estimateFor(
  store: Reader | undefined,
  { class: row, path: asked, sources }: TaskRequest,
): Promise<TaskEstimate> {
  const path = asked === 'fast' ? 'fast' : 'deep';
  if (!store) return estimateTask([], row, path);
  const [rows, corpus] = await Promise.all([
    store.outcomes({ class: row.name, path }, ETA_ROWS),
    sources.length === 0 ? undefined : readSources(store, sources),
  ]);
  return estimateTask(rows, row, path, corpus && { documents: corpus.documents, passages: corpus.passages });
}
