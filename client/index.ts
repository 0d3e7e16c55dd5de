// index.ts: the client as a library: connect, start, follow. Needs no model key and no Workflow code.

export { connect, type ConnectOptions } from './connect.ts';
export { MusterClient, type StartOptions } from './muster-client.ts';
export type { TaskInput } from './task-input.ts';
export { ScheduleHandle, type ScheduleInput } from './schedules.ts';
export type { Overlap, Schedule } from '../protocol/schedules.ts';
export { TaskHandle } from './task-handle.ts';
export type { EstimateRange, TaskEstimate } from '../protocol/estimate.ts';
export type { TaskPlan } from '../protocol/plan.ts';
export type { BackgroundStatus, TaskStatus } from './status.ts';
export type { ListFilter, TaskPage, TaskSummary } from './task-summary.ts';
export {
  BackgroundOverError,
  CommandRefusedError,
  KeyReusedError,
  MusterError,
  NoWorkerError,
  RequestRefusedError,
  ScheduleNotFoundError,
  SessionNotFoundError,
  StillRunningError,
  StillWritingError,
  TaskCancelledError,
  TaskClosedError,
  TaskExpiredError,
  TaskFailedError,
  TaskNotFoundError,
  UnreachableError,
} from './errors.ts';
export { answerMarkdown, type Answer } from '../protocol/answer.ts';
export type { EventCursor, TaskEvent } from '../protocol/events.ts';
export type { TaskResult } from '../protocol/result.ts';
export type { CommandBody, CommandKind, CommandReceipt, Sender } from '../protocol/task-commands.ts';
export type { ReplyOptions } from './send-reply.ts';
export type { PlanEdit } from '../protocol/plan-edit.ts';
export type { AnswerSoFar, AskedSoFar, OpenSubtask } from '../protocol/answer-so-far.ts';
export type { AnswerSoFarOptions } from './answer-so-far.ts';
export type { CommandOptions } from './send-command.ts';
export type { ForgetTaskOptions } from './forget-task.ts';
export type { ForgetReceipt, SessionReceipt } from '../protocol/forget.ts';
export type { Session, SessionOptions } from './sessions.ts';
export type { SessionQuestion, SessionSummary, SessionView } from '../protocol/session.ts';
export type { Source, TaskState } from '../protocol/task.ts';
export type { Span, TaskTrace } from '../protocol/trace.ts';
export type { RequestClass, TaskLimits } from '../protocol/classes.ts';
export { DefinitionError } from '../protocol/schemas/definition.ts';
export { defineClass, type ClassDefinition } from '../protocol/schemas/config.ts';
export { defineRouter, type Router, type RouterJudgement, type RouterQuestion } from '../protocol/schemas/router.ts';
export type { Path, PathWord, Route } from '../protocol/path.ts';
export type { FastLane } from '../protocol/route.ts';
export type { RouteSignals } from './route-task.ts';
