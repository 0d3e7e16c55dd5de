// send-command.ts: a command to a running task: an Update that says what it changed or why not, and, where no worker answers
// in time, a Signal of the same id, which waits in the history.

import { userInfo, hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { commandMark } from '../protocol/command-mark.ts';
import { SIGNALS, UPDATES } from '../protocol/names.ts';
import {
  taskCommandProblem,
  type CommandBody,
  type CommandReceipt,
  type CommandReply,
  type Sender,
  type TaskCommand,
} from '../protocol/task-commands.ts';
import { grpcCode, isUnreachable, translatingConnectionErrors } from './connection-errors.ts';
import { CommandRefusedError, TaskClosedError } from './errors.ts';
import { firstAnswer } from './first-answer.ts';
import type { HandleParts } from './handle-parts.ts';
import { notRunning } from './not-running.ts';

/** How long a worker may take to answer. */
export const ANSWER_MS = 2_000;

export interface CommandOptions {
  /** Who says so; kept with the task. Default: this process's user and host, as they say of themselves. */
  by?: Sender;
  /** The same id twice is one command; another command under it is refused. Default: a new one. */
  id?: string;
}

/** @throws as TaskHandle.command. */
export async function sendCommand(
  parts: HandleParts,
  body: CommandBody,
  { by = claimedSender(), id = randomUUID() }: CommandOptions = {},
): Promise<CommandReceipt> {
  const { client, connection, taskId } = parts;
  const problem = taskCommandProblem(body);
  if (problem) throw new CommandRefusedError(taskId, problem);
  const handle = client.workflow.getHandle(taskId);
  const command: TaskCommand = { v: 1, id, at: Date.now(), by, ...body };
  // The server answers for the same Update: another command must not pass for it.
  const updateId = `${id}:${commandMark(command)}`;
  try {
    return await connection.withDeadline(Date.now() + ANSWER_MS, () =>
      handle.executeUpdate<CommandReply, [TaskCommand]>(UPDATES.command, { args: [command], updateId }),
    );
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refusal(taskId, error);
    if (error instanceof WorkflowNotFoundError) return await afterTheEnd(parts, command);
    // An Update that nobody accepted lives in the server's memory alone: a Signal does not.
    if (!isUnanswered(error)) throw error;
  }
  try {
    await translatingConnectionErrors(() => handle.signal(SIGNALS.command, command));
    return { applied: false, recorded: true };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return await afterTheEnd(parts, command);
    throw error;
  }
}

/** @throws as TaskHandle.command. */
async function afterTheEnd(parts: HandleParts, command: TaskCommand): Promise<CommandReply> {
  const ended = await notRunning(parts);
  const first = ended instanceof TaskClosedError && (await firstAnswer(parts.store, parts.taskId, command));
  if (first) return first;
  throw ended;
}

/** What the worker that refused an Update says. */
export function refusal(taskId: string, { cause, message }: WorkflowUpdateFailedError): Error {
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  // Between its answer and its close it takes none either.
  if (type === 'TaskClosed') return new TaskClosedError(taskId);
  return new CommandRefusedError(taskId, cause?.message ?? message, { isIdReused: type === 'CommandIdReused' });
}

/**
 * gRPC: too many Updates wait, the Workflow Task that would take it fails or was lost with its worker, or the Update was. The server
 * says so at once, and the Signal waits in the history.
 */
const NOBODY_TAKES_IT: ReadonlySet<number | undefined> = new Set([8, 9, 10]);

/** Whether no worker took an Update in time. */
export function isUnanswered(error: unknown): boolean {
  if (isUnreachable(error) || NOBODY_TAKES_IT.has(grpcCode(error))) return true;
  return error instanceof Error && /RpcTimeout|deadline|timed? ?out/i.test(`${error.name} ${error.message}`);
}

/** Who sends, as this process says of itself. */
export function claimedSender(): Sender {
  return { name: `${userName()}@${hostname()}`.slice(0, 200), how: 'claimed' };
}

/** A process may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
