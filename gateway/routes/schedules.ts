// schedules.ts: questions that are asked again and again: made, listed, paused, run now, removed. A tenant sees and names its own.

import { randomBytes } from 'node:crypto';
import type { Schedule } from '../../protocol/schedules.ts';
import { fieldsRefused, ProblemError } from '../wire/problems.ts';
import { newSchedule } from '../wire/request-schemas.ts';
import type { Ctx, Services } from './context.ts';
import { readBody } from './read-request.ts';
import { inputOf, rowOf, rulesOf } from './start-task.ts';

/** Each is a standing order for tasks that nobody counts when they start. */
const MOST = 100;

export async function makeSchedule(c: Ctx, services: Services): Promise<Response> {
  const { client, classOf } = services;
  const { tenant } = c.var.caller;
  const { name, cron, timezone, overlap, ...body } = await readBody(c, newSchedule);
  if (services.isClosing()) throw new ProblemError('closing', 'this gateway is being stopped; nothing was kept');
  const sent = body.sources.findIndex((source) => typeof source === 'object' && source.kind === 'upload');
  if (sent >= 0) throw refused(`/sources/${sent}`, 'a file that was sent is kept for days only; name another source');
  const input = await inputOf(body, await rowOf(body, classOf), tenant, rulesOf(c, services));
  let there = 0;
  for await (const _one of client.schedules({ tenant })) there += 1;
  if (there >= MOST) throw refused('/cron', `this tenant has ${there} schedules, and may have ${MOST}; remove one`);
  const made = await client.schedule({
    ...input,
    cron,
    // The words of a goal are not for an access log.
    name: name ?? `schedule-${randomBytes(6).toString('hex')}`,
    ...(timezone === undefined ? {} : { timezone }),
    ...(overlap === undefined ? {} : { overlap }),
  });
  return c.json(shown(made), 201, { location: `${new URL(c.req.url).pathname}/${encodeURIComponent(made.name)}` });
}

export async function listSchedules(c: Ctx, { client }: Services): Promise<Response> {
  const schedules = [];
  for await (const one of client.schedules({ tenant: c.var.caller.tenant })) schedules.push(shown(one));
  return c.json({ schedules });
}

export const readSchedule = async (c: Ctx, services: Services): Promise<Response> =>
  c.json(shown(await named(c, services).describe()));

export async function removeSchedule(c: Ctx, services: Services): Promise<Response> {
  await named(c, services).remove();
  return c.body(null, 204);
}

export async function pauseSchedule(c: Ctx, services: Services): Promise<Response> {
  await named(c, services).pause(`paused by ${c.var.caller.name} over HTTP`);
  return await readSchedule(c, services);
}

export async function resumeSchedule(c: Ctx, services: Services): Promise<Response> {
  await named(c, services).resume(`resumed by ${c.var.caller.name} over HTTP`);
  return await readSchedule(c, services);
}

export async function runSchedule(c: Ctx, services: Services): Promise<Response> {
  if (services.isClosing()) throw new ProblemError('closing', 'this gateway is being stopped; nothing was started');
  const taskId = await services.starts.runSchedule(named(c, services));
  return c.json(
    { task_id: taskId ?? null },
    202,
    taskId === undefined ? {} : { location: services.urlsOf(taskId).self },
  );
}

function named(c: Ctx, { client }: Services) {
  const name = c.req.param('id') ?? '';
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name)) throw new ProblemError('schedule_not_found', 'there is no such schedule');
  return client.scheduled(name, { tenant: c.var.caller.tenant });
}

const shown = ({ name, cron, timezone, overlap, goal, class: row, paused, next, runs }: Schedule) => ({
  name,
  cron,
  timezone,
  overlap,
  goal,
  class: row,
  paused,
  next: next.map((at) => new Date(at).toISOString()),
  runs: runs.map(({ taskId, at }) => ({ task_id: taskId, at: new Date(at).toISOString() })),
});

const refused = (pointer: string, detail: string): ProblemError => fieldsRefused([{ pointer, detail }]);
