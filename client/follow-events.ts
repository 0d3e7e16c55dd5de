// follow-events.ts: the ordered log of a task as an async iterator: each new event of the history leads to one Query; from
// the store where the master can't answer any more. Never shows an event twice.

import { WorkflowNotFoundError } from '@temporalio/client';
import { isLastEvent, type EventCursor, type EventPage, type TaskEvent } from '../protocol/events.ts';
import { isBackgroundId, QUERIES } from '../protocol/names.ts';
import { HistoryPoll } from './history-poll.ts';
import { TaskNotFoundError } from './errors.ts';
import { goneTask } from './gone-task.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import type { HandleParts } from './handle-parts.ts';
import { keptEvents } from './kept-events.ts';

const QUERY_DEADLINE_MS = 10_000;

export async function* followEvents(
  parts: HandleParts,
  options: { after?: EventCursor; signal?: AbortSignal },
): AsyncGenerator<TaskEvent> {
  const closed = await eventsOfClosed(parts, options.after);
  if (closed) {
    yield* closed;
    return;
  }
  const history = new HistoryPoll(parts.client, parts.taskId);
  let cursor = options.after;
  let open = true;
  let last: TaskEvent | undefined;
  while (!options.signal?.aborted) {
    const page = await queryEvents(parts, cursor);
    // Behind the window, or no worker to ask: the store has what was flushed.
    const stored = !page || page.gapBefore !== undefined ? await storedEvents(parts, cursor, page?.run) : [];
    for (const event of [...stored, ...(page?.events ?? [])]) {
      if (cursor && event.run === cursor.run && event.n <= cursor.n) continue;
      cursor = { run: event.run, n: event.n };
      yield event;
      last = event;
      if (event.type === 'task.closed') return;
    }
    if (page?.closed || isLastEvent(last) || !open) return;
    open = await history.next(options.signal);
  }
}

/** Undefined where no worker answers. */
export async function queryEvents(
  { client, connection, taskId }: HandleParts,
  after: EventCursor | undefined,
): Promise<EventPage | undefined> {
  try {
    return await connection.withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
      client.workflow.getHandle(taskId).query<EventPage, [EventCursor?]>(QUERIES.events, after),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    // No worker to answer: the history has a new event when one is back.
    return undefined;
  }
}

/** All of a closed task's events, from the store: no worker is asked. Undefined while it runs, or without a store. */
async function eventsOfClosed(parts: HandleParts, after: EventCursor | undefined): Promise<TaskEvent[] | undefined> {
  if (!parts.store) return undefined;
  let run: string | undefined;
  let isKnown = false;
  try {
    const description = await translatingConnectionErrors(() =>
      parts.client.workflow.getHandle(parts.taskId).describe(),
    );
    if (description.status.name === 'RUNNING') return undefined;
    // A background child that went on in another run kept the one that its events are of.
    run = isBackgroundId(parts.taskId) ? undefined : description.runId;
    isKnown = true;
  } catch (error) {
    // Beyond Temporal's retention the store may still have it.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    if (!(await parts.store.getResult(parts.taskId)))
      throw (await goneTask(parts.store, parts.taskId)) ?? new TaskNotFoundError(parts.taskId);
  }
  const events = await storedEvents(parts, after, run);
  return !isKnown || isLastEvent(events.at(-1)) ? events : undefined;
}

/** Events after the cursor that are in the store; of the current run where that is known. */
async function storedEvents(
  { store, client, taskId }: HandleParts,
  after: EventCursor | undefined,
  run: string | undefined,
): Promise<TaskEvent[]> {
  if (store) return await keptEvents(store, taskId, after, run);
  await mustExist(client, taskId);
  return [];
}

async function mustExist(client: HandleParts['client'], taskId: string): Promise<void> {
  try {
    await translatingConnectionErrors(() => client.workflow.getHandle(taskId).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new TaskNotFoundError(taskId);
    throw error;
  }
}
