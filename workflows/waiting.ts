// waiting.ts: what a life waits for between two visits: a time, or replies from outside (its own subtasks: delegation.ts).
// Waiting holds no worker and costs nothing.

import { condition, sleep } from '@temporalio/workflow';
import type { Handle } from '../protocol/outcome.ts';
import { expectReply, hasReply, type Mailbox } from './state/mailbox.ts';
import type { Life } from './state/tree.ts';

/** Until a time in ms since the epoch. */
export async function waitUntil(at: number, subtask: string): Promise<void> {
  await sleep(Math.max(1, at - Date.now()), { summary: `${subtask} waits to try again` });
}

/** Until each handle has its reply or its time is over; the replies are there for the life's next visit. */
export async function waitForReplies(mailbox: Mailbox, handles: readonly Handle[], life: Life): Promise<void> {
  for (const { handle } of handles) expectReply(mailbox, handle);
  await Promise.all(
    handles.map(({ handle, until }) => condition(() => hasReply(mailbox, handle), Math.max(1, until - Date.now()))),
  );
  const replies = handles.flatMap(({ handle }) => mailbox.replies[handle] ?? []);
  life.replies = [...(life.replies ?? []), ...replies];
}
