// log-scope.ts: the ids of an Activity's work go with every line that is logged inside of it, by whatever way.

import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInterceptors } from '@temporalio/worker';
import type { LogFields } from '../protocol/log-line.ts';
import { taskOfWorkflow } from '../protocol/names.ts';
import { scopeFields, withLogFields } from '../telemetry/log-scope.ts';
import { sessionOfBaggage } from '../protocol/session-baggage.ts';
import { readTraceparent, traceIdOf } from '../telemetry/trace-context.ts';
import { traceHeadersOf } from './trace-headers.ts';

export const logScope = ({ info, log }: Context): ActivityInterceptors => ({
  inbound: {
    execute: async (input, next) =>
      await withLogFields(
        { ...idsOf(input, info.workflowExecution?.workflowId), activity: info.activityType, attempt: info.attempt },
        () => next(input),
        (level, message, fields) => log[level](message, fields),
      ),
  },
  // The SDK writes its lines a moment later, outside of any scope: they take these with them.
  outbound: {
    getLogAttributes: (input, next) => next({ ...input, ...(scopeFields() as Record<string, unknown>) }),
  },
});

function idsOf(input: ActivityExecuteInput, workflowId: string | undefined): LogFields {
  if (workflowId === undefined) return {};
  const { traceparent, baggage } = traceHeadersOf(input);
  const trace = readTraceparent(traceparent)?.traceId;
  return {
    task: taskOfWorkflow(workflowId),
    trace_id: trace ?? traceIdOf(taskOfWorkflow(workflowId)),
    // Of a task that an older client started nobody says it here.
    agent_session_id: sessionOfBaggage(baggage),
  };
}
