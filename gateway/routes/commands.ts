// commands.ts: what a running task is told: that it is cancelled, or the reply that one of its tool calls waits for.

import { MAX_REPLY_BYTES } from '../../protocol/limits.ts';
import { ProblemError } from '../wire/problems.ts';
import { cancelBody, replyBody } from '../wire/schemas.ts';
import { isEnded } from '../wire/transitions.ts';
import type { Ctx, Services } from './context.ts';
import { readBody } from './read-request.ts';

export async function cancelTask(c: Ctx, services: Services): Promise<Response> {
  const { reason } = await readBody(c, cancelBody, { optional: true });
  const taskId = await openTask(c, services);
  const task = await services.client.get(taskId, { tenant: c.var.caller.tenant });
  await task.cancel(reason ?? `cancelled by ${c.var.caller.name} over HTTP`);
  return recorded(c, taskId);
}

export async function replyToCall(c: Ctx, services: Services): Promise<Response> {
  const { handle, content, ok } = await readBody(c, replyBody);
  const bytes = Buffer.byteLength(typeof content === 'string' ? content : (JSON.stringify(content) ?? 'null'));
  if (bytes > MAX_REPLY_BYTES) {
    const detail = `the content has ${bytes} bytes, at most ${MAX_REPLY_BYTES} are allowed`;
    throw new ProblemError('request_invalid', detail, { errors: [{ pointer: '/content', detail }] });
  }
  const taskId = await openTask(c, services);
  const task = await services.client.get(taskId, { tenant: c.var.caller.tenant });
  await task.reply(handle, content ?? null, ok === undefined ? {} : { ok });
  return recorded(c, taskId);
}

const recorded = (c: Ctx, taskId: string): Response => c.json({ task_id: taskId, recorded: true }, 202);

/** @throws ProblemError (task_closed) when it has ended. */
async function openTask(c: Ctx, { hubs }: Services): Promise<string> {
  const hub = await hubs.open(c.req.param('id') ?? '', c.var.caller.tenant);
  const { status } = await hub.view();
  if (isEnded(status)) throw new ProblemError('task_closed', `it has ended as ${status}; nothing was changed`);
  return hub.taskId;
}
