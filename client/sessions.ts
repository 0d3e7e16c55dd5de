// sessions.ts: the sessions of a deployment, as its store knows them: listed, shown, forgotten. A session is forgotten by forgetting its
// tasks: its record in the store goes with the last of them.

import type { ForgetReceipt, SessionReceipt } from '../protocol/forget.ts';
import { labelProblem } from '../protocol/label.ts';
import type { SessionQuestion, SessionSummary } from '../protocol/session.ts';
import { getSession, listSessions, type SessionEntry, type SessionRecord } from '../store/sessions.ts';
import type { Store } from '../store/store.ts';
import {
  CommandRefusedError,
  MusterError,
  RequestRefusedError,
  SessionNotFoundError,
  TaskNotFoundError,
} from './errors.ts';
import { forgetTask } from './forget-task.ts';
import type { HandleParts } from './handle-parts.ts';
import { ownTask } from './own-task.ts';
import { MEMO } from '../protocol/names.ts';

/** Of one tenant. Default: `default`. */
export interface SessionOptions {
  tenant?: string;
}

/** A session with its questions, oldest first. */
export interface Session extends SessionSummary {
  asked: SessionQuestion[];
}

type Parts = Omit<HandleParts, 'taskId'>;

/** @throws MusterError where the deployment's store can't be read from here; StoreError. */
export async function sessionsOf(store: Store | undefined, tenant: string | undefined): Promise<SessionSummary[]> {
  return (await listSessions(readable(store), tenant)).map(summaryOf);
}

/** @throws SessionNotFoundError; as `sessionsOf`. */
export async function sessionOf(
  store: Store | undefined,
  id: string,
  { tenant = 'default' }: SessionOptions,
): Promise<Session> {
  const problem = labelProblem('session', id);
  if (problem) throw new RequestRefusedError(problem);
  const known = readable(store);
  const found = await getSession(known, { tenant, id });
  if (!found) throw new SessionNotFoundError(id);
  return { ...summaryOf(found), asked: await Promise.all(found.entries.map((entry) => questionOf(known, entry))) };
}

/**
 * Forgets all tasks of a session, one by one.
 * @throws CommandRefusedError, and nothing is removed, while one is at work; as `sessionOf`, and as forgetting a task.
 */
export async function forgetSession(
  parts: Parts,
  id: string,
  { tenant = 'default', timeoutSeconds = 30 }: SessionOptions & { timeoutSeconds?: number },
): Promise<SessionReceipt> {
  const { asked } = await sessionOf(parts.store, id, { tenant });
  for (const { taskId } of asked) {
    const task = await ownTask(parts, taskId, tenant);
    if (task?.status.name === 'RUNNING' && task.memo?.[MEMO.result] === undefined)
      throw new CommandRefusedError(taskId, `task ${taskId} of session ${id} is at work; cancel it, then both can go`);
  }
  const until = Date.now() + timeoutSeconds * 1_000;
  const tasks: ForgetReceipt[] = [];
  for (const { taskId } of asked) {
    const left = Math.max(0, until - Date.now()) / 1_000;
    try {
      tasks.push(await forgetTask(parts, taskId, { tenant, timeoutSeconds: left, sessionId: id }));
    } catch (error) {
      // Nobody knows of it any more but the session.
      if (!(error instanceof TaskNotFoundError)) throw error;
    }
  }
  return { session: id, done: tasks.every(({ done }) => done), tasks };
}

function readable(store: Store | undefined): Store {
  if (store) return store;
  throw new MusterError(
    'sessions lie in the store of the deployment, which can’t be read from here',
    'Name its store (MUSTER_STORE_URL, or the folder that holds .muster/), or ask its gateway (--url).',
  );
}

function summaryOf({ id, tenant, entries }: SessionRecord): SessionSummary {
  const [first, last] = [entries[0], entries.at(-1)];
  return {
    id,
    tenant,
    questions: entries.length,
    firstAt: first?.at ?? 0,
    lastAt: last?.at ?? 0,
    taskId: last?.taskId ?? '',
  };
}

async function questionOf(store: Store, entry: SessionEntry): Promise<SessionQuestion> {
  const [head, result] = await Promise.all([store.getTask(entry.taskId), store.getResult(entry.taskId)]);
  const goal = result?.goal ?? head?.goal;
  return {
    ...entry,
    ...(goal === undefined ? {} : { goal }),
    ...(result ? { outcome: result.outcome } : {}),
  };
}
