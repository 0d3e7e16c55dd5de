// start-task.ts: POST /tasks. Temporal has the task before anybody is told of it.

import type { TaskInput } from '../../client/task-input.ts';
import { RequestRefusedError } from '../../client/errors.ts';
import { fastLane as lookAtLane } from '../../client/fast-lane.ts';
import { timeAtStart, timeOnceLate } from '../../client/time-left.ts';
import { limitsProblem, type RequestClass, type TaskLimits } from '../../protocol/classes.ts';
import { joinOf, joinProblem, type Hedge, type JoinPolicy } from '../../protocol/join.ts';
import type { Path } from '../../protocol/path.ts';
import { pathAskedOf, type FastLane as LaneNow } from '../../protocol/route.ts';
import type { FastPlace } from '../../worker/fast-lane.ts';
import { MAX_NOTIFY, notifyProblem, type Notify } from '../../protocol/notify.ts';
import { addressProblem, receiverProblem } from '../../protocol/schemas/notify.ts';
import { outputSchemaProblem } from '../../protocol/schemas/output-schema.ts';
import { goalProblem, type BackgroundWork } from '../../protocol/task.ts';
import { unauthorized } from '../doors/door.ts';
import type { TaskHandle } from '../../client/task-handle.ts';
import type { TaskHub } from '../live/task-hub.ts';
import { accepted } from '../wire/accept.ts';
import { estimateOf, type Estimate } from '../wire/estimate.ts';
import { fieldsRefused, ProblemError } from '../wire/problems.ts';
import { newTask, type NewTask } from '../wire/request-schemas.ts';
import { isEnded } from '../wire/transitions.ts';
import { fromWire } from '../../protocol/wire.ts';
import type { Ctx, Services } from './context.ts';
import { sourcesOf, type SourceRules } from './named-sources.ts';
import { readBody, readKey, readPrefer } from './read-request.ts';
import { taskStream } from './sse.ts';

type Rules = SourceRules & Pick<Services, 'notifyFor'>;

const RETRY_SECONDS = 5;

export async function startTask(c: Ctx, services: Services): Promise<Response> {
  const { starts, hubs, urlsOf } = services;
  const { caller } = c.var;
  const { tenant } = caller;
  const cameAt = performance.now();
  const type = accepted(c.req.header('accept'), ['application/json', 'text/event-stream']);
  if (!type) throw new ProblemError('not_acceptable', 'application/json and text/event-stream are given');
  const prefer = readPrefer(c.req.header('prefer'));
  const key = readKey(c);
  await starts.refuseIfFull();
  const body = await readBody(c, newTask);
  if (services.isClosing()) throw new ProblemError('closing', 'this gateway is being stopped; nothing was started');
  const isStream = type === 'text/event-stream';
  const { row, input, path, task } = await begin(c, services, body, { key, isStream });
  const { taskId } = task;
  c.set('taskId', taskId);
  c.set('sessionId', input.sessionId ?? taskId);
  const headers = {
    location: urlsOf(taskId).self,
    // Of one that was there before this verdict says nothing.
    ...(task.isNew ? { 'muster-path': path } : {}),
    ...(prefer.applied === undefined ? {} : { 'preference-applied': prefer.applied }),
  };
  const isWaitedFor = isStream || prefer.wait > 0;
  // A start that took long leaves less of it.
  const budgetMs = path === 'fast' ? row.fastBudgetMs - (performance.now() - cameAt) : Infinity;
  if (path === 'fast' && isWaitedFor) void demoteLate(services, task, tenant, budgetMs);
  if (isStream) {
    const hub = await hubs.open(taskId, tenant, task);
    if (path === 'fast') hub.expectAnswer();
    return taskStream(hub, undefined, { headers, watch: (end) => services.standing.watch(caller, end) });
  }
  if (key === undefined && prefer.wait === 0) {
    const view = {
      task_id: taskId,
      status: 'queued',
      agent_session_id: input.sessionId ?? taskId,
      created_at: new Date().toISOString(),
    };
    return accept(
      c,
      { ...view, ...estimateOf(await timeAtStart(services.store, row, path)), urls: urlsOf(taskId) },
      headers,
    );
  }
  const hub = await hubs.open(taskId, tenant, task);
  let isLate = false;
  if (prefer.wait > 0) {
    const waitMs = prefer.wait * 1_000;
    // By the clock of the gateway, which began before the task's.
    isLate = !(await hub.untilAnswered(Math.min(waitMs, budgetMs), c.req.raw.signal)) && budgetMs <= waitMs;
    if (!(await services.standing.isGood(caller))) throw unauthorized();
  }
  return await found(c, hub, headers, isLate ? estimateOf(await timeOnceLate(services.store, row)) : undefined);
}

interface Begun {
  row: RequestClass;
  input: TaskInput;
  path: Path;
  task: TaskHandle;
}

/** Chooses its path, and starts it. */
async function begin(
  c: Ctx,
  services: Services,
  body: NewTask,
  { key, isStream }: { key: string | undefined; isStream: boolean },
): Promise<Begun> {
  const { tenant } = c.var.caller;
  const row = await rowOf(body, services.classOf);
  const input = await inputOf(body, row, tenant, rulesOf(c, services));
  const mayBeFast = pathAskedOf(input.path, row) !== 'deep';
  // Taken before anything is waited for: of many that come at once no more are let in than can be answered.
  const place = mayBeFast ? services.fastLane?.take() : undefined;
  try {
    const lane = mayBeFast ? await laneFor(place, services) : undefined;
    const route = await services.client.route(input, { isStream, ...(lane ? { lane } : {}) });
    const path = route?.path ?? 'deep';
    const traceparent = c.req.header('traceparent');
    const more = { traceparent, route, place: path === 'fast' ? place : undefined };
    return { row, input, path, task: await services.starts.start(input, key, more) };
  } finally {
    place?.release();
  }
}

/** Who could answer at once, for the router: this process where it does, else what the server has of others. */
async function laneFor(place: FastPlace | undefined, { client, fastLane }: Services): Promise<LaneNow> {
  const load = fastLane?.load();
  if (load) return { ...load, underWay: load.underWay - (place ? 1 : 0) };
  return await lookAtLane(client.temporal, client.deployment);
}

/**
 * Whoever waits is told that it takes longer than an answer at once may, whatever Temporal has to do; of one that is there by
 * then nothing is said.
 */
async function demoteLate({ hubs }: Services, task: TaskHandle, tenant: string, afterMs: number): Promise<void> {
  try {
    const hub = await hubs.open(task.taskId, tenant, task);
    if (await hub.untilAnswered(afterMs)) return;
    hub.tellLate();
    await task.demote();
  } catch {
    // Nobody waits here any more, or it can't be told: the task goes on all the same.
  }
}

/** The task as it is by now: one that was asked for before may have ended. */
async function found(c: Ctx, hub: TaskHub, headers: Record<string, string>, late?: Estimate): Promise<Response> {
  const view = await hub.view();
  if (isEnded(view.status)) return c.json(view, 200, headers);
  const {
    task_id,
    status,
    agent_session_id,
    created_at,
    estimated_time,
    estimated_time_range,
    estimated_time_basis,
    urls,
  } = view;
  const estimate = late ?? { estimated_time, estimated_time_range, estimated_time_basis };
  return accept(c, { task_id, status, agent_session_id, created_at, ...estimate, urls }, headers);
}

const accept = (c: Ctx, body: object, headers: Record<string, string>): Response =>
  c.json(body, 202, { ...headers, 'retry-after': String(RETRY_SECONDS) });

/** Which sources and receivers this caller may name. */
export const rulesOf = (c: Ctx, { sources, uploads, notifyFor }: Services): Rules => ({
  ...sources,
  uploads,
  notifyFor,
  ...(c.var.caller.paths ? {} : { pathsFrom: undefined }),
});

export async function rowOf({ class: name }: NewTask, classOf: Services['classOf']): Promise<RequestClass> {
  try {
    return await classOf(name);
  } catch (error) {
    if (error instanceof RequestRefusedError) throw refused('/class', error.message);
    throw error;
  }
}

export async function inputOf(
  body: NewTask,
  row: RequestClass,
  tenant: string,
  rules: Rules,
): Promise<TaskInput & { tenant: string }> {
  const { goal, session_id: sessionId, output_schema: outputSchema, background, approve, ask_person: askPerson } = body;
  const limits = body.limits && fromWire<TaskLimits>(body.limits as never);
  const join = body.join && fromWire<JoinPolicy>(body.join as never);
  const hedge = body.hedge && fromWire<Hedge>(body.hedge as never);
  const problems: [string, string | undefined][] = [
    ['/goal', goalProblem(goal)],
    ['/sources', body.sources.length === 0 ? noSourceProblem(body, row) : undefined],
    ['/limits', limits && limitsProblem(row, limits)],
    [
      join ? '/join' : '/hedge',
      joinProblem(joinOf({ class: row, ...(join ? { join } : {}), ...(hedge ? { hedge } : {}) }), row),
    ],
    ['/output_schema', outputSchema && outputSchemaProblem(outputSchema)?.replaceAll('outputSchema', 'output_schema')],
  ];
  const notify = notifyOf(body);
  const settings = await rules.notifyFor?.(notify.map(([, one]) => one));
  for (const [pointer, one] of notify) {
    const problem = settings ? receiverProblem(one, settings, tenant) : addressProblem(one);
    problems.push([pointer, notifyProblem(one) ?? problem]);
  }
  if (notify.length > MAX_NOTIFY) problems.push(['/webhook', `at most ${MAX_NOTIFY} may be told of a task`]);
  for (const [i, one] of (background ?? []).entries()) problems.push([`/background/${i}/goal`, goalProblem(one.goal)]);
  for (const [pointer, problem] of problems) if (problem !== undefined) throw refused(pointer, problem);
  return {
    goal,
    sources: await sourcesOf(body.sources, tenant, rules),
    class: row,
    tenant,
    ...(body.path === undefined ? {} : { path: body.path }),
    ...(limits ? { limits } : {}),
    ...(join ? { join } : {}),
    ...(hedge ? { hedge } : {}),
    ...(outputSchema ? { outputSchema } : {}),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(notify.length === 0 ? {} : { notify: notify.map(([, one]) => one) }),
    ...(background === undefined ? {} : { background: background as BackgroundWork[] }),
    ...(approve === undefined ? {} : { approve }),
    ...(askPerson === undefined ? {} : { askPerson }),
    ...(body.board === undefined ? {} : { board: body.board }),
    ...(body.rounds === undefined ? {} : { rounds: body.rounds }),
  };
}

function noSourceProblem({ path }: NewTask, row: RequestClass): string | undefined {
  const { name, uncited } = row;
  if (pathAskedOf(path, row) === 'deep') return 'name at least one source';
  return uncited === false ? `name at least one source: class ${name} is answered from documents alone` : undefined;
}

/** Who is told of it, each with its place in the body. */
function notifyOf({ notify = [], webhook }: NewTask): [string, Notify][] {
  return [
    ...notify.map((one, i): [string, Notify] => [`/notify/${i}`, one as Notify]),
    ...(webhook ? [['/webhook', webhookOf(webhook)] satisfies [string, Notify]] : []),
  ];
}

const webhookOf = ({ url, ...rest }: NonNullable<NewTask['webhook']>): Notify =>
  ({ kind: 'webhook', to: url, ...rest }) as Notify;

const refused = (pointer: string, detail: string): ProblemError => fieldsRefused([{ pointer, detail }]);
