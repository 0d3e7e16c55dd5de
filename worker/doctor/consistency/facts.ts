// facts.ts: all that is known of one closed task, from Temporal and from the store, side by side. Judges nothing.

import { defaultPayloadConverter } from '@temporalio/common';
import { backgroundId, MEMO, SEARCH_ATTRIBUTES } from '../../../protocol/names.ts';
import type { TaskEvent } from '../../../protocol/events.ts';
import type { ResultDigest, TaskResult } from '../../../protocol/result.ts';
import type { Store, TaskRecord } from '../../../store/store.ts';
import type { Server } from '../server.ts';

/** How a Workflow ended, by the API's numbers. */
const ENDINGS: Readonly<Record<number, Ending>> = {
  2: 'completed',
  3: 'failed',
  4: 'cancelled',
  5: 'terminated',
  6: 'continued',
  7: 'timed out',
};
type Ending = TaskResult['outcome'] | 'terminated' | 'continued' | 'timed out';
/** gRPC's. */
const NOT_FOUND = 5;

/** What Temporal has of a Workflow. */
export interface Kept {
  /** Undefined while it is at work. */
  ending: Ending | undefined;
  /** The run that closed, and the first one, which is the key of its logs. */
  run: string;
  firstRun: string;
  attributes: Readonly<Record<string, string | undefined>>;
  digest: ResultDigest | undefined;
  /** It asked for something behind its answer. */
  hasBackground: boolean;
  /** What a Workflow that completed returned. */
  returned: TaskResult | undefined;
}

export interface Facts {
  taskId: string;
  head: TaskRecord | undefined;
  result: TaskResult | undefined;
  events: readonly TaskEvent[];
  /** Undefined where its history is gone: its namespace keeps it no longer. */
  kept: Kept | undefined;
  background: { kept: Kept | undefined; result: TaskResult | undefined; events: readonly TaskEvent[] };
}

/** @throws what Temporal and the store throw. */
export async function factsOf(taskId: string, server: Server, store: Store): Promise<Facts> {
  const child = backgroundId(taskId);
  const [head, result, events, kept, childResult, childEvents, childKept] = await Promise.all([
    store.getTask(taskId),
    store.getResult(taskId),
    store.readEvents(taskId),
    keptOf(taskId, server),
    store.getResult(child),
    store.readEvents(child),
    keptOf(child, server),
  ]);
  return {
    taskId,
    head,
    result,
    events,
    kept,
    background: { kept: childKept, result: childResult, events: childEvents },
  };
}

async function keptOf(workflowId: string, { ask, namespace }: Server): Promise<Kept | undefined> {
  const execution = { workflowId };
  try {
    const { workflowExecutionInfo: info } = await ask(({ workflowService }) =>
      workflowService.describeWorkflowExecution({ namespace, execution }),
    );
    const memo = info?.memo?.fields ?? {};
    const indexed = info?.searchAttributes?.indexedFields ?? {};
    const run = info?.execution?.runId ?? '';
    const ending = ENDINGS[info?.status ?? 0];
    return {
      ending,
      run,
      firstRun: info?.firstRunId || run,
      attributes: Object.fromEntries(
        Object.values(SEARCH_ATTRIBUTES).map((name) => [name, textOf(valueOf(indexed[name]))]),
      ),
      digest: valueOf<ResultDigest>(memo[MEMO.result]),
      hasBackground: valueOf(memo[MEMO.background]) !== undefined,
      returned: ending === 'completed' ? await returnedBy({ workflowId, runId: run }, { ask, namespace }) : undefined,
    };
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_FOUND) return undefined;
    throw error;
  }
}

async function returnedBy(
  execution: { workflowId: string; runId: string },
  { ask, namespace }: Pick<Server, 'ask' | 'namespace'>,
): Promise<TaskResult | undefined> {
  const { history } = await ask(({ workflowService }) =>
    workflowService.getWorkflowExecutionHistoryReverse({ namespace, execution, maximumPageSize: 1 }),
  );
  const closing = history?.events?.[0]?.workflowExecutionCompletedEventAttributes;
  return valueOf<TaskResult>(closing?.result?.payloads?.[0]);
}

type Payload = Parameters<typeof defaultPayloadConverter.fromPayload>[0];

const valueOf = <T>(payload: Payload | null | undefined): T | undefined =>
  payload ? (defaultPayloadConverter.fromPayload<T>(payload) ?? undefined) : undefined;

/** A search attribute is a list of one. */
const textOf = (value: unknown): string | undefined => {
  const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
  return typeof first === 'string' ? first : undefined;
};
