// sessions.ts: GET /sessions, GET and DELETE /sessions/{id}: the tenant's sessions, as the store knows them.

import { CommandRefusedError } from '../../client/errors.ts';
import { toWire } from '../../protocol/wire.ts';
import { ProblemError } from '../wire/problems.ts';
import type { Ctx, Services } from './context.ts';

/** Longer than most take, and shorter than what stands between a caller and a gateway waits. */
const WAIT_SECONDS = 25;

export async function listSessions(c: Ctx, { client }: Services): Promise<Response> {
  const { tenant } = c.var.caller;
  return c.json({ sessions: toWire(await client.sessions({ tenant })) });
}

export async function readSession(c: Ctx, { client }: Services): Promise<Response> {
  const { tenant } = c.var.caller;
  return c.json(toWire(await client.session(c.req.param('id') ?? '', { tenant })));
}

export async function forgetSession(c: Ctx, { client, hubs }: Services): Promise<Response> {
  const { tenant } = c.var.caller;
  try {
    const receipt = await client.forgetSession(c.req.param('id') ?? '', { tenant, timeoutSeconds: WAIT_SECONDS });
    for (const { taskId, done } of receipt.tasks) if (done) hubs.removed(taskId);
    return c.json(toWire(receipt), receipt.done ? 200 : 202);
  } catch (error) {
    if (error instanceof CommandRefusedError)
      throw new ProblemError(
        'task_open',
        'a question of it is still at work; cancel it, then the session can be forgotten',
      );
    throw error;
  }
}
