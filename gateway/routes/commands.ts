// commands.ts: what a running task is told: each kind of command, that it is cancelled, or the reply that one of its tool calls
// waits for.

import { MAX_REPLY_BYTES } from '../../protocol/limits.ts';
import { taskCommandProblem, type CommandBody, type CommandKind, type Sender } from '../../protocol/task-commands.ts';
import { fromWire } from '../../protocol/wire.ts';
import type { Caller } from '../doors/caller.ts';
import { BODY_IS_OPTIONAL, COMMAND_BODIES } from '../wire/command-bodies.ts';
import { fieldsRefused, ProblemError } from '../wire/problems.ts';
import { cancelBody, emptyBody, redeliverBody, replyBody } from '../wire/request-schemas.ts';
import { isEnded } from '../wire/transitions.ts';
import type { Ctx, Services } from './context.ts';
import { readBody, readKey } from './read-request.ts';

/** Answers a command of this kind: what it changed, or that it is kept for when a worker comes. */
export const commandTask =
  (kind: CommandKind) =>
  async (c: Ctx, services: Services): Promise<Response> => {
    const body = await readBody(c, COMMAND_BODIES[kind], { optional: BODY_IS_OPTIONAL.has(kind) });
    const id = readKey(c, MAX_COMMAND_ID);
    const command = { kind, ...fromWire<object>(body as never) } as CommandBody;
    const problem = taskCommandProblem(command);
    if (problem) throw new ProblemError('request_invalid', problem);
    const { caller } = c.var;
    // Who asks again under its key gets the first answer, also where the task has ended by it.
    const taskId = await openTask(c, services, { mayHaveEnded: id !== undefined });
    const task = await services.client.get(taskId, { tenant: caller.tenant });
    const receipt = await task.command(command, { by: senderOf(caller), ...(id === undefined ? {} : { id }) });
    if (!receipt.applied) return recorded(c, taskId);
    const { n, effect } = receipt;
    (await services.hubs.open(taskId, caller.tenant)).changed();
    return c.json({ task_id: taskId, applied: true, n, effect });
  };

/** As a command's id may be. */
export const MAX_COMMAND_ID = 100;

/** Whoever is on the machine of a gateway without keys has shown nothing. */
export const senderOf = ({ name, paths }: Caller): Sender => ({
  name: name.slice(0, 200),
  how: paths ? 'claimed' : 'key',
});

export async function cancelTask(c: Ctx, services: Services): Promise<Response> {
  const { reason } = await readBody(c, cancelBody, { optional: true });
  const taskId = await openTask(c, services);
  const task = await services.client.get(taskId, { tenant: c.var.caller.tenant });
  await task.cancel(reason, { by: senderOf(c.var.caller) });
  return recorded(c, taskId);
}

export async function replyToCall(c: Ctx, services: Services): Promise<Response> {
  const { handle, content, ok } = await readBody(c, replyBody);
  const bytes = Buffer.byteLength(typeof content === 'string' ? content : (JSON.stringify(content) ?? 'null'));
  if (bytes > MAX_REPLY_BYTES) {
    const detail = `the content has ${bytes} bytes, at most ${MAX_REPLY_BYTES} are allowed`;
    throw fieldsRefused([{ pointer: '/content', detail }]);
  }
  const taskId = await openTask(c, services);
  const task = await services.client.get(taskId, { tenant: c.var.caller.tenant });
  await task.reply(handle, content ?? null, { by: senderOf(c.var.caller), ...(ok === undefined ? {} : { ok }) });
  return recorded(c, taskId);
}

/** Sends once more what was given up behind the answer of a task. */
export async function redeliverTold(c: Ctx, services: Services): Promise<Response> {
  const { ids } = await readBody(c, redeliverBody, { optional: true });
  const task = await services.client.get(c.req.param('id') ?? '', { tenant: c.var.caller.tenant });
  await task.redeliver(ids);
  services.hubs.reopenBackground(task.taskId);
  return recorded(c, task.taskId);
}

/** Ends what goes on behind the answer of a task. */
export async function cancelBackground(c: Ctx, services: Services): Promise<Response> {
  await readBody(c, emptyBody, { optional: true });
  const task = await services.client.get(c.req.param('id') ?? '', { tenant: c.var.caller.tenant });
  await task.cancelBackground();
  return recorded(c, task.taskId);
}

const recorded = (c: Ctx, taskId: string): Response => c.json({ task_id: taskId, recorded: true }, 202);

/** @throws ProblemError (task_closed) when it has ended. */
async function openTask(c: Ctx, { hubs }: Services, { mayHaveEnded = false } = {}): Promise<string> {
  const hub = await hubs.open(c.req.param('id') ?? '', c.var.caller.tenant);
  if (mayHaveEnded) return hub.taskId;
  const { status } = await hub.view();
  if (isEnded(status)) throw new ProblemError('task_closed', `it has ended as ${status}: this changes nothing more`);
  return hub.taskId;
}
