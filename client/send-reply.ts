// send-reply.ts: a reply from outside to a tool call of a sub-agent that waits for it: of a system that does the work, or of the
// person who was asked. What does not fit the question is refused before it is sent.

import { WorkflowNotFoundError } from '@temporalio/client';
import type { Reply } from '../protocol/activities.ts';
import { replyProblem, type OpenQuestion } from '../protocol/ask.ts';
import { MAX_REPLY_BYTES } from '../protocol/limits.ts';
import { SIGNALS } from '../protocol/names.ts';
import type { Sender } from '../protocol/task-commands.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import { RequestRefusedError } from './errors.ts';
import type { HandleParts } from './handle-parts.ts';
import { notRunning } from './not-running.ts';
import { questionsInHistory } from './open-questions.ts';
import { queryProgress } from './query-progress.ts';
import { claimedSender } from './send-command.ts';

export interface ReplyOptions {
  /** False tells the model that the call failed, or that the person can't say. Default: true. */
  ok?: boolean;
  /** Who replies; kept with the task. Default: this process's user and host, as they say of themselves. */
  by?: Sender;
}

/** @throws as TaskHandle.reply. */
export async function sendReply(
  parts: HandleParts,
  named: string | undefined,
  content: unknown,
  { ok = true, by = claimedSender() }: ReplyOptions = {},
): Promise<void> {
  const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? 'null');
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_REPLY_BYTES)
    throw new RequestRefusedError(`the reply has ${bytes} bytes, at most ${MAX_REPLY_BYTES} are allowed`);
  const progress = await queryProgress(parts);
  // Without a worker the history says what is open: the reply is kept there, too.
  const questions = progress ? progress.questions : named === undefined ? await inHistory(parts) : undefined;
  if (named === undefined && !questions?.length && !(await isRunning(parts))) throw await notRunning(parts);
  const handle = named ?? theOneOf(questions).handle;
  const question = questions?.find((one) => one.handle === handle);
  const problem = ok && question ? replyProblem(question, text) : undefined;
  if (problem !== undefined) throw new RequestRefusedError(problem);
  const signal: Reply = { handle, ok, content: text, by };
  try {
    await translatingConnectionErrors(() =>
      parts.client.workflow.getHandle(parts.taskId).signal(SIGNALS.answer, signal),
    );
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? await notRunning(parts) : error;
  }
}

async function isRunning({ client, taskId }: HandleParts): Promise<boolean> {
  try {
    const { status } = await translatingConnectionErrors(() => client.workflow.getHandle(taskId).describe());
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function inHistory(parts: HandleParts): Promise<OpenQuestion[]> {
  try {
    return await questionsInHistory(parts);
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? await notRunning(parts) : error;
  }
}

/** The question that is meant by a reply that names none. @throws RequestRefusedError when it is not one alone. */
function theOneOf(questions: readonly OpenQuestion[] = []): OpenQuestion {
  const [first, ...others] = questions;
  if (!first)
    throw new RequestRefusedError('no question of this task is known to be open; name the handle that you reply to');
  if (others.length === 0) return first;
  const all = questions.map(({ handle, question }) => `${handle} “${question.slice(0, 80)}”`);
  throw new RequestRefusedError(`several questions are open; name the one that you reply to: ${all.join('; ')}`);
}
