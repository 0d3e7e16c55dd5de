// prepare-sources.ts: the Activity that makes a corpus of the request's sources, by content: the same files once.

import { Context } from '@temporalio/activity';
import type { Activities } from '../protocol/activities.ts';
import { alive, asActivityError } from './activity-life.ts';
import { prepareCorpus } from './corpus/prepare-corpus.ts';
import type { Deployment } from './deployment.ts';
import { putTaskHead } from './task-head.ts';

/** Skipped files named in the result; all are counted. */
const MAX_SKIPPED_NAMED = 20;

export function prepareSources({ store, roots, web }: Deployment): Activities['prepareSources'] {
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
        (signal) =>
          prepareCorpus(sources, {
            store,
            roots: [...roots],
            ...(web ? { web } : {}),
            signal,
            onProgress: (now) => void (phase = now),
          }),
      );
      const { corpusRef, documents, passages, lost, lostCount } = prepared;
      // What ignore rules left out is no gap of the answer.
      return {
        corpusRef,
        documents,
        passages,
        skipped: lost.slice(0, MAX_SKIPPED_NAMED),
        skippedCount: lostCount,
        startedAt,
      };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}
