// index.ts: the client as a library: connect, start, follow. Needs no model key and no Workflow code.

export { connect, type ConnectOptions } from './connect.ts';
export { MusterClient, type StartOptions, type TaskInput } from './muster-client.ts';
export { TaskHandle } from './task-handle.ts';
export type { TaskStatus } from './status.ts';
export type { ListFilter, TaskPage, TaskSummary } from './task-summary.ts';
export {
  KeyReusedError,
  MusterError,
  RequestRefusedError,
  StillRunningError,
  TaskCancelledError,
  TaskFailedError,
  TaskNotFoundError,
  UnreachableError,
} from './errors.ts';
export { answerMarkdown, type Answer } from '../protocol/answer.ts';
export type { EventCursor, TaskEvent } from '../protocol/events.ts';
export type { TaskResult } from '../protocol/result.ts';
export type { Source, TaskState } from '../protocol/task.ts';
export type { RequestClass, TaskLimits } from '../protocol/classes.ts';
export { defineClass, type ClassDefinition } from '../protocol/schemas/config.ts';
