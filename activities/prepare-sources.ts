// prepare-sources.ts: the Activity that makes a corpus of the request's sources, by content: the same files once.

import { Context } from '@temporalio/activity';
import type { Activities, PreparedSources } from '../protocol/activities.ts';
import { withHeartbeat, asActivityError } from './lifecycle/activity-lifecycle.ts';
import { embedCorpus, type EmbeddedCorpus } from '../documents/embed-corpus.ts';
import { prepareCorpus } from '../documents/prepare-corpus.ts';
import { limitsWith } from '../documents/sources/source-limits.ts';
import type { ReadingHeartbeat, ReadSoFar } from '../protocol/progress.ts';
import { ReadingReport, readingSignals } from './lifecycle/reading-report.ts';
import type { Deployment } from './deployment.ts';
import { noteReadSources } from '../store/read-sources.ts';
import { putTaskHead } from './lifecycle/task-head.ts';

/** Skipped files named in the history; all lie in the store. */
const MAX_SKIPPED_NAMED = 20;
/** Of the class's time; the rest is for the work that can do without. */
const EMBEDDING_SHARE = 1 / 3;
/** At most, so that the step's own time-out (30 minutes, in workflows/steps.ts) does not come first. */
const EMBEDDING_SECONDS = 1_200;

export function prepareSources({
  store,
  roots,
  web,
  corpus: most,
  embeddings,
}: Deployment): Activities['prepareSources'] {
  return async ({ taskId, run, request }) => {
    const { currentAttemptScheduledTimestampMs: startedAt } = Context.current().info;
    const began = Date.now();
    const heartbeat: ReadingHeartbeat = { v: 1, phase: 'looks for files' };
    const report = new ReadingReport(readingSignals({ taskId, run }));
    const onProgress = (phase: string, read?: ReadSoFar): void => {
      Object.assign(heartbeat, { phase, read });
      if (read) report.add(read);
    };
    try {
      await putTaskHead(store, { taskId, run, request, acceptedAt: startedAt });
      const prepared = await withHeartbeat(
        () => heartbeat,
        async (signal) => {
          const watched = { store, signal, onProgress };
          const corpus = await prepareCorpus(request.sources, {
            roots: [...roots],
            limits: limitsWith(most),
            ...(web ? { web } : {}),
            ...watched,
          });
          const seconds = Math.min(request.class.deadlineSeconds * EMBEDDING_SHARE, EMBEDDING_SECONDS);
          const withinMs = Math.max(0, began + seconds * 1_000 - Date.now());
          const embedded = embeddings && (await embedCorpus(corpus.corpusRef, { embeddings, withinMs, ...watched }));
          return { ...corpus, ...(embedded ? aboutEmbedding(embedded) : {}) };
        },
      );
      const { corpusRef, documents, passages, skipped, lost, lostCount, usage, remarks } = prepared;
      // For whoever starts the next task over them: a note that is missing costs a plan, and no task.
      await noteReadSources(store, request.sources, prepared).catch(() => undefined);
      const named = lost.slice(0, MAX_SKIPPED_NAMED);
      const skippedRef = skipped.length > named.length ? await store.putBlob(JSON.stringify(skipped)) : undefined;
      // What ignore rules left out is no gap of the answer.
      return {
        corpusRef,
        documents,
        passages,
        skipped: named,
        skippedCount: lostCount,
        ...(skippedRef === undefined ? {} : { skippedRef }),
        startedAt,
        ...(usage ? { usage } : {}),
        ...(remarks ? { remarks } : {}),
      };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

function aboutEmbedding({ usage, problem, refused }: EmbeddedCorpus): Pick<PreparedSources, 'usage' | 'remarks'> {
  const said = (words: string): string => `${words.replace(/\.$/, '')}.`;
  const remarks = [
    ...(problem === undefined
      ? []
      : [said(`The documents were searched by their words alone, without embeddings: ${problem}`)]),
    ...(refused === undefined
      ? []
      : [said(`Found by their words alone, since they got no embeddings, are ${refused}`)]),
  ];
  return { ...(usage.modelCalls > 0 ? { usage } : {}), ...(remarks.length > 0 ? { remarks } : {}) };
}
