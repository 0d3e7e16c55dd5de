// start-task.ts: POST /tasks. Temporal has the task before anybody is told of it.

import type { TaskInput } from '../../client/muster-client.ts';
import { RequestRefusedError } from '../../client/errors.ts';
import { limitsProblem, type RequestClass, type TaskLimits } from '../../protocol/classes.ts';
import { outputSchemaProblem } from '../../protocol/schemas/output-schema.ts';
import { goalProblem } from '../../protocol/task.ts';
import { unauthorized } from '../doors/door.ts';
import type { TaskHub } from '../live/task-hub.ts';
import { accepted } from '../wire/accept.ts';
import { estimateOf } from '../wire/estimate.ts';
import { ProblemError } from '../wire/problems.ts';
import { newTask, type NewTask } from '../wire/schemas.ts';
import { isEnded } from '../wire/transitions.ts';
import { fromWire } from '../../protocol/wire.ts';
import type { Ctx, Services } from './context.ts';
import { sourcesOf, type SourceRules } from './named-sources.ts';
import { readBody, readPrefer } from './read-request.ts';
import { sseResponse } from './sse.ts';

const RETRY_SECONDS = 5;

export async function startTask(c: Ctx, services: Services): Promise<Response> {
  const { starts, hubs, urlsOf, classOf } = services;
  const { caller } = c.var;
  const { tenant } = caller;
  const rules = { ...services.sources, uploads: services.uploads, ...(caller.paths ? {} : { pathsFrom: undefined }) };
  const type = accepted(c.req.header('accept'), ['application/json', 'text/event-stream']);
  if (!type) throw new ProblemError('not_acceptable', 'application/json and text/event-stream are given');
  const prefer = readPrefer(c.req.header('prefer'));
  const key = readKey(c.req.header('idempotency-key'));
  await starts.refuseIfFull();
  const body = await readBody(c, newTask, { before: refuseReserved });
  if (services.isClosing()) throw new ProblemError('closing', 'this gateway is being stopped; nothing was started');
  const row = await rowOf(body, classOf);
  const input = await inputOf(body, row, tenant, rules);
  const taskId = await starts.start(input, key);
  const headers = {
    location: urlsOf(taskId).self,
    ...(prefer.applied === undefined ? {} : { 'preference-applied': prefer.applied }),
  };
  if (type === 'text/event-stream') {
    const hub = await hubs.open(taskId, tenant);
    return sseResponse(hub, undefined, { headers, watch: (end) => services.standing.watch(caller, end) });
  }
  if (key === undefined && prefer.wait === 0) {
    const view = { task_id: taskId, status: 'queued', created_at: new Date().toISOString() };
    return accept(c, { ...view, ...estimateOf(row), urls: urlsOf(taskId) }, headers);
  }
  const hub = await hubs.open(taskId, tenant);
  if (prefer.wait > 0) {
    await hub.untilEnded(prefer.wait * 1_000, c.req.raw.signal);
    if (!(await services.standing.isGood(caller))) throw unauthorized();
  }
  return await found(c, hub, headers);
}

/** The task as it is by now: one that was asked for before may have ended. */
async function found(c: Ctx, hub: TaskHub, headers: Record<string, string>): Promise<Response> {
  const view = await hub.view();
  if (isEnded(view.status)) return c.json(view, 200, headers);
  const { task_id, status, created_at, estimated_time, estimated_time_range, estimated_time_basis, urls } = view;
  const estimate = { estimated_time, estimated_time_range, estimated_time_basis };
  return accept(c, { task_id, status, created_at, ...estimate, urls }, headers);
}

const accept = (c: Ctx, body: object, headers: Record<string, string>): Response =>
  c.json(body, 202, { ...headers, 'retry-after': String(RETRY_SECONDS) });

function readKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(header))
    throw new ProblemError('header_invalid', 'Idempotency-Key may have 1 to 255 visible ASCII characters');
  return header;
}

/** Fields that will mean something: whoever sends them must not believe that they do already. */
const RESERVED: Readonly<Record<string, string>> = {
  webhook: 'webhooks are not there yet; follow urls.events or ask for the task again',
  notify: 'notifications are not there yet; follow urls.events or ask for the task again',
  background: 'subtasks in the background are not there yet; leave it out',
};

function refuseReserved(value: unknown): void {
  if (value === null || typeof value !== 'object') return;
  const errors = Object.entries(RESERVED).flatMap(([name, detail]) =>
    Object.hasOwn(value, name) ? [{ pointer: `/${name}`, detail }] : [],
  );
  const [first] = errors;
  if (first) throw new ProblemError('field_reserved', first.detail, { errors });
}

async function rowOf({ class: name }: NewTask, classOf: Services['classOf']): Promise<RequestClass> {
  try {
    return await classOf(name);
  } catch (error) {
    if (error instanceof RequestRefusedError) throw refused('/class', error.message);
    throw error;
  }
}

async function inputOf(
  body: NewTask,
  row: RequestClass,
  tenant: string,
  rules: SourceRules,
): Promise<TaskInput & { tenant: string }> {
  const { goal, session_id: sessionId, output_schema: outputSchema } = body;
  const limits = body.limits && fromWire<TaskLimits>(body.limits as never);
  const problems: [string, string | undefined][] = [
    ['/goal', goalProblem(goal)],
    ['/limits', limits && limitsProblem(row, limits)],
    ['/output_schema', outputSchema && outputSchemaProblem(outputSchema)?.replaceAll('outputSchema', 'output_schema')],
  ];
  for (const [pointer, problem] of problems) if (problem !== undefined) throw refused(pointer, problem);
  return {
    goal,
    sources: await sourcesOf(body.sources, tenant, rules),
    class: row,
    tenant,
    ...(limits ? { limits } : {}),
    ...(outputSchema ? { outputSchema } : {}),
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

const refused = (pointer: string, detail: string): ProblemError =>
  new ProblemError('request_invalid', detail, { errors: [{ pointer, detail }] });
