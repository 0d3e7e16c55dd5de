// sdk-log.ts: what the Temporal SDK has to say, and what Activities, Workflows and extensions log through it, as lines of the
// process's own log.

import type { Logger, LogLevel as SdkLevel, LogMetadata } from '@temporalio/worker';
import type { LogFields, LogLevel } from '../protocol/log-line.ts';
import { taskOfWorkflow } from '../protocol/names.ts';
import { SESSION_KEY } from '../protocol/session-baggage.ts';
import type { Log } from '../telemetry/log.ts';
import { readTraceparent, traceIdOf } from '../telemetry/trace-context.ts';

const LEVELS: Readonly<Record<SdkLevel, LogLevel>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};
/** Of the SDK's own news a person reads warnings only; what code of a task says at this level is meant for them. */
const OWN_WORDS = ['activity', 'workflow'];
/** The Worker of what no answer waits for is there for Activities alone. */
const MEANT = 'No workflows registered, not polling for workflow tasks';
const STACK_CHARS = 2_000;

/** For `Runtime.install`. */
export function sdkLogger(log: Log): Logger {
  const say = (level: SdkLevel, message: string, meta: LogMetadata = {}): void => {
    const { sdkComponent } = meta as { sdkComponent?: string };
    const isNews = level === 'INFO' ? OWN_WORDS.includes(sdkComponent ?? '') : message !== MEANT;
    log.write(isNews ? LEVELS[level] : 'debug', message, fieldsOf(meta));
  };
  return {
    log: say,
    trace: (message, meta) => say('TRACE', message, meta),
    debug: (message, meta) => say('DEBUG', message, meta),
    info: (message, meta) => say('INFO', message, meta),
    warn: (message, meta) => say('WARN', message, meta),
    error: (message, meta) => say('ERROR', message, meta),
  };
}

/** Told by fields of our own, or of use to nobody. */
const SDK_NAMES = new Set([
  'sdkComponent',
  'taskToken',
  'activityId',
  'activityType',
  'workflowId',
  'runId',
  'workflowRunId',
  'workflowType',
  'taskQueue',
  'namespace',
  'isLocal',
  'error',
  'taskId',
  'traceparent',
]);

const traceOf = (task: string, traceparent: unknown): string =>
  (typeof traceparent === 'string' ? readTraceparent(traceparent)?.traceId : undefined) ?? traceIdOf(task);

function fieldsOf(meta: LogMetadata): LogFields {
  const { activityType, workflowId, taskId, attempt, runId, error, ...more } = meta as Record<string, unknown>;
  const id = [taskId, workflowId].find((one) => typeof one === 'string');
  const task = id === undefined ? {} : { task: taskOfWorkflow(String(id)) };
  return {
    ...task,
    // A Workflow's own lines say whose trace it is part of; of others that is not known here.
    ...(task.task !== undefined && SESSION_KEY in more ? { trace_id: traceOf(task.task, more.traceparent) } : {}),
    ...(typeof activityType === 'string' ? { activity: activityType } : {}),
    ...(typeof attempt === 'number' ? { attempt } : {}),
    ...(typeof runId === 'string' ? { workflow_run: runId } : {}),
    ...Object.fromEntries(
      Object.entries(meta).flatMap(([name, value]) => {
        const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
        return isPlain && !SDK_NAMES.has(name) ? [[name, value as string]] : [];
      }),
    ),
    // An error may be many lines of no use to a person: they get its message, a program the stack, too.
    ...(error instanceof Error
      ? { error: error.message, ...(error.stack ? { stack: error.stack.slice(0, STACK_CHARS) } : {}) }
      : {}),
  };
}
