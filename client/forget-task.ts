// forget-task.ts: asks for the removal of a closed task. A worker does it: here it is asked for, and waited for.

import { WorkflowFailedError, type WorkflowExecutionDescription as Description } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NOTHING_FORGOTTEN, type ForgetDone, type ForgetInput, type ForgetReceipt } from '../protocol/forget.ts';
import { deepQueue, forgetId, MEMO, SEARCH_ATTRIBUTES, WORKFLOWS } from '../protocol/names.ts';
import { attributeOf } from './attributes.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import { CommandRefusedError, TaskNotFoundError, UnreachableError } from './errors.ts';
import { goneTask } from './gone-task.ts';
import { NAME_THE_SERVER } from './guessed-server.ts';
import type { HandleParts } from './handle-parts.ts';
import { orLate } from './or-late.ts';
import { ownTask } from './own-task.ts';
import { workerSeen } from './task-status.ts';

export interface ForgetTaskOptions {
  /** Whose task it must be. Default: any tenant's. */
  tenant?: string;
  /** Seconds to wait for it to be done; it is done later all the same. Default: 30. */
  timeoutSeconds?: number;
  /** The session whose question it is. Default: what the store says of it. */
  sessionId?: string;
}

/** From the answer to the close, with a worker about. */
const CLOSES_WITHIN_MS = 10_000;
const LOOK_MS = 50;
/** Behind all tasks. */
const PRIORITY = 5;

/** @throws as MusterClient.forget. */
export async function forgetTask(
  parts: Omit<HandleParts, 'taskId'>,
  taskId: string,
  { tenant, timeoutSeconds = 30, sessionId }: ForgetTaskOptions,
): Promise<ForgetReceipt> {
  const { client, deployment, store } = parts;
  const found = await closedSoon(() => ownTask(parts, taskId, tenant));
  if (found?.status.name === 'RUNNING')
    throw new CommandRefusedError(taskId, `task ${taskId} is at work; cancel it, then it can be forgotten`);
  const [head, result, gone] = await Promise.all([
    store?.getTask(taskId),
    store?.getResult(taskId),
    goneTask(store, taskId, tenant),
  ]);
  if (gone?.why === 'forgotten') return { taskId, done: true, already: true, ...NOTHING_FORGOTTEN };
  const isKept = (head ?? result) !== undefined && (tenant === undefined || head?.tenant === tenant);
  if (!found && !isKept && !gone) throw new TaskNotFoundError(taskId);
  // Recorded at another project's server it would never be done.
  if (!found && parts.isServerGuessed && !(await workerSeen(parts)))
    throw new UnreachableError(
      `task ${taskId} was not begun at ${parts.connection.options.address}, which nobody named, and no worker there could remove it; nothing was recorded`,
      NAME_THE_SERVER,
    );
  const whose: unknown = head?.tenant ?? found?.memo?.[MEMO.tenant];
  const className = head?.className ?? attributeOf(found?.searchAttributes ?? {}, SEARCH_ATTRIBUTES.class);
  const input: ForgetInput = {
    taskId,
    run: head?.run ?? result?.run ?? found?.raw.workflowExecutionInfo?.firstRunId ?? '',
    ...(typeof whose === 'string' ? { tenant: whose } : {}),
    ...(className === undefined ? {} : { className }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(found?.closeTime ? { closedAt: found.closeTime.getTime() } : {}),
  };
  const handle = await translatingConnectionErrors(() =>
    client.workflow.start(WORKFLOWS.forget, {
      workflowId: forgetId(taskId),
      taskQueue: deepQueue(deployment),
      args: [input],
      // Asked twice while it is being done, it is done once.
      workflowIdConflictPolicy: 'USE_EXISTING',
      priority: { priorityKey: PRIORITY, ...(input.tenant === undefined ? {} : { fairnessKey: input.tenant }) },
      staticSummary: `removes what is kept of ${taskId}`,
    }),
  );
  const recorded: ForgetReceipt = { taskId, done: false, already: false, ...NOTHING_FORGOTTEN };
  if (!(await workerSeen(parts))) return recorded;
  const done = (async (): Promise<ForgetReceipt> => {
    const answer = (await translatingConnectionErrors(() => handle.result())) as ForgetDone;
    return { taskId, done: true, already: false, ...answer };
  })();
  try {
    return await orLate(done, timeoutSeconds * 1_000, () => recorded);
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? innermost(error) : undefined;
    if (cause instanceof ApplicationFailure && cause.type === 'CommandRefused')
      throw new CommandRefusedError(taskId, cause.message);
    throw error;
  }
}

/** Who has just read an answer need not know that its task closes a moment later. */
async function closedSoon<T extends Description | undefined>(look: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + CLOSES_WITHIN_MS; ;) {
    const found = await look();
    const closes = found?.status.name === 'RUNNING' && found.memo?.[MEMO.result] !== undefined;
    if (!closes || Date.now() > until) return found;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

const innermost = (error: Error): Error => (error.cause instanceof Error ? innermost(error.cause) : error);
