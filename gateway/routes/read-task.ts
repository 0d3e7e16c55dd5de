// read-task.ts: GET of a task, of its result, of its events, and of a text that it cites.

import { z } from '@hono/zod-openapi';
import { answerMarkdown } from '../../protocol/answer.ts';
import { dataMarkdown } from '../../protocol/answer-data.ts';
import type { EventCursor } from '../../protocol/events.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { TaskNotFoundError } from '../../client/errors.ts';
import { unauthorized } from '../doors/door.ts';
import { BothReader, hubOfCursor } from '../live/both-reader.ts';
import { StreamReader } from '../live/reader.ts';
import type { TaskHub } from '../live/task-hub.ts';
import { accepted } from '../wire/accept.ts';
import { readCursor } from '../wire/cursor.ts';
import { ProblemError } from '../wire/problems.ts';
import type { TaskView } from '../wire/schemas.ts';
import { shownOf } from '../wire/task-view.ts';
import { traceView } from '../wire/trace.ts';
import { isEnded } from '../wire/transitions.ts';
import { fromWire, toWire } from '../../protocol/wire.ts';
import type { Ctx, Services } from './context.ts';
import { readQuery } from './read-request.ts';
import { sseResponse, taskStream } from './sse.ts';

export const waitQuery = z.strictObject({ wait: z.coerce.number().int().min(0).max(25).optional() });
export const eventsQuery = z.strictObject({
  after: z.string().max(128).optional(),
  ticket: z.string().max(64).optional(),
  background: z.enum(['true', 'false']).optional(),
});
export const sourceQuery = z.strictObject({
  line: z.coerce.number().int().min(1).optional(),
  context: z.coerce.number().int().min(0).max(1_000).optional(),
});

/** How long a change without an event may go unseen. */
const LOOK_MS = 1_000;

/** Whoever waits for the close of a task that has its answer waits for moments. */
function retryAfter({ status, closed_at }: TaskView): { 'retry-after'?: string } {
  if (closed_at !== null) return {};
  return { 'retry-after': isEnded(status) ? '1' : '5' };
}

async function hubOf(c: Ctx, { hubs }: Services): Promise<TaskHub> {
  const id = c.req.param('id') ?? '';
  const { tenant, onlyTask = id } = c.var.caller;
  if (id !== onlyTask) throw new TaskNotFoundError(id);
  return await hubs.open(id, tenant);
}

export async function readTask(c: Ctx, services: Services): Promise<Response> {
  const { wait = 0 } = readQuery(c, waitQuery);
  needs(c, ['application/json']);
  const hub = await hubOf(c, services);
  hub.follow();
  const known = c.req.header('if-none-match');
  const until = Date.now() + wait * 1_000;
  for (;;) {
    const view = await hub.view();
    c.set('sessionId', view.agent_session_id);
    const { json, etag } = shownOf(view);
    const isKnown = known?.split(',').some((one) => one.trim() === etag || one.trim() === '*') ?? false;
    const left = until - Date.now();
    // An answer is there before its task has closed; what ended without one has no more to give until then.
    const hasEnded = view.closed_at !== null || view.status === 'completed';
    const isOver = hasEnded || left <= 0 || services.isClosing() || c.req.raw.signal.aborted;
    // Whoever has seen the task waits for a change of it; whoever has not, for its end.
    if (isOver || (known !== undefined && !isKnown)) {
      const headers = { etag, 'cache-control': 'no-cache', ...retryAfter(view) };
      return isKnown
        ? c.body(null, 304, headers)
        : c.body(json, 200, { ...headers, 'content-type': 'application/json' });
    }
    await hub.bell.wait(Math.min(left, LOOK_MS), c.req.raw.signal);
    if (!(await services.standing.isGood(c.var.caller))) throw unauthorized();
  }
}

export async function readResult(c: Ctx, services: Services): Promise<Response> {
  readQuery(c, z.strictObject({}));
  const type = needs(c, ['application/json', 'text/markdown']);
  const hub = await hubOf(c, services);
  const view = await hub.view();
  c.set('sessionId', view.agent_session_id);
  if (!isEnded(view.status))
    throw new ProblemError(
      'task_open',
      'it is still at work; its result is there once it is completed, or closed_at is set',
    );
  if (!view.result) throw new ProblemError('result_gone', 'this task left no result that is still kept');
  if (type === 'application/json') return c.json(view.result);
  return c.body(markdownOf(fromWire<TaskResult>(view.result as never)), 200, {
    'content-type': 'text/markdown; charset=utf-8',
  });
}

export async function readPlan(c: Ctx, services: Services): Promise<Response> {
  readQuery(c, z.strictObject({}));
  needs(c, ['application/json']);
  const { taskId } = await hubOf(c, services);
  const plan = await (await services.client.get(taskId, { tenant: c.var.caller.tenant })).plan();
  if (!plan) throw new ProblemError('plan_not_found', 'it is not planned yet, or no worker answers who knows its plan');
  return c.json(toWire(plan), 200, { 'cache-control': 'no-cache' });
}

export async function readTrace(c: Ctx, services: Services): Promise<Response> {
  readQuery(c, z.strictObject({}));
  needs(c, ['application/json']);
  const { taskId } = await hubOf(c, services);
  const task = await services.client.get(taskId, { tenant: c.var.caller.tenant });
  return c.json(traceView(await task.trace(), Date.now()), 200, { 'cache-control': 'no-cache' });
}

/** The answer; of a task that has none, what it had found until its end. */
function markdownOf({ answer, data, draft, failure, outcome }: TaskResult): string {
  if (answer) return answerMarkdown(answer, dataMarkdown(data));
  const why = failure ? `: ${failure.message}` : '';
  return `> This task ended as ${outcome}${why}\n\n${draft ?? ''}`;
}

export async function readEvents(c: Ctx, services: Services): Promise<Response> {
  const { after, background } = readQuery(c, eventsQuery);
  needs(c, ['text/event-stream']);
  // What the browser last saw is newer than what the address says.
  const at = c.req.header('last-event-id') || after;
  const cursor = at === undefined || at === '' ? undefined : readCursor(at);
  const hub = await hubOf(c, services);
  const options = { watch: (end: () => void) => services.standing.watch(c.var.caller, end) };
  const openBehind =
    background === 'true' ? () => services.hubs.openBackground(hub.taskId, c.var.caller.tenant) : undefined;
  const from = cursor ? await hubOfCursor(hub, cursor, openBehind, c.req.raw.signal) : hub;
  const isLast = !openBehind || from !== hub;
  // Told that there is no more, an EventSource does not come back.
  if (isLast && cursor && isAtEnd(from, cursor)) return c.body(null, 204);
  if (isLast) return taskStream(from, cursor, options);
  return sseResponse(new BothReader(new StreamReader(hub, cursor), openBehind), options);
}

function isAtEnd(hub: TaskHub, cursor: EventCursor): boolean {
  const { last } = hub.log;
  return hub.isEnded && (!last || (cursor.run === last.run && cursor.n >= last.n));
}

export async function readSource(c: Ctx, services: Services): Promise<Response> {
  const { line, context = 20 } = readQuery(c, sourceQuery);
  needs(c, ['text/plain']);
  const sha = c.req.param('sha') ?? '';
  const hub = await hubOf(c, services);
  const { status, result } = await hub.view();
  if (!isEnded(status)) throw new ProblemError('task_open', 'what it cites is there once it has ended');
  const cited = result?.answer?.citations.some(({ sha256 }) => sha256 === sha) ?? false;
  if (!cited) throw new ProblemError('source_not_found', 'the answer of this task cites no text of this hash');
  const text = Buffer.from(await services.store.getBlob(sha)).toString('utf8');
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  if (line === undefined) return c.body(text, 200, headers);
  const lines = text.split('\n');
  const from = Math.max(1, line - context);
  return c.body(lines.slice(from - 1, line + context).join('\n'), 200, { ...headers, 'x-first-line': String(from) });
}

/** @throws ProblemError (not_acceptable). */
function needs<T extends string>(c: Ctx, types: readonly T[]): T {
  const type = accepted(c.req.header('accept'), types);
  if (!type) throw new ProblemError('not_acceptable', `${types.join(' or ')} is given here`);
  return type;
}
