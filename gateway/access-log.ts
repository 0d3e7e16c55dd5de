// access-log.ts: a line for each answered request. Says who asked what and how it ended; holds no goal, no key, and nothing of a
// query.

import type { Store } from '../store/store.ts';
import { openLog, type Log, type LogOptions } from '../telemetry/log.ts';
import { readTraceparent, traceIdOf } from '../telemetry/trace-context.ts';
import type { AccessEntry } from './routes/context.ts';
import { startsTask } from './request-spans.ts';

const MAX_PATH_CHARS = 200;
const MAX_TOLD_CHARS = 80;

/** @param to where lines of JSON go. Default: stderr. */
export const accessLog = (to?: LogOptions['to']): ((entry: AccessEntry) => void) =>
  accessLines(openLog({ room: 'gateway', format: 'json', ...(to ? { to } : {}) }));

/** The same as lines of a log, which hides what is written like a key or a ticket, should anybody put one into a path. */
export function accessLines(log: Pick<Log, 'info'>): (entry: AccessEntry) => void {
  return (entry) => {
    const { requestId, method, path, status, ms, caller, tenant, taskId, sessionId, traceparent } = entry;
    const shown = path.slice(0, MAX_PATH_CHARS);
    const [, task] = /^\/tasks\/([\w.-]+)/.exec(shown) ?? [];
    log.info(`${method} ${shown.slice(0, MAX_TOLD_CHARS)} ${status}`, {
      log: 'access',
      request_id: requestId,
      method,
      path: shown,
      status,
      ms,
      caller,
      tenant,
      task: taskId ?? task,
      agent_session_id: sessionId,
      // Of a start whose caller has no trace it is the task's own.
      trace_id: readTraceparent(traceparent)?.traceId ?? (taskId && startsTask(entry) ? traceIdOf(taskId) : undefined),
    });
  };
}

/**
 * Names the session of the task that a request is about, as the store knows it, where who answered did not. Nobody waits for that; what
 * was refused names none.
 */
export function namingSessions(
  store: Pick<Store, 'getTask'>,
  note: (entry: AccessEntry) => void,
): (entry: AccessEntry) => void {
  return (entry) => {
    const { taskId, sessionId, status } = entry;
    if (taskId === undefined || sessionId !== undefined || status >= 400) return note(entry);
    void store
      .getTask(taskId)
      // A store that is away is told of elsewhere.
      .catch(() => undefined)
      .then((head) => note(head ? { ...entry, sessionId: head.sessionId ?? taskId } : entry));
  };
}
