// own-task.ts: tells a task of this deployment from every other Workflow in the namespace, before anybody is told of it.

import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { taskQueues, MEMO, SEARCH_ATTRIBUTES, WORKFLOWS } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import { attributeOf } from './attributes.ts';
import type { HandleParts } from './handle-parts.ts';
import { grpcCode, translatingConnectionErrors } from './connection-errors.ts';

const GRPC_INVALID_ARGUMENT = 3;

type Parts = Pick<HandleParts, 'client' | 'deployment'> & { store?: Store };

/**
 * What Temporal says of the task; undefined when there is none of this id, or it is no task of this deployment, or another
 * tenant's. Which of these it is, nobody is told.
 *
 * @param tenant whose it must be. Default: any tenant's.
 * @throws UnreachableError.
 */
export async function ownTask(
  parts: Parts,
  taskId: string,
  tenant: string | undefined,
): Promise<WorkflowExecutionDescription | undefined> {
  let description: WorkflowExecutionDescription;
  try {
    description = await translatingConnectionErrors(() => parts.client.workflow.getHandle(taskId).describe());
  } catch (error) {
    // An id that Temporal takes for none, as an empty one.
    if (error instanceof WorkflowNotFoundError || grpcCode(error) === GRPC_INVALID_ARGUMENT) return undefined;
    throw error;
  }
  const { type, taskQueue, memo } = description;
  // Another type of master (`start(…, { workflow })`) is known by what a start leaves in the memo.
  const isTask = type === WORKFLOWS.masterAgent || typeof memo?.[MEMO.requestHash] === 'string';
  if (!isTask || !taskQueues(parts.deployment).includes(taskQueue)) return undefined;
  if (tenant !== undefined && (await tenantOf(description, parts.store)) !== tenant) return undefined;
  return description;
}

/** Tasks of earlier versions have it as an attribute only, where the server knows that one; the store knows it, too. */
async function tenantOf(
  { memo, searchAttributes, workflowId }: WorkflowExecutionDescription,
  store: Store | undefined,
): Promise<unknown> {
  const attribute = attributeOf(searchAttributes, SEARCH_ATTRIBUTES.tenant);
  return memo?.[MEMO.tenant] ?? attribute ?? (await store?.getTask(workflowId))?.tenant;
}
