// program-trace.ts: the trace of the program that this library is a part of, where that has registered an SDK of OpenTelemetry: what
// is active there goes on in a task's trace, and starts and commands are spans of that SDK. Without one nothing of it is loaded.

import type { SpanContext } from '@opentelemetry/api';
import { SESSION_KEY } from '../protocol/session-baggage.ts';
import { readTraceparent, spanIdOf, traceIdOf, traceparentOf } from '../telemetry/trace-context.ts';
import type { HandleParts } from './handle-parts.ts';

/** Where its API keeps what is registered, of whatever copy of it. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');
const TRACER = 'muster-agents';
/** Of the API: a call to elsewhere; an error. */
const CLIENT = 2;
const ERROR = 2;

type Registered = Record<symbol, { trace?: unknown } | undefined>;

async function api() {
  return (globalThis as Registered)[REGISTERED]?.trace === undefined ? undefined : await import('@opentelemetry/api');
}

/** W3C Trace Context of the span that is active where this is called; undefined where there is none. */
export async function activeTraceparent(): Promise<string | undefined> {
  const otel = await api();
  const active = otel?.trace.getActiveSpan()?.spanContext();
  if (!otel || !active || !otel.isSpanContextValid(active)) return undefined;
  const { traceId, spanId, traceFlags } = active;
  return traceparentOf({ traceId, spanId, isSampled: (traceFlags & 1) === 1 });
}

export interface Started {
  taskId: string;
  sessionId: string | undefined;
  /** Of the caller, as the task has it. */
  traceparent: string | undefined;
  /** ms since the epoch. */
  from: number;
}

/** A span of a start that made a task: a leaf under the task's root, so that it orphans nothing when it is lost with its process. */
export async function noteStart({ taskId, sessionId = taskId, traceparent, from }: Started): Promise<void> {
  const otel = await api();
  if (!otel) return;
  const root = { ...rootOf(taskId, traceparent), isRemote: true };
  otel.trace
    .getTracer(TRACER)
    .startSpan(
      'start task',
      { kind: CLIENT, startTime: from, attributes: { 'muster.task.id': taskId, [SESSION_KEY]: sessionId } },
      otel.trace.setSpanContext(otel.context.active(), root),
    )
    .end();
}

/** Runs what a caller asks of a task as a span of theirs, linked to the task. @throws what `work` throws. */
export async function asSpan<T>(
  { taskId, store, traceparent }: HandleParts,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const otel = await api();
  if (!otel) return await work();
  const head = await store?.getTask(taskId).catch(() => undefined);
  const attributes = { 'muster.task.id': taskId, [SESSION_KEY]: head?.sessionId ?? taskId };
  const links = [{ context: rootOf(taskId, traceparent ?? head?.traceparent) }];
  return await otel.trace.getTracer(TRACER).startActiveSpan(name, { kind: CLIENT, attributes, links }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: ERROR }).setAttribute('error.type', error instanceof Error ? error.name : typeof error);
      throw error;
    } finally {
      span.end();
    }
  });
}

function rootOf(taskId: string, traceparent: string | undefined): SpanContext {
  const caller = readTraceparent(traceparent);
  const traceFlags = caller?.isSampled === false ? 0 : 1;
  return { traceId: caller?.traceId ?? traceIdOf(taskId), spanId: spanIdOf(taskId), traceFlags };
}
