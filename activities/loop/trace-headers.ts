// trace-headers.ts: which trace and session an Activity works for, as the headers say that its Workflow passed on.

import { Context } from '@temporalio/activity';

/** As TRACE_HEADERS names them. */
export interface TraceHeaders {
  /** Of a caller from outside; absent where the task is the root of its trace. */
  traceparent?: string;
  baggage?: string;
}

const known = new WeakMap<Context, TraceHeaders>();

/** Told by the worker, before the Activity begins. */
export function noteTraceHeaders(context: Context, headers: TraceHeaders): void {
  known.set(context, headers);
}

/** Of the Activity that this is called in. */
export const traceHeaders = (): TraceHeaders => known.get(Context.current()) ?? {};
