// index.ts: `muster-agents/http`: the client for whoever reaches a gateway and nothing else: browsers, edge functions, Node.

export { HttpClient, type HttpSource, type HttpTaskInput } from './http-client.ts';
export { draftAfter, HttpTask, type StreamFrame } from './http-task.ts';
export { GatewayRefusedError, type GatewayOptions } from './ask-gateway.ts';
export {
  MusterError,
  RequestRefusedError,
  StillRunningError,
  TaskCancelledError,
  TaskFailedError,
  TaskNotFoundError,
  UnreachableError,
} from '../errors.ts';
export { answerMarkdown, type Answer } from '../../protocol/answer.ts';
export type { EventCursor, TaskEvent } from '../../protocol/events.ts';
export type { TaskResult } from '../../protocol/result.ts';
export type { TaskStatus } from '../status.ts';
export type { ListFilter, TaskPage, TaskSummary } from '../task-summary.ts';
