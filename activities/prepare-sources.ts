// prepare-sources.ts: the Activity that makes a corpus of the request's sources, by content: the same files once.

import { Context } from '@temporalio/activity';
import type { Activities, PreparedSources } from '../protocol/activities.ts';
import { alive, asActivityError } from './activity-life.ts';
import { embedCorpus, type EmbeddedCorpus } from './corpus/embed-corpus.ts';
import { prepareCorpus } from './corpus/prepare-corpus.ts';
import type { Deployment } from './deployment.ts';
import { putTaskHead } from './task-head.ts';

/** Skipped files named in the result; all are counted. */
const MAX_SKIPPED_NAMED = 20;

export function prepareSources({ store, roots, web, embeddings }: Deployment): Activities['prepareSources'] {
  return async ({ request }) => {
    const { currentAttemptScheduledTimestampMs: startedAt, workflowExecution } = Context.current().info;
    let phase = 'looks for files';
    try {
      if (workflowExecution) {
        const { workflowId: taskId, runId: run } = workflowExecution;
        await putTaskHead(store, { taskId, run, request, acceptedAt: startedAt });
      }
      const sources = request.sources.flatMap((source) => (source.kind === 'blob' ? [] : [source]));
      const prepared = await alive(
        () => ({ v: 1, phase }),
        async (signal) => {
          const watched = { store, signal, onProgress: (now: string) => void (phase = now) };
          const corpus = await prepareCorpus(sources, { roots: [...roots], ...(web ? { web } : {}), ...watched });
          const embedded = embeddings && (await embedCorpus(corpus.corpusRef, { embeddings, ...watched }));
          return { ...corpus, ...(embedded ? aboutEmbedding(embedded) : {}) };
        },
      );
      const { corpusRef, documents, passages, lost, lostCount, usage, remarks } = prepared;
      // What ignore rules left out is no gap of the answer.
      return {
        corpusRef,
        documents,
        passages,
        skipped: lost.slice(0, MAX_SKIPPED_NAMED),
        skippedCount: lostCount,
        startedAt,
        ...(usage ? { usage } : {}),
        ...(remarks ? { remarks } : {}),
      };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

function aboutEmbedding({ usage, problem }: EmbeddedCorpus): Pick<PreparedSources, 'usage' | 'remarks'> {
  return {
    ...(usage.modelCalls > 0 ? { usage } : {}),
    ...(problem === undefined
      ? {}
      : {
          remarks: [
            `The documents were searched by their words alone, without embeddings: ${problem.replace(/\.$/, '')}.`,
          ],
        }),
  };
}
