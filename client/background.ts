// background.ts: what goes on behind a task's answer, as its caller sees it: the second log of events, what became of each
// delivery, what a person may still say to it. It is a Workflow beside the task, and is left alone where there is none.

import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import type { Redeliver } from '../protocol/background.ts';
import type { EventCursor, TaskEvent } from '../protocol/events.ts';
import { BACKGROUND_SIGNALS, backgroundId, QUERIES } from '../protocol/names.ts';
import type { Progress } from '../protocol/progress.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import { BackgroundOverError, CommandRefusedError, TaskNotFoundError } from './errors.ts';
import { followEvents } from './follow-events.ts';
import type { HandleParts } from './handle-parts.ts';
import { keptBackground, toldBackground } from './kept-background.ts';
import type { BackgroundStatus } from './status.ts';

const QUERY_DEADLINE_MS = 3_000;

const partsOf = (parts: HandleParts): HandleParts => ({ ...parts, taskId: backgroundId(parts.taskId) });

/** Its events until it has nothing more to do; none where nothing was asked for behind the answer. */
export async function* followBackground(
  parts: HandleParts,
  options: { after?: EventCursor; signal?: AbortSignal },
): AsyncGenerator<TaskEvent> {
  try {
    yield* followEvents(partsOf(parts), options);
  } catch (error) {
    if (!(error instanceof TaskNotFoundError)) throw error;
  }
}

/** The task's events and then those behind its answer; a cursor of either log goes on there. */
export async function* followBoth(
  parts: HandleParts,
  options: { after?: EventCursor; signal?: AbortSignal },
): AsyncGenerator<TaskEvent> {
  const { after, signal } = options;
  const isBehind = after !== undefined && (await backgroundRuns(parts)).includes(after.run);
  if (!isBehind) yield* followEvents(parts, options);
  if (signal?.aborted) return;
  yield* followBackground(parts, isBehind ? options : signal ? { signal } : {});
}

/** Runs whose events the second log may have now; none where there is none. @throws UnreachableError */
async function backgroundRuns(parts: HandleParts): Promise<(string | undefined)[]> {
  const id = backgroundId(parts.taskId);
  try {
    const { runId, raw } = await translatingConnectionErrors(() => parts.client.workflow.getHandle(id).describe());
    // One that went on in another run says its events under the first one.
    return [runId, raw.workflowExecutionInfo?.firstRunId ?? undefined];
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return [(await parts.store?.readEvents(id))?.at(-1)?.run];
  }
}

/**
 * What became of it; undefined where there is none. Where no worker answers, as far as the store has been told. Best effort: never
 * throws.
 */
export async function backgroundStatus(parts: HandleParts): Promise<BackgroundStatus | undefined> {
  const known = await askedStatus(parts);
  if (known !== 'nobody answers') return known;
  const told = await (parts.store && toldBackground(parts.store, parts.taskId))?.catch(() => undefined);
  return told ?? { state: 'running', deliveries: [], subtasks: [] };
}

/** As it says itself, or as it ended. */
async function askedStatus(parts: HandleParts): Promise<BackgroundStatus | 'nobody answers' | undefined> {
  const { client, connection, store, taskId } = parts;
  const id = backgroundId(taskId);
  try {
    const kept = await store?.getResult(id);
    if (kept) return keptBackground(kept);
    const progress = await connection.withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
      client.workflow.getHandle(id).query<Progress>(QUERIES.progress),
    );
    const { deliveries = [], subtasks, state } = progress;
    return { state: state === 'completed' || state === 'cancelled' ? 'over' : 'running', deliveries, subtasks };
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? undefined : 'nobody answers';
  }
}

/** @throws as TaskHandle.redeliver. */
export async function redeliver(parts: HandleParts, ids?: readonly string[]): Promise<void> {
  const asked: Redeliver = ids === undefined ? {} : { ids: [...ids] };
  // The Signal is answered with nothing: whoever asks in vain must be told before.
  const known = await askedStatus(parts);
  // The store may not have all of it yet.
  const problem = typeof known === 'object' ? redeliverProblem(known, ids) : undefined;
  await onOpen(parts, async (child) => {
    if (problem === undefined) return await child.signal(BACKGROUND_SIGNALS.redeliver, asked);
    await mustRun(parts, child);
    throw new CommandRefusedError(parts.taskId, problem);
  });
}

/** Why nothing would be sent or done again, in words; undefined where something would, or nobody can say. */
export function redeliverProblem(
  { deliveries, subtasks }: BackgroundStatus,
  ids?: readonly string[],
): string | undefined {
  const all = [...deliveries, ...subtasks];
  // Of a task that still runs.
  if (all.length === 0) return undefined;
  const unknown = ids?.find((id) => !all.some((one) => one.id === id));
  if (unknown !== undefined)
    return `${unknown.slice(0, 100)} is nothing that goes on behind this answer; there is ${all.map(({ id }) => id).join(', ')}`;
  const named = all.filter(({ id, state }) => (ids ? ids.includes(id) : state !== 'retrying'));
  if (named.some(({ state }) => CAN_BE_REPEATED.has(state))) return undefined;
  const retrying = deliveries.filter(({ state }) => state === 'retrying');
  if (ids === undefined && retrying.length > 0)
    return `nothing was given up yet: ${retrying.map(({ id }) => id).join(', ')} is tried again by itself; name it to have it tried now`;
  return `nothing of it was given up: ${(ids ? named : all).map(({ id, state }) => `${id} is ${state}`).join(', ')}`;
}

const CAN_BE_REPEATED: ReadonlySet<string> = new Set([
  'dead',
  'refused',
  'disabled',
  'retrying',
  'failed',
  'stopped',
  'skipped',
]);

/** @throws BackgroundOverError when it has ended, or there never was one; UnreachableError. */
export async function cancelBackground(parts: HandleParts): Promise<void> {
  await onOpen(parts, async (child) => {
    // The server takes a cancel of what it cancelled before.
    await mustRun(parts, child);
    await child.cancel();
  });
}

async function mustRun(parts: HandleParts, child: WorkflowHandle): Promise<void> {
  if ((await child.describe()).status.name !== 'RUNNING') throw new BackgroundOverError(parts.taskId);
}

async function onOpen(parts: HandleParts, work: (child: WorkflowHandle) => Promise<void>): Promise<void> {
  try {
    await translatingConnectionErrors(() => work(parts.client.workflow.getHandle(backgroundId(parts.taskId))));
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? new BackgroundOverError(parts.taskId) : error;
  }
}
