// join-session.ts: the Activity in which a question takes its place in its session: after all that took theirs before, whether these
// have ended or not. What it sees of them, and what it means, is settled here, once.

import { Context } from '@temporalio/activity';
import type { Activities } from '../protocol/activities.ts';
import { MOST_SESSION_CHARS, MOST_SESSION_TURNS } from '../protocol/session.ts';
import type { TaskRequest } from '../protocol/task.ts';
import { takePlace, type SessionEntry } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import type { Deployment } from './deployment.ts';
import { turnOf } from './evidence/earlier.ts';
import { asActivityError } from './lifecycle/activity-lifecycle.ts';
import { putTaskHead } from './lifecycle/task-head.ts';
import { resolveFollowUp, type EarlierQuestion } from './text/follow-up.ts';

export function joinSession({ store }: Pick<Deployment, 'store'>): Activities['joinSession'] {
  return async ({ taskId, run, request }) => {
    const { currentAttemptScheduledTimestampMs: startedAt } = Context.current().info;
    try {
      await putTaskHead(store, { taskId, run, request, acceptedAt: startedAt });
      return { session: await placeOf(store, taskId, request), startedAt };
    } catch (error) {
      throw asActivityError(error);
    }
  };
}

/** @throws StoreError; Error, which is a bug, for a request without a session. */
export async function placeOf(store: Store, taskId: string, request: TaskRequest) {
  const { sessionId: id, tenant, class: row } = request;
  if (id === undefined || !row.session) throw new Error(`task ${taskId} has no session to join`);
  const turns = Math.min(row.session.turns, MOST_SESSION_TURNS);
  const chars = Math.min(row.session.chars, MOST_SESSION_CHARS);
  const {
    at: _at,
    taskId: _taskId,
    ...place
  } = await takePlace(store, { tenant, id }, taskId, (entries) => seenBy(store, request, entries, turns), {
    now: Date.now(),
    days: row.retentionDays,
  });
  return { id, chars, ...place };
}

/** The last ones of which something is kept, up to so many. */
async function seenBy(
  store: Store,
  { goal, tenant }: TaskRequest,
  entries: readonly SessionEntry[],
  turns: number,
): Promise<Pick<SessionEntry, 'sees' | 'open' | 'resolved'>> {
  const sees: string[] = [];
  const open: string[] = [];
  const asked: EarlierQuestion[] = [];
  for (const { taskId, resolved } of [...entries].reverse()) {
    if (asked.length >= turns) break;
    // A task's head says whose it is, whatever the session's record says.
    const head = await store.getTask(taskId);
    if (head?.tenant !== tenant) continue;
    const ended = await turnOf(store, taskId);
    (ended ? sees : open).unshift(taskId);
    asked.unshift({ question: resolved ?? head.goal, answer: ended?.answer ?? '' });
  }
  const resolved = resolveFollowUp(goal, asked);
  return { sees, ...(open.length > 0 ? { open } : {}), ...(resolved === undefined ? {} : { resolved }) };
}
