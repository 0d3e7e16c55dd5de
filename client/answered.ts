// answered.ts: the result of a task as soon as it has its answer, which is before the task closes. Its master says so in the
// memo once the result is in the store: so it is seen in the history, and no worker is asked.

import type { HistoryEvents } from './history-poll.ts';
import type { Activities } from '../protocol/activities.ts';
import { MEMO } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import { HistoryPoll } from './history-poll.ts';
import type { HandleParts } from './handle-parts.ts';

/** Between two looks at the history while nobody writes the answer yet: a wide task's history grows a hundred times a second. */
const APART_MS = 50;

/** From when one of these is sent, the answer may come at any moment. */
const LAST_STEPS: ReadonlySet<string> = new Set([
  'synthesize',
  'verifyAnswer',
  'shapeAnswer',
  'saveResult',
] satisfies (keyof Activities)[]);

/**
 * Waits for the answer. Undefined when the task has ended, with one or without: Temporal knows how. Undefined at once without a
 * store to read from, and when `signal` aborts.
 * @throws what the SDK throws, and the store.
 */
export async function answered(
  { client, taskId, store }: HandleParts,
  signal: AbortSignal,
): Promise<TaskResult | undefined> {
  if (!store) return undefined;
  const { status, memo } = await client.workflow.getHandle(taskId).describe();
  if (status.name !== 'RUNNING') return undefined;
  if (memo?.[MEMO.result] === undefined) {
    const history = new HistoryPoll(client, taskId);
    let isNear = false;
    for (;;) {
      const events = await history.events(signal);
      if (!events) return undefined;
      if (events.some(tellsResult)) break;
      isNear ||= events.some(beginsLastStep);
      if (!isNear) await pause(APART_MS);
    }
  }
  const result = await store.getResult(taskId);
  // One that did not complete closes in the same moment, and Temporal says why.
  return result?.outcome === 'completed' ? result : undefined;
}

const tellsResult = ({ workflowPropertiesModifiedEventAttributes: modified }: HistoryEvents[number]): boolean =>
  modified?.upsertedMemo?.fields?.[MEMO.result] !== undefined;

const beginsLastStep = ({ activityTaskScheduledEventAttributes: scheduled }: HistoryEvents[number]): boolean =>
  LAST_STEPS.has(scheduled?.activityType?.name ?? '');

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
