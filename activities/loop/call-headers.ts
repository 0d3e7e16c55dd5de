// call-headers.ts: what a call of an Activity tells the server that it asks: which span it is, of which trace, in which session.

import { Context } from '@temporalio/activity';
import { taskOf } from '../../protocol/names.ts';
import { sessionBaggage, sessionOfBaggage } from '../../protocol/session-baggage.ts';
import { readTraceparent, traceIdOf, traceparentOf } from '../../telemetry/trace-context.ts';
import { traceHeaders, type TraceHeaders } from './trace-headers.ts';

/** Where traces of what has ended go, and which of them are kept. */
export interface Tracing {
  isSampled(traceId: string, caller: boolean | undefined): boolean;
}

/** Headers of one call. */
export interface CallHeaders {
  traceparent: string;
  baggage: string;
}

/** What calls of this Activity tell; `of` makes the span's id from the id that the task's spans are made of. */
export type HeadersOfCall = (of: (key: string) => string) => CallHeaders;

/** Undefined where nobody traces: then no server is told anything. Call it in an Activity. */
export function callHeaders(tracing: Tracing | undefined): HeadersOfCall | undefined {
  if (!tracing) return undefined;
  const { workflowExecution } = Context.current().info;
  return headersFor(tracing, workflowExecution?.workflowId ?? '', traceHeaders());
}

/**
 * The same for work that begins before there is an Activity.
 *
 * @param key Workflow Id of the task, or of its background child.
 */
export function headersFor(
  tracing: Tracing | undefined,
  key: string,
  { traceparent, baggage }: TraceHeaders,
): HeadersOfCall | undefined {
  if (!tracing) return undefined;
  const taskId = taskOf(key);
  const caller = readTraceparent(traceparent);
  const traceId = caller?.traceId ?? traceIdOf(taskId);
  const isSampled = tracing.isSampled(traceId, caller?.isSampled);
  const said = sessionBaggage(sessionOfBaggage(baggage) ?? taskId);
  return (of) => ({ traceparent: traceparentOf({ traceId, spanId: of(key), isSampled }), baggage: said });
}
