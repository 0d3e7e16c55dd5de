// workflow-deaths.ts: a Workflow that takes one worker after the other with it is ended before the next one takes it up:
// its result is written, then it is terminated. Counts only what is shown: a Workflow Task that a dead worker of this host
// had, and that no worker got further with since.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import type { MasterInput } from '../protocol/activities.ts';
import { NO_COVERAGE } from '../protocol/coverage.ts';
import type { Failure } from '../protocol/failures.ts';
import { isOnTaskQueue } from '../protocol/names.ts';
import { NO_USAGE } from '../protocol/usage.ts';
import type { Store } from '../store/store.ts';

/** Deaths at one Workflow after which it is ended. */
const MOST_DEATHS = 3;
/** Open Workflows that are looked at, the newest first. */
const MOST_LOOKED_AT = 1_000;
const AT_ONCE = 16;
const STARTED = 2;
const TASK_STARTED = 6;
const TASK_FAILED = 9;
/** Events looked back at, which Signals may have filled. */
const LOOK_BACK = 50;

/** Deaths by run id, kept between the lives of this host's workers. */
type Deaths = Record<string, { deaths: number; attempt: number; identity: string }>;

interface Host {
  home: string;
  connection: NativeConnection;
  namespace: string;
  store: Store;
  say: (line: string) => void;
}

interface Suspect {
  workflowId: string;
  runId: string;
  firstRun: string;
  attempt: number;
  /** A worker has it; false when it waits for one. */
  isUnderWay: boolean;
  identity: string;
}

/**
 * Never throws. Looks at what dead workers had in hand; ends each Workflow at which the third one died.
 *
 * @param dead identities of this host's workers that died and were not asked to.
 * @returns whether any Workflow is suspected: then few Workflow Tasks at once show which one it is.
 *   What could not be looked at or ended is met again at the next start; nothing is terminated whose result is not stored.
 */
export async function endDeadlyWorkflows(host: Host, dead: readonly string[]): Promise<boolean> {
  if (dead.length === 0) return false;
  try {
    return await countDeaths(host, dead);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    host.say(`what the workers that died here were at could not be looked at: ${reason}`);
    return false;
  }
}

async function countDeaths(host: Host, dead: readonly string[]): Promise<boolean> {
  const path = join(host.home, 'workflow-deaths.json');
  const known = readDeaths(path);
  const deaths: Deaths = {};
  const found = await suspects(host, dead, known);
  for (const suspect of found) {
    const { runId, attempt, identity } = suspect;
    deaths[runId] = { deaths: deathsAt(suspect, known[runId]), attempt, identity };
  }
  // One at a start, rather one that was under way: with the killer gone, no other has a further death.
  const [deadly] = found
    .filter(({ runId }) => (deaths[runId]?.deaths ?? 0) >= MOST_DEATHS)
    .sort((a, b) => Number(b.isUnderWay) - Number(a.isUnderWay));
  for (const one of Object.values(deaths)) one.deaths = Math.min(one.deaths, MOST_DEATHS - 1);
  if (deadly) {
    await end(host, deadly);
    delete deaths[deadly.runId];
  }
  writeDeaths(path, deaths);
  return Object.keys(deaths).length > 0;
}

function deathsAt({ attempt, isUnderWay }: Suspect, before: Deaths[string] | undefined): number {
  // A smaller number belongs to a later Workflow Task: the one before was done.
  if (before === undefined || attempt <= before.attempt) return 1;
  // Several attempts since, and none of them open: it failed by itself, which kills nobody.
  return isUnderWay || attempt === before.attempt + 1 ? before.deaths + 1 : before.deaths;
}

async function suspects(host: Host, dead: readonly string[], known: Deaths): Promise<Suspect[]> {
  const { connection, namespace, store } = host;
  const { executions } = await connection.workflowService.listWorkflowExecutions({
    namespace,
    pageSize: MOST_LOOKED_AT,
    query: `${isOnTaskQueue(await store.deploymentId())} AND ExecutionStatus = "Running"`,
  });
  const found: Suspect[] = [];
  const left = [...executions];
  const look = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) {
      const suspect = next.execution && (await suspectOf(host, next.execution, dead, known));
      if (suspect) found.push(suspect);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  return found;
}

async function suspectOf(
  { connection, namespace }: Host,
  execution: { workflowId?: string | null; runId?: string | null },
  dead: readonly string[],
  known: Deaths,
): Promise<Suspect | undefined> {
  const { workflowService } = connection;
  const { pendingWorkflowTask: task, workflowExecutionInfo: info } = await workflowService.describeWorkflowExecution({
    namespace,
    execution,
  });
  const attempt = task?.attempt ?? 0;
  if (!task || (task.state !== STARTED && attempt < 2)) return undefined;
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution,
    maximumPageSize: LOOK_BACK,
  });
  // The first attempt of a Workflow Task is in the history, later ones only as a number.
  const last = history?.events?.find(({ eventType }) => eventType === TASK_STARTED || eventType === TASK_FAILED);
  const identity = last?.workflowTaskStartedEventAttributes?.identity ?? '';
  const { workflowId, runId } = { workflowId: execution.workflowId ?? '', runId: execution.runId ?? '' };
  if (!dead.includes(identity) && known[runId]?.identity !== identity) return undefined;
  const isUnderWay = task.state === STARTED;
  return { workflowId, runId, firstRun: info?.firstRunId || runId, attempt: Number(attempt), isUnderWay, identity };
}

async function end(host: Host, { workflowId, runId, firstRun }: Suspect): Promise<void> {
  const { connection, namespace, store, say } = host;
  const failure: Failure = {
    type: 'DiesAtOnePoint',
    message: `${MOST_DEATHS} workers on ${hostname()} died one after the other at the Workflow of this task, which is not taken up again`,
  };
  const { history } = await connection.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const [first] = history?.events ?? [];
  const payload = first?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  const request = payload && defaultPayloadConverter.fromPayload<MasterInput>(payload).request;
  const acceptedAt = Number(first?.eventTime?.seconds ?? 0) * 1_000;
  const closedAt = Date.now();
  if (request)
    await store.putTask({
      taskId: workflowId,
      run: firstRun,
      goal: request.goal,
      className: request.class.name,
      tenant: request.tenant,
      acceptedAt,
      retentionDays: request.class.retentionDays,
    });
  await store.putResult(workflowId, {
    v: 1,
    taskId: workflowId,
    run: firstRun,
    outcome: 'failed',
    goal: request?.goal ?? '',
    failure,
    coverage: NO_COVERAGE,
    usage: NO_USAGE,
    timings: { acceptedAt, closedAt },
  });
  if (request)
    await store.noteOutcome({
      task: {
        run: firstRun,
        class: request.class.name,
        path: request.path === 'fast' ? 'fast' : 'deep',
        endedAt: closedAt,
        ending: 'failed',
        totalMs: Math.max(0, closedAt - acceptedAt),
        stagesMs: {},
        retries: 0,
        subtasks: 0,
        tokens: 0,
      },
      subtasks: [],
    });
  await connection.workflowService.terminateWorkflowExecution({
    namespace,
    workflowExecution: { workflowId, runId },
    reason: failure.message,
  });
  say(`${workflowId} is ended as failed: ${failure.message}`);
}

function readDeaths(path: string): Deaths {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Deaths;
  } catch {
    // None yet, or torn: then they are counted anew.
    return {};
  }
}

function writeDeaths(path: string, deaths: Deaths): void {
  if (Object.keys(deaths).length === 0) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(deaths));
  renameSync(`${path}.${process.pid}`, path);
}
