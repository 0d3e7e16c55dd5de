// trace-headers.ts: what a task's start says of its trace and its session, in Temporal's headers: not in the request, so that the
// same request is the same task whoever traces it.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { MasterInput } from '../protocol/activities.ts';
import { taskOfWorkflow, type TRACE_HEADERS } from '../protocol/names.ts';
import { sessionBaggage } from '../protocol/session-baggage.ts';
import { readTraceparent } from '../telemetry/trace-context.ts';

const caller = new AsyncLocalStorage<string | undefined>();

/** Starts what `start` starts as part of a caller's trace; what is no traceparent counts as none. */
export const withTraceparent = <T>(traceparent: string | undefined, start: () => Promise<T>): Promise<T> =>
  caller.run(readTraceparent(traceparent) ? traceparent : undefined, start);

export const traceHeadersOfStart: WorkflowClientInterceptor = {
  start(input, next) {
    // Of whatever Workflow: one that forgets a task has no request.
    const [given] = input.options.args as [Partial<MasterInput>?];
    const traceparent = caller.getStore();
    const said: Partial<Record<(typeof TRACE_HEADERS)[number], string>> = {
      baggage: sessionBaggage(given?.request?.sessionId ?? taskOfWorkflow(input.options.workflowId)),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    const headers = Object.entries(said).map(([name, text]) => [name, defaultPayloadConverter.toPayload(text)]);
    return next({ ...input, headers: { ...input.headers, ...Object.fromEntries(headers) } });
  },
};
