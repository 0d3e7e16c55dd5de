// check-task.ts: the Activity that looks how a task ended whose master could not say so: it was terminated, or its worker took
// it off the server. Asks Temporal, and the store for what it left.

import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import type { Activities } from '../protocol/activities.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';
import type { Deployment } from './deployment.ts';

/** Statuses of a Workflow whose master told of its end before. */
const SAID: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

export function checkTask({ store }: Pick<Deployment, 'store'>): Activities['checkTask'] {
  return async ({ taskId, run }) => {
    try {
      const found = await describe(taskId, run);
      if (found?.status.name === 'RUNNING') return {};
      const kept = await store.getResult(taskId);
      const result = kept?.run === run ? kept : undefined;
      const isTerminated = found === undefined ? result === undefined : !SAID.has(found.status.name);
      return {
        end: {
          v: 1,
          run: found?.runId ?? run,
          outcome: result?.outcome ?? outcomeOf(found?.status.name),
          at: found?.closeTime?.getTime() ?? result?.timings.closedAt ?? Date.now(),
          ...(isTerminated ? { terminated: true as const } : {}),
          ...(result?.corpusRef === undefined ? {} : { corpusRef: result.corpusRef }),
        },
      };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

/** The task's last run; undefined when the server does not know it any more. */
async function describe(taskId: string, run: string): Promise<WorkflowExecutionDescription | undefined> {
  const { client } = Context.current();
  try {
    return await client.workflow.getHandle(taskId, undefined, { firstExecutionRunId: run }).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** Without a result it did not get as far as to have one. */
const outcomeOf = (status: string | undefined): 'completed' | 'failed' | 'cancelled' =>
  status === 'COMPLETED' ? 'completed' : status === 'CANCELLED' ? 'cancelled' : 'failed';
