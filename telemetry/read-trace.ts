// read-trace.ts: gathers what is recorded of a task and makes its spans of it. Whose store it is, and where the events of a task at
// work come from, is handed in.

import type { TaskEvent } from '../protocol/events.ts';
import type { LogRecord } from '../protocol/log-records.ts';
import { backgroundId } from '../protocol/names.ts';
import { stepLogs } from '../protocol/step-logs.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { Span, TaskTrace } from '../protocol/trace.ts';
import type { TraceOf } from './span.ts';
import type { LogName } from './spans-of-log.ts';
import type { Planned } from './spans-of-lives.ts';
import { spansOfBackground } from './spans-of-background.ts';
import { spansOfTask } from './spans-of-task.ts';
import { readTraceparent, spanIdOf, traceIdOf } from './trace-context.ts';

/** Of a store, what is read here. */
export interface TraceStore {
  getTask(taskId: string): Promise<TraceHead | undefined>;
  getResult(taskId: string): Promise<TaskResult | undefined>;
  readEvents(taskId: string): Promise<TaskEvent[]>;
  readLog<R>(key: LogName & { run: string }): Promise<R[]>;
}

export interface TraceHead {
  taskId: string;
  run: string;
  goal: string;
  className: string;
  tenant: string;
  acceptedAt: number;
  /** Of a caller from outside. */
  traceparent?: string;
  sessionId?: string;
}

export interface ReadOptions {
  /** Events of a task at work, as its master has them. Default: those in the store. */
  events?: readonly TaskEvent[];
  /** When it was ended from outside. Default: it was not. */
  terminatedAt?: number;
  /** Whether what goes on behind the answer is read, too. Default: yes. */
  withBackground?: boolean;
  /** ms since the epoch. */
  now: number;
}

export async function readTrace(
  store: TraceStore,
  taskId: string,
  { terminatedAt, now, withBackground = true, ...given }: ReadOptions,
): Promise<TaskTrace | undefined> {
  const head = await store.getTask(taskId);
  const result = await store.getResult(taskId);
  const events = ofLastRun(given.events ?? (await store.readEvents(taskId)));
  const first = head?.run ?? result?.run ?? events[0]?.run;
  if (first === undefined) return undefined;
  const caller = readTraceparent(head?.traceparent);
  const run = events[0]?.run ?? first;
  const trace: TraceOf = {
    traceId: caller?.traceId ?? traceIdOf(taskId),
    key: keyOf(taskId, run, first),
    taskId,
    sessionId: head?.sessionId ?? taskId,
  };
  const spans = spansOfTask({
    trace,
    ...(caller ? { callerId: caller.spanId } : {}),
    goal: head?.goal ?? result?.goal ?? '',
    tenant: head?.tenant ?? 'default',
    className: head?.className ?? 'unknown',
    acceptedAt: head?.acceptedAt ?? result?.timings.acceptedAt ?? now,
    events,
    logs: await logsOf(store, first, events),
    ...(result ? { result } : {}),
    ...(terminatedAt === undefined ? {} : { terminatedAt }),
    now,
  });
  return {
    traceId: trace.traceId,
    ...(caller ? { isSampled: caller.isSampled } : {}),
    run,
    spans,
    background: withBackground ? await behind(store, trace, plannedBehind(events), now) : [],
  };
}

/** After a Reset a task works, and may close, once more: another root. */
const keyOf = (id: string, run: string, first: string): string => (run === first ? id : run);

async function behind(store: TraceStore, trace: TraceOf, planned: readonly Planned[], now: number): Promise<Span[][]> {
  const events = ofLastRun(await store.readEvents(backgroundId(trace.taskId)));
  const run = events[0]?.run;
  if (run === undefined) return [];
  const id = backgroundId(trace.taskId);
  const first = (await store.getTask(id))?.run ?? run;
  return spansOfBackground({
    trace: { ...trace, key: keyOf(id, run, first) },
    taskSpanId: spanIdOf(trace.key),
    planned,
    events,
    logs: await logsOf(store, first, events),
    now,
  });
}

const plannedBehind = (events: readonly TaskEvent[]): Planned[] =>
  events.flatMap((event) => (event.type === 'plan.ready' ? (event.background ?? []) : []));

function ofLastRun(events: readonly TaskEvent[]): TaskEvent[] {
  const run = events.at(-1)?.run;
  return events.filter((event) => event.run === run).toSorted((a, b) => a.n - b.n);
}

async function logsOf(
  store: TraceStore,
  run: string,
  events: readonly TaskEvent[],
): Promise<(LogName & { records: LogRecord[] })[]> {
  const named = new Map<string, LogName>();
  for (const step of stepLogs(events)) named.set(`${step.subtask}/${step.generation}`, step);
  for (const event of events) if ('generation' in event) named.set(`${event.subtask}/${event.generation}`, event);
  const logs = await Promise.all(
    [...named.values()].map(async ({ subtask, generation }) => ({
      subtask,
      generation,
      records: await store.readLog<LogRecord>({ run, subtask, generation }),
    })),
  );
  const isClosed = events.some((event) => event.type === 'task.closed');
  return isClosed ? logs : [...logs, ...(await unnamed(store, run, named))];
}

/** Subtasks that no event tells of: of a task that was terminated, whose master kept the last ones to itself. */
async function unnamed(store: TraceStore, run: string, named: ReadonlyMap<string, unknown>) {
  const found: (LogName & { records: LogRecord[] })[] = [];
  for (let n = 1; ; n += 1) {
    const subtask = `s${n}`;
    if (named.has(`${subtask}/1`)) continue;
    const records = await store.readLog<LogRecord>({ run, subtask, generation: 1 });
    if (records.length === 0) return found;
    found.push({ subtask, generation: 1, records });
  }
}
