// histories.ts: what the Temporal server has of a task, for who removes it: its runs and those of its children, what they lead to,
// and their deletion. Knows nothing of the store.

import type { Client } from '@temporalio/client';
import type { MasterInput } from '../../protocol/activities.ts';
import { backgroundId, forgetId, isOnTaskQueue, MEMO, WORKFLOWS } from '../../protocol/names.ts';
import type { TaskRequest } from '../../protocol/task.ts';

/** One run of the task, or of what runs under its id. */
export interface TaskHistory {
  workflowId: string;
  runId: string;
  isOpen: boolean;
}

export interface Histories {
  of(taskId: string): Promise<TaskHistory[]>;
  /** Hashes in it, of whatever. */
  refs(history: TaskHistory): Promise<string[]>;
  /** What its master was asked; undefined for another Workflow. */
  request(history: TaskHistory): Promise<TaskRequest | undefined>;
  /** Ends one that is at work, at once. */
  end(history: TaskHistory, reason: string): Promise<void>;
  /** Has the server delete it; what it says where it will not. */
  remove(history: TaskHistory): Promise<string | undefined>;
  /**
   * The uploads, by hash, that other tasks of the tenant name; undefined where there are too many tasks to look at.
   * @param isGone whether a task that closed then was removed since: the server lists it some time longer
   */
  namedByOthers(
    taskId: string,
    tenant: string,
    isGone: (taskId: string, closedAt: number) => Promise<boolean>,
  ): Promise<ReadonlySet<string> | undefined>;
}

/** Tasks whose requests are looked at: some milliseconds each. */
const MOST_LOOKED_AT = 1_000;
const RUNNING = 1;
const NOT_FOUND = 5;
/** What may stand in a query between quotes. */
const PLAIN = /^[\w.:/-]{1,300}$/;

/** Those of one deployment: another's tasks cannot name what this store keeps. */
export function openHistories(
  { workflow, workflowService, options: { namespace } }: Client,
  deployment: string,
): Histories {
  const ofDeployment = `WorkflowType = "${WORKFLOWS.masterAgent}" AND ${isOnTaskQueue(deployment)}`;

  async function* listed(query: string) {
    for (let nextPageToken: Uint8Array | undefined; ;) {
      const page = await workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize: 200,
        ...(nextPageToken ? { nextPageToken } : {}),
      });
      yield* page.executions ?? [];
      nextPageToken = page.nextPageToken ?? undefined;
      if (!nextPageToken || nextPageToken.length === 0) return;
    }
  }

  async function described(workflowId: string, runId?: string): Promise<TaskHistory | undefined> {
    try {
      const { workflowExecutionInfo: info } = await workflowService.describeWorkflowExecution({
        namespace,
        execution: { workflowId, ...(runId === undefined ? {} : { runId }) },
      });
      return { workflowId, runId: info?.execution?.runId ?? '', isOpen: info?.status === RUNNING };
    } catch (error) {
      if ((error as { code?: unknown }).code === NOT_FOUND) return undefined;
      throw error;
    }
  }

  async function firstInput(history: TaskHistory): Promise<{ type: string; input: unknown }> {
    const { history: events } = await workflowService.getWorkflowExecutionHistory({
      namespace,
      execution: { workflowId: history.workflowId, runId: history.runId },
      maximumPageSize: 1,
    });
    const started = events?.events?.[0]?.workflowExecutionStartedEventAttributes;
    const data = started?.input?.payloads?.[0]?.data;
    return { type: started?.workflowType?.name ?? '', input: data ? jsonOf(Buffer.from(data).toString('utf8')) : {} };
  }

  const request = async (history: TaskHistory): Promise<TaskRequest | undefined> =>
    ((await firstInput(history).catch(() => undefined))?.input as Partial<MasterInput> | undefined)?.request;

  return {
    async of(taskId) {
      const found = new Map<string, TaskHistory>();
      const add = (one: TaskHistory | undefined): void => void (one && found.set(one.runId, one));
      // Asked by name, too: a list is late by some moments.
      for (const id of [taskId, backgroundId(taskId)]) add(await described(id));
      if (PLAIN.test(taskId))
        for await (const { execution } of listed(`WorkflowId = "${taskId}" OR WorkflowId STARTS_WITH "${taskId}/"`)) {
          const { workflowId, runId } = { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' };
          if (workflowId !== forgetId(taskId) && !found.has(runId)) add(await described(workflowId, runId));
        }
      return [...found.values()];
    },
    async refs({ workflowId, runId }) {
      const history = await workflow.getHandle(workflowId, runId).fetchHistory();
      const hashes = new Set<string>();
      for (const text of textsIn(history)) for (const hash of text.match(/[0-9a-f]{64}/g) ?? []) hashes.add(hash);
      return [...hashes];
    },
    request,
    async end({ workflowId, runId }, reason) {
      await workflow
        .getHandle(workflowId, runId)
        .terminate(reason)
        .catch(() => undefined);
    },
    async remove({ workflowId, runId }) {
      try {
        await workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId, runId } });
        return undefined;
      } catch (error) {
        const { code, details, message } = error as { code?: unknown; details?: string; message?: string };
        return code === NOT_FOUND ? undefined : (details ?? message ?? 'it refuses');
      }
    },
    async namedByOthers(taskId, tenant, isGone) {
      const named = new Set<string>();
      let looked = 0;
      for await (const { execution, memo, closeTime } of listed(ofDeployment)) {
        const { workflowId, runId } = { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' };
        const data = memo?.fields?.[MEMO.tenant]?.data;
        const whose: unknown = data && jsonOf(Buffer.from(data).toString('utf8'));
        if (workflowId === taskId || (typeof whose === 'string' && whose !== tenant)) continue;
        if ((looked += 1) > MOST_LOOKED_AT) return undefined;
        const asked = await request({ workflowId, runId, isOpen: false });
        const sent = (asked?.sources ?? []).flatMap((source) => (source.kind === 'blob' ? [source.sha256] : []));
        if (sent.length > 0 && !(closeTime && (await isGone(workflowId, 1_000 * Number(closeTime.seconds)))))
          for (const sha256 of sent) named.add(sha256);
      }
      return named;
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The payloads of a history, wherever in it they are. */
function* textsIn(value: unknown): Generator<string> {
  if (value instanceof Uint8Array) yield Buffer.from(value).toString('latin1');
  else if (value !== null && typeof value === 'object') for (const inner of Object.values(value)) yield* textsIn(inner);
}
