// stack-traces.ts: loaded once into each Workflow sandbox, before any Workflow. The SDK takes a stack trace of every promise
// that a Workflow makes, for the Query `__stack_trace`; that was two thirds of what a wide task's Workflow thread did
// (docs/decisions/0032). One frame stays, so that an error still says where it was thrown.

(Error as { stackTraceLimit?: number }).stackTraceLimit = 1;

export {};
