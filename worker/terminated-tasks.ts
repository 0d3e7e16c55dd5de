// terminated-tasks.ts: tasks that an operator or the server's backstop ended wrote no rows of the class history: their Workflow
// had no say. A worker writes them for it: it asks the closed Workflow, which it replays, and else notes what Temporal lists.

import { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import { MOST_ROWS, type ClosedRows } from '../protocol/class-history.ts';
import { isOnTaskQueue, isBackgroundId, QUERIES, SEARCH_ATTRIBUTES, WORKFLOWS } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import type { TraceExports } from './export-traces.ts';

export interface Temporal {
  connection: NativeConnection;
  namespace: string;
  /** Where their traces go. Default: nowhere. */
  traces?: TraceExports;
}

const DAY_MS = 86_400_000;
/** Looked at in one go, the last closed first. */
const MOST = 1_000;
const PATHS = ['deep', 'fast'] as const;
const QUERY_DEADLINE_MS = 15_000;
/** Of those the Workflow had the rows written itself: completed, failed, cancelled. */
const CLOSED_BY_ITSELF = [2, 3, 4];

/**
 * Writes rows for each task of this deployment, and for what went on behind its answer, that was terminated or ran out of the
 * backstop since then; one that has rows keeps them.
 * @param since ms since the epoch; 0: of all that Temporal still has.
 * @throws what Temporal and the store throw.
 */
export async function noteTerminated(temporal: Temporal, store: Store, since: number): Promise<void> {
  const { connection, namespace } = temporal;
  const { executions } = await connection.workflowService.listWorkflowExecutions({
    namespace,
    pageSize: MOST,
    query: [
      isOnTaskQueue(await store.deploymentId()),
      `WorkflowType IN ("${WORKFLOWS.masterAgent}", "${WORKFLOWS.background}")`,
      'ExecutionStatus IN ("Terminated", "TimedOut")',
      `CloseTime > "${new Date(since).toISOString()}"`,
    ].join(' AND '),
  });
  const noted = runsNoted(store);
  for (const { execution } of executions) {
    const ended = await lookAt(temporal, store, execution?.workflowId ?? '');
    if (!ended) continue;
    // Of older ones another worker has sent it, or nobody wanted it.
    if (!isBackgroundId(ended.workflowId) && ended.endedAt > Date.now() - DAY_MS)
      await temporal.traces?.closed({ id: ended.workflowId, run: ended.runId, n: 0 }, ended.endedAt);
    if (await noted(ended)) continue;
    const rows =
      (await askFor(temporal, store, ended)) ?? (isBackgroundId(ended.workflowId) ? undefined : plainRow(ended));
    if (rows) await store.noteOutcome(rows);
  }
}

interface Ended {
  workflowId: string;
  runId: string;
  /** The first execution's run id. */
  run: string;
  class: string;
  startedAt: number;
  endedAt: number;
}

/** Undefined where it goes on, or ended otherwise: a Reset ends one run, and begins another. */
async function lookAt(
  { connection, namespace }: Temporal,
  store: Store,
  workflowId: string,
): Promise<Ended | undefined> {
  const { workflowExecutionInfo: info } = await connection.workflowService.describeWorkflowExecution({
    namespace,
    execution: { workflowId },
  });
  const endedAt = msOf(info?.closeTime);
  if (!info || endedAt === 0 || CLOSED_BY_ITSELF.includes(info.status ?? 0)) return undefined;
  const head = await store.getTask(workflowId);
  const attribute = info.searchAttributes?.indexedFields?.[SEARCH_ATTRIBUTES.class];
  const said: unknown = attribute && defaultPayloadConverter.fromPayload(attribute);
  const named: unknown = Array.isArray(said) ? said[0] : said;
  const className = head?.className ?? (typeof named === 'string' ? named : undefined);
  const runId = info.execution?.runId ?? '';
  const run = info.firstRunId || runId;
  if (className === undefined || run === '') return undefined;
  return { workflowId, runId, run, class: className, startedAt: msOf(info.startTime), endedAt };
}

/** Whether a task has its row, and need not be asked; each class is read once. */
function runsNoted(store: Store): (ended: Ended) => Promise<boolean> {
  const read = new Map<string, Promise<ReadonlySet<string>>>();
  return async ({ class: name, run }) => {
    const known =
      read.get(name) ??
      Promise.all(PATHS.map((path) => store.outcomes({ class: name, path }, MOST_ROWS))).then(
        (rows) => new Set(rows.flat().map((row) => row.run)),
      );
    read.set(name, known);
    return (await known).has(run);
  };
}

/** What its Workflow knew; undefined where it can't be asked. */
async function askFor(
  { connection, namespace }: Temporal,
  store: Store,
  { workflowId, runId, run, endedAt }: Ended,
): Promise<ClosedRows | undefined> {
  // One that ended worker after worker has a result by them: it must not be replayed once more.
  const kept = await store.getResult(workflowId);
  if (kept?.run === run && kept.outcome === 'failed') return undefined;
  const { workflow } = new Client({ connection, namespace });
  try {
    return await connection.withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
      workflow.getHandle(workflowId, runId).query<ClosedRows, [number]>(QUERIES.rows, endedAt),
    );
  } catch {
    // Of an older version's history, or no worker was free: its own row is better than none.
    return undefined;
  }
}

const plainRow = ({ run, class: className, startedAt, endedAt }: Ended): ClosedRows => ({
  task: {
    run,
    class: className,
    path: 'deep',
    endedAt,
    ending: 'terminated',
    totalMs: Math.max(0, endedAt - startedAt),
    stagesMs: {},
    retries: 0,
    subtasks: 0,
    tokens: 0,
  },
  subtasks: [],
});

const msOf = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
  time ? Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1e6) : 0;
