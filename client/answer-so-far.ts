// answer-so-far.ts: asks a running task for the best answer from what is there, or to end with that. Of a task that has its own answer,
// or has ended, it is that answer.

import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateStage } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Answer } from '../protocol/answer.ts';
import { SO_FAR_MARK, type AnswerSoFarAsk, type AnswerSoFarReply, type AskedSoFar } from '../protocol/answer-so-far.ts';
import { SIGNALS, STEP_LOGS, UPDATES } from '../protocol/names.ts';
import type { TaskResult } from '../protocol/result.ts';
import type { TaskCommand } from '../protocol/task-commands.ts';
import { readJson } from '../store/read-json.ts';
import { grpcCode, translatingConnectionErrors } from './connection-errors.ts';
import { NoWorkerError, RequestRefusedError, StillWritingError, TaskClosedError } from './errors.ts';
import type { HandleParts } from './handle-parts.ts';
import { ANSWER_MS, claimedSender, isUnanswered, refusal, type CommandOptions } from './send-command.ts';

export interface AnswerSoFarOptions extends CommandOptions {
  /** The task ends there: its own answer is written from what is there, and is the one that comes back. Default: it goes on. */
  stop?: boolean;
  /** Gives up waiting after this long; what is being written goes on. Default: 60. */
  timeoutSeconds?: number;
}

const TIMEOUT_SECONDS = 60;
/** gRPC: nobody listens there. */
const UNAVAILABLE = 14;

/** @throws as TaskHandle.answerSoFar. */
export async function answerSoFar(
  parts: HandleParts,
  resultWithin: (timeoutSeconds: number) => Promise<TaskResult>,
  { stop = false, timeoutSeconds = TIMEOUT_SECONDS, by = claimedSender(), id = randomUUID() }: AnswerSoFarOptions,
): Promise<AskedSoFar> {
  const until = Date.now() + timeoutSeconds * 1_000;
  const ask: AnswerSoFarAsk = { v: 1, id, at: Date.now(), by, ...(stop ? { stop } : {}) };
  const reply = await replyTo(parts, ask, until);
  if (!reply.isFinal) return await whole(parts, reply);
  return { isFinal: true, result: await resultWithin(Math.max(0, until - Date.now()) / 1_000) };
}

async function replyTo(parts: HandleParts, ask: AnswerSoFarAsk, until: number): Promise<AnswerSoFarReply> {
  const { client, connection, taskId } = parts;
  const handle = client.workflow.getHandle(taskId);
  try {
    const update = await connection.withDeadline(Date.now() + ANSWER_MS, () =>
      handle.startUpdate<AnswerSoFarReply, [AnswerSoFarAsk]>(UPDATES.answerSoFar, {
        args: [ask],
        // The server answers for the same Update: an ask to stop must not pass for one that lets the task go on.
        updateId: `${ask.id}:${SO_FAR_MARK}${ask.stop ? ':stop' : ''}`,
        waitForStage: WorkflowUpdateStage.ACCEPTED,
      }),
    );
    return await connection
      .withDeadline(until, () => update.result())
      .catch((error: unknown) => {
        throw isUnanswered(error) ? new StillWritingError(taskId) : error;
      });
  } catch (error) {
    if (error instanceof StillWritingError) throw error;
    if (error instanceof WorkflowNotFoundError || endedMeanwhile(error)) return { isFinal: true };
    if (error instanceof WorkflowUpdateFailedError) {
      const refused = refusal(taskId, error);
      if (refused instanceof TaskClosedError) return { isFinal: true };
      throw refused;
    }
    // A server that is away is told as such, and only who asked knows of the ask.
    if (!isUnanswered(error) || grpcCode(error) === UNAVAILABLE)
      return await translatingConnectionErrors(() => Promise.reject(error as Error));
    throw await nobodyAnswered(parts, ask);
  }
}

/** The server says so of an Update that was accepted, and whose Workflow ended before it had answered. */
const endedMeanwhile = (error: unknown): boolean =>
  error instanceof WorkflowUpdateFailedError &&
  error.cause instanceof ApplicationFailure &&
  error.cause.type === 'AcceptedUpdateCompletedWorkflow';

/** An ask that nobody took is gone; one to stop waits in the history, as every command does. */
async function nobodyAnswered({ client, taskId }: HandleParts, { stop, ...ask }: AnswerSoFarAsk): Promise<Error> {
  if (stop) {
    const command: TaskCommand = { ...ask, kind: 'answerNow' };
    await translatingConnectionErrors(() => client.workflow.getHandle(taskId).signal(SIGNALS.command, command));
  }
  return new NoWorkerError(taskId, { isRecorded: stop === true });
}

/** With the answer where that was too large to travel, and with what a model writes at once. */
async function whole(
  { store, taskId }: HandleParts,
  { run, answerRef, answer, ...reply }: Extract<AnswerSoFarReply, { isFinal: false }>,
): Promise<AskedSoFar> {
  if (!answer && !store)
    throw new RequestRefusedError(
      `the answer so far of task ${taskId} is large, and its store can’t be read from here`,
    );
  const text =
    reply.stage === 'answering'
      ? (await store?.getPartial({ run, subtask: STEP_LOGS.direct, generation: 1 }))?.text
      : undefined;
  return {
    ...reply,
    answer: answer ?? (await readJson<Answer>(store!, answerRef ?? '')),
    ...(text === undefined ? {} : { text }),
  };
}
