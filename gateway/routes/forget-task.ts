// forget-task.ts: DELETE /tasks/{id}: removes a closed task. A worker does it; where none is up, it is recorded.

import { CommandRefusedError } from '../../client/errors.ts';
import { toWire } from '../../protocol/wire.ts';
import { ProblemError } from '../wire/problems.ts';
import type { Ctx, Services } from './context.ts';

/** Longer than most take, and shorter than what stands between a caller and a gateway waits. */
const WAIT_SECONDS = 25;

export async function forgetTask(c: Ctx, { client, hubs }: Services): Promise<Response> {
  const { tenant } = c.var.caller;
  try {
    const id = c.req.param('id') ?? '';
    const receipt = await client.forget(id, { tenant, timeoutSeconds: WAIT_SECONDS });
    if (receipt.done) hubs.removed(id);
    return c.json(toWire(receipt), receipt.done ? 200 : 202);
  } catch (error) {
    if (error instanceof CommandRefusedError)
      throw new ProblemError('task_open', 'it is still at work; cancel it, then it can be forgotten');
    throw error;
  }
}
