// workflow-headers.ts: passes on, inside a Workflow, the headers that say which trace and session it belongs to: to its
// Activities, its children, its next run and its lines of the log. Sandbox-safe: no SDK of OpenTelemetry, no state that replay could
// miss.

import { defaultPayloadConverter, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import { taskOfWorkflow, TRACE_HEADERS } from '../protocol/names.ts';
import { SESSION_KEY, sessionBaggage, sessionOfBaggage } from '../protocol/session-baggage.ts';

/** Of one Workflow; for `workflowInterceptorModules`. */
export const interceptors = (): WorkflowInterceptors => {
  let carried: Headers = {};
  const carry = <T extends { headers: Headers }>(input: T): T => ({
    ...input,
    headers: { ...carried, ...input.headers },
  });
  return {
    inbound: [
      {
        execute(input, next) {
          const named = TRACE_HEADERS.flatMap((name) => (input.headers[name] ? [[name, input.headers[name]]] : []));
          carried = { baggage: baggageOf(input.args), ...(Object.fromEntries(named) as Headers) };
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(carry(input)),
        scheduleLocalActivity: (input, next) => next(carry(input)),
        startChildWorkflowExecution: (input, next) => next(carry(input)),
        continueAsNew: (input, next) => next(carry(input)),
        getLogAttributes: (input, next) =>
          next({
            ...input,
            traceparent: textOf(carried.traceparent),
            [SESSION_KEY]: sessionOfBaggage(textOf(carried.baggage)),
          }),
      },
    ],
  };
};

type Headers = Parameters<NonNullable<NonNullable<WorkflowInterceptors['inbound']>[number]['execute']>>[0]['headers'];

/** Of a task that a schedule started nobody said it before: only here its id is known. */
function baggageOf([given]: readonly unknown[]): NonNullable<Headers[string]> {
  const { request } = (given ?? {}) as { request?: { sessionId?: string } };
  const session = request?.sessionId ?? taskOfWorkflow(workflowInfo().workflowId);
  return defaultPayloadConverter.toPayload(sessionBaggage(session));
}

/** Whoever can start a Workflow can send what they like. */
function textOf(payload: Headers[string] | undefined): string | undefined {
  try {
    const text: unknown = payload && defaultPayloadConverter.fromPayload(payload);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
