// list-tasks.ts: the tasks of a deployment from Temporal's visibility, newest first.

import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { isOnTaskQueue, MEMO, SEARCH_ATTRIBUTES, WORKFLOWS } from '../protocol/names.ts';
import { labelProblem } from '../protocol/label.ts';
import { sha256 } from '../protocol/schemas/hash.ts';
import { scheduleId } from '../protocol/schedules.ts';
import type { TaskState } from '../protocol/task.ts';
import { attributeOf } from './attributes.ts';
import { RequestRefusedError } from './errors.ts';
import { grpcCode, translatingConnectionErrors } from './connection-errors.ts';
import type { ListFilter, TaskPage, TaskSummary } from './task-summary.ts';

const GRPC_INVALID_ARGUMENT = 3;
const MOST_A_PAGE = 200;

type Page = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>;
type WorkflowExecutionInfo = NonNullable<Page['executions']>[number];

/** As the server numbers them. */
const STATUSES = ['', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'CONTINUED_AS_NEW', 'TIMED_OUT'];

export async function* listTasks(client: Client, deployment: string, filter: ListFilter): AsyncIterable<TaskSummary> {
  let cursor: string | undefined;
  for (let left = filter.limit ?? 50; left > 0;) {
    const page = await listPage(client, deployment, { ...filter, limit: Math.min(left, MOST_A_PAGE) }, cursor);
    yield* page.tasks;
    left -= page.tasks.length;
    cursor = page.cursor;
    if (cursor === undefined) return;
  }
}

/** True when any task of the deployment has not ended. @throws UnreachableError */
export async function anyRuns(client: Client, deployment: string): Promise<boolean> {
  const query = `${visibilityQuery(deployment, {})} AND ExecutionStatus = "Running"`;
  const { count } = await translatingConnectionErrors(() => client.workflow.count(query));
  return count > 0;
}

/** Tasks whose work has not begun, where the server knows the attribute for it. @throws UnreachableError; what it says where not */
export async function countQueued(client: Client, deployment: string): Promise<number> {
  const query = `${visibilityQuery(deployment, { state: 'queued' })} AND ExecutionStatus = "Running"`;
  return (await translatingConnectionErrors(() => client.workflow.count(query))).count;
}

export async function listPage(
  client: Client,
  deployment: string,
  filter: ListFilter,
  cursor: string | undefined,
): Promise<TaskPage> {
  const query = visibilityQuery(deployment, filter);
  const token = cursor === undefined ? undefined : tokenOf(cursor, query);
  const page = await translatingConnectionErrors(() =>
    client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      query,
      pageSize: Math.min(filter.limit ?? 50, MOST_A_PAGE),
      ...(token ? { nextPageToken: token } : {}),
    }),
  ).catch((error: unknown) => {
    if (token && grpcCode(error) === GRPC_INVALID_ARGUMENT) throw new RequestRefusedError(NO_CURSOR);
    throw error;
  });
  const next = page.nextPageToken ?? new Uint8Array();
  return {
    tasks: (page.executions ?? []).map(summaryOf),
    ...(next.length > 0 ? { cursor: `${markOf(query)}.${Buffer.from(next).toString('base64url')}` } : {}),
  };
}

const NO_CURSOR = 'the cursor is none of this list';

/** Tells what it is a cursor of: Temporal takes any, and begins from the start with those that it can't read. */
const markOf = (query: string): string => sha256(query).slice(0, 8);

/** @throws RequestRefusedError for what is no cursor of this query's list. */
function tokenOf(cursor: string, query: string): Uint8Array {
  const [, mark, token = ''] = /^([0-9a-f]{8})\.([\w-]+)$/.exec(cursor) ?? [];
  if (mark !== markOf(query)) throw new RequestRefusedError(NO_CURSOR);
  return Buffer.from(token, 'base64url');
}

function summaryOf(info: WorkflowExecutionInfo): TaskSummary {
  const memo = (key: string): string | undefined => {
    const payload = info.memo?.fields?.[key];
    const value: unknown = payload && defaultPayloadConverter.fromPayload(payload);
    return typeof value === 'string' ? value : undefined;
  };
  const schedule = memo(MEMO.schedule);
  const attribute = (name: string): string | undefined => {
    const payload = info.searchAttributes?.indexedFields?.[name];
    const value: unknown = payload && defaultPayloadConverter.fromPayload(payload);
    return attributeOf({ [name]: Array.isArray(value) ? value : [value] }, name);
  };
  return {
    taskId: info.execution?.workflowId ?? '',
    state: stateOf(STATUSES[info.status ?? 0] ?? '', attribute(SEARCH_ATTRIBUTES.state)),
    goal: memo(MEMO.goal) ?? '',
    class: attribute(SEARCH_ATTRIBUTES.class),
    tenant: attribute(SEARCH_ATTRIBUTES.tenant),
    ...(schedule === undefined ? {} : { schedule }),
    startedAt: dateOf(info.startTime) ?? new Date(0),
    closedAt: dateOf(info.closeTime),
  };
}

const dateOf = (time: WorkflowExecutionInfo['startTime']): Date | undefined =>
  time ? new Date(Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1e6)) : undefined;

function visibilityQuery(deployment: string, filter: ListFilter): string {
  const wanted: [string, string | undefined][] = [
    ['WorkflowType', WORKFLOWS.masterAgent],
    [SEARCH_ATTRIBUTES.state, checked('state', filter.state)],
    [SEARCH_ATTRIBUTES.class, checked('class', filter.class)],
    [SEARCH_ATTRIBUTES.tenant, checked('tenant', filter.tenant)],
    [SEARCH_ATTRIBUTES.session, checked('session', filter.sessionId)],
    // Temporal's own.
    ['TemporalScheduledById', scheduleOf(deployment, filter)],
  ];
  const conditions = wanted.flatMap(([name, value]) => (value === undefined ? [] : [`${name} = "${value}"`]));
  return [isOnTaskQueue(checked('deployment', deployment)), ...conditions].join(' AND ');
}

function scheduleOf(deployment: string, { schedule, tenant = 'default' }: ListFilter): string | undefined {
  return schedule === undefined ? undefined : scheduleId(deployment, tenant, checked('schedule', schedule));
}

/** The value itself, when it can mean nothing but itself in a query. @throws RequestRefusedError when it can't be one. */
function checked<T extends string | undefined>(what: string, value: T): T {
  const problem = value === undefined ? undefined : labelProblem(what, value);
  if (problem !== undefined) throw new RequestRefusedError(problem);
  return value;
}

/** Beside `running`. */
const OPEN_STATES = ['queued', 'waiting', 'paused'] as const satisfies readonly TaskState[];

/** Temporal's status where it is final, the task's own attribute while it runs. */
export function stateOf(status: string, attribute: string | undefined): TaskState {
  if (status === 'COMPLETED') return 'completed';
  if (status === 'CANCELLED') return 'cancelled';
  if (status === 'RUNNING') return OPEN_STATES.find((state) => state === attribute) ?? 'running';
  return 'failed';
}
