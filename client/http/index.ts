// index.ts: `muster-agents/http`: the client for whoever reaches a gateway and nothing else: browsers, edge functions, Node.

export { HttpClient, type HttpSource, type HttpTaskInput } from './http-client.ts';
export { draftAfter, HttpTask, type StreamFrame } from './http-task.ts';
export { HttpSchedule, type HttpScheduleTimes } from './schedules.ts';
export { GatewayRefusedError, type GatewayOptions } from './ask-gateway.ts';
export {
  BackgroundOverError,
  CommandRefusedError,
  MusterError,
  RequestRefusedError,
  ScheduleNotFoundError,
  SessionNotFoundError,
  StillRunningError,
  StillWritingError,
  TaskCancelledError,
  TaskClosedError,
  TaskFailedError,
  TaskExpiredError,
  TaskNotFoundError,
  UnreachableError,
} from '../errors.ts';
export { answerMarkdown, type Answer } from '../../protocol/answer.ts';
export type { EventCursor, TaskEvent } from '../../protocol/events.ts';
export type { EstimateRange, TaskEstimate } from '../../protocol/estimate.ts';
export type { TaskResult } from '../../protocol/result.ts';
export type { CommandBody, CommandKind, CommandReceipt } from '../../protocol/task-commands.ts';
export type { Overlap, Schedule } from '../../protocol/schedules.ts';
export type { Span, TaskTrace } from '../../protocol/trace.ts';
export type { ForgetReceipt, SessionReceipt } from '../../protocol/forget.ts';
export type { SessionQuestion, SessionSummary, SessionView } from '../../protocol/session.ts';
export type { TaskStatus } from '../status.ts';
export type { ListFilter, TaskPage, TaskSummary } from '../task-summary.ts';
