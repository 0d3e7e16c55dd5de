// list-tasks.ts: the tasks of a deployment from Temporal's visibility, newest first.

import type { Client } from '@temporalio/client';
import { deepQueue, MEMO, SEARCH_ATTRIBUTES, WORKFLOWS } from '../protocol/names.ts';
import { labelProblem } from '../protocol/label.ts';
import type { TaskState } from '../protocol/task.ts';
import { RequestRefusedError } from './errors.ts';
import { reachable } from './reachable.ts';

export interface ListFilter {
  state?: TaskState;
  class?: string;
  tenant?: string;
  sessionId?: string;
  /** At most this many. Default: 50. */
  limit?: number;
}

export interface TaskSummary {
  taskId: string;
  state: TaskState;
  goal: string;
  class: string | undefined;
  tenant: string | undefined;
  startedAt: Date;
  closedAt: Date | undefined;
}

export async function* listTasks(client: Client, deployment: string, filter: ListFilter): AsyncIterable<TaskSummary> {
  const tasks = client.workflow.list({ query: visibilityQuery(deployment, filter) })[Symbol.asyncIterator]();
  for (let left = filter.limit ?? 50; left > 0; left -= 1) {
    const next = await reachable(() => tasks.next());
    if (next.done) return;
    const task = next.value;
    const attribute = (name: string): string | undefined => {
      const value: unknown = (task.searchAttributes as Record<string, unknown[] | undefined>)[name]?.[0];
      return typeof value === 'string' ? value : undefined;
    };
    const goal: unknown = task.memo?.[MEMO.goal];
    yield {
      taskId: task.workflowId,
      state: stateOf(task.status.name, attribute(SEARCH_ATTRIBUTES.state)),
      goal: typeof goal === 'string' ? goal : '',
      class: attribute(SEARCH_ATTRIBUTES.class),
      tenant: attribute(SEARCH_ATTRIBUTES.tenant),
      startedAt: task.startTime,
      closedAt: task.closeTime,
    };
  }
}

/** True when any task of the deployment has not ended. @throws UnreachableError */
export async function anyRuns(client: Client, deployment: string): Promise<boolean> {
  const query = `${visibilityQuery(deployment, {})} AND ExecutionStatus = "Running"`;
  const { count } = await reachable(() => client.workflow.count(query));
  return count > 0;
}

function visibilityQuery(deployment: string, filter: ListFilter): string {
  const wanted: [string, string | undefined][] = [
    ['WorkflowType', WORKFLOWS.masterAgent],
    ['TaskQueue', deepQueue(checked('deployment', deployment))],
    [SEARCH_ATTRIBUTES.state, checked('state', filter.state)],
    [SEARCH_ATTRIBUTES.class, checked('class', filter.class)],
    [SEARCH_ATTRIBUTES.tenant, checked('tenant', filter.tenant)],
    [SEARCH_ATTRIBUTES.session, checked('session', filter.sessionId)],
  ];
  return wanted.flatMap(([name, value]) => (value === undefined ? [] : [`${name} = "${value}"`])).join(' AND ');
}

/** The value itself, when it can mean nothing but itself in a query. @throws RequestRefusedError when it can't be one. */
function checked<T extends string | undefined>(what: string, value: T): T {
  const problem = value === undefined ? undefined : labelProblem(what, value);
  if (problem !== undefined) throw new RequestRefusedError(problem);
  return value;
}

/** Temporal's status where it is final, the task's own attribute while it runs. */
export function stateOf(status: string, attribute: string | undefined): TaskState {
  if (status === 'COMPLETED') return 'completed';
  if (status === 'CANCELLED') return 'cancelled';
  if (status === 'RUNNING') return attribute === 'queued' ? 'queued' : 'running';
  return 'failed';
}
