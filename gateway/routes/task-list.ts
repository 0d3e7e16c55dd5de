// task-list.ts: GET /tasks: the tenant's tasks, a page at a time.

import { z } from '@hono/zod-openapi';
import { RequestRefusedError } from '../../client/errors.ts';
import { SEARCH_ATTRIBUTES } from '../../protocol/names.ts';
import { ProblemError } from '../wire/problems.ts';
import { status } from '../wire/schemas.ts';
import type { Ctx, Services } from './context.ts';
import { readQuery } from './read-request.ts';

const label = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'it may have 1 to 64 letters, digits, dots, underscores and dashes');

export const listQuery = z.strictObject({
  status: status.optional(),
  class: label.optional(),
  session_id: label.optional(),
  schedule: label.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  cursor: z.string().max(4_096).optional(),
});

export async function listTasks(c: Ctx, { client }: Services): Promise<Response> {
  const { status: state, class: name, session_id: sessionId, schedule, limit = 50, cursor } = readQuery(c, listQuery);
  const filter = {
    // Always: a list that is not filtered by tenant is never asked for.
    tenant: c.var.caller.tenant,
    limit,
    ...(state ? { state } : {}),
    ...(name === undefined ? {} : { class: name }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(schedule === undefined ? {} : { schedule }),
  };
  const page = await client.listPage(filter, cursor).catch((error: unknown) => {
    if (error instanceof RequestRefusedError && cursor !== undefined)
      throw new ProblemError('cursor_invalid', 'give next_cursor of the page before, with the same filters');
    if (isAttributeMissing(error))
      throw new ProblemError(
        'list_unavailable',
        `the Temporal server does not know the search attribute ${SEARCH_ATTRIBUTES.tenant}; its operator registers it`,
      );
    throw error;
  });
  return c.json({
    tasks: page.tasks.map((one) => ({
      task_id: one.taskId,
      status: one.state,
      goal: one.goal,
      ...(one.class === undefined ? {} : { class: one.class }),
      ...(one.schedule === undefined ? {} : { schedule: one.schedule }),
      created_at: one.startedAt.toISOString(),
      closed_at: one.closedAt?.toISOString() ?? null,
    })),
    next_cursor: page.cursor ?? null,
  });
}

function isAttributeMissing(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (/Muster(?:Tenant|State|Class|Session)|search attribute/i.test(cause.message)) return true;
  return false;
}
