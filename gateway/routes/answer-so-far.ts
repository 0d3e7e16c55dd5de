// answer-so-far.ts: the best answer from what a task has by now; it goes on, or ends with it.

import { TaskCancelledError, TaskFailedError, StillRunningError } from '../../client/errors.ts';
import type { TaskHandle } from '../../client/task-handle.ts';
import type { AskedSoFar } from '../../protocol/answer-so-far.ts';
import { toWire } from '../../protocol/wire.ts';
import { ProblemError } from '../wire/problems.ts';
import { askSoFar } from '../wire/so-far-schemas.ts';
import { MAX_COMMAND_ID, senderOf } from './commands.ts';
import type { Ctx, Services } from './context.ts';
import { MAX_WAIT_SECONDS, readBody, readKey } from './read-request.ts';

/** 202 where it takes longer than an answer may be held back: asked again under the same key, it is waited for on. */
export async function readAnswerSoFar(c: Ctx, services: Services): Promise<Response> {
  const { stop = false } = await readBody(c, askSoFar, { optional: true });
  const id = readKey(c, MAX_COMMAND_ID);
  const { caller } = c.var;
  const { taskId } = await services.hubs.open(c.req.param('id') ?? '', caller.tenant);
  const task = await services.client.get(taskId, { tenant: caller.tenant });
  const by = senderOf(caller);
  try {
    const asked = await withResult(
      task.answerSoFar({ stop, by, timeoutSeconds: MAX_WAIT_SECONDS, ...(id === undefined ? {} : { id }) }),
    );
    return c.json({ task_id: taskId, ...toWire(asked) });
  } catch (error) {
    if (error instanceof StillRunningError) return c.json({ task_id: taskId, recorded: true }, 202);
    throw error;
  } finally {
    (await services.hubs.open(taskId, caller.tenant)).changed();
  }
}

/** A task that failed or was cancelled has a result, too. */
async function withResult(asked: ReturnType<TaskHandle['answerSoFar']>): Promise<AskedSoFar> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof TaskFailedError || error instanceof TaskCancelledError)) throw error;
    if (!error.result) throw new ProblemError('result_gone', 'what this task left is not kept any more');
    return { isFinal: true, result: error.result };
  }
}
