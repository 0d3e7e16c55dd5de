// trace-headers.ts: reads, before each Activity begins, the headers that say which trace and session it works for.

import type { Context } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { noteTraceHeaders } from '../activities/loop/trace-headers.ts';
import { TRACE_HEADERS } from '../protocol/names.ts';

export const traceHeadersInterceptor = (context: Context): ActivityInboundCallsInterceptor => ({
  execute(input, next) {
    noteTraceHeaders(context, traceHeadersOf(input));
    return next(input);
  },
});

export function traceHeadersOf({ headers }: ActivityExecuteInput): Parameters<typeof noteTraceHeaders>[1] {
  const read = TRACE_HEADERS.flatMap((name) => {
    const payload = headers[name];
    const text: unknown = payload && defaultPayloadConverter.fromPayload(payload);
    // Whoever can start a Workflow can send what they like.
    return typeof text === 'string' ? [[name, text]] : [];
  });
  return Object.fromEntries(read) as object;
}
