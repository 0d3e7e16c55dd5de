// workflow-headers.ts: passes on, inside a Workflow, the headers that say which trace and session it belongs to: to its
// Activities, its children and its next run. Sandbox-safe: no SDK of OpenTelemetry, no state that replay could miss.

import type { WorkflowInterceptors } from '@temporalio/workflow';
import { TRACE_HEADERS } from '../protocol/names.ts';

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
          carried = Object.fromEntries(named) as Headers;
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
      },
    ],
  };
};

type Headers = Parameters<NonNullable<NonNullable<WorkflowInterceptors['inbound']>[number]['execute']>>[0]['headers'];
