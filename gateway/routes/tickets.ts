// tickets.ts: POST /tasks/{id}/tickets: for a page that follows a task by EventSource or WebSocket.

import { createTicket } from '../doors/tickets.ts';
import { ticketBody } from '../wire/request-schemas.ts';
import type { Ctx, Services } from './context.ts';
import { readBody } from './read-request.ts';

export async function makeTicket(c: Ctx, { store, hubs, urlsOf }: Services): Promise<Response> {
  await readBody(c, ticketBody, { optional: true });
  const { taskId } = await hubs.open(c.req.param('id') ?? '', c.var.caller.tenant);
  const { ticket, expiresAt } = await createTicket(store, taskId, c.var.caller);
  const { events, self } = urlsOf(taskId);
  const urls = {
    events: `${events}?ticket=${ticket}`,
    stream: `${self.slice(0, self.indexOf('/tasks/'))}/stream?ticket=${ticket}`,
  };
  return c.json({ ticket, expires_at: new Date(expiresAt).toISOString(), urls }, 201, { 'cache-control': 'no-store' });
}
