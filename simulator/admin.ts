// admin.ts: faults, fault plans, the request log and its report over HTTP, for tests whose simulator is another process. Loopback only.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, badRequest } from './api-error.ts';
import { RunningPlan } from './draw-faults.ts';
import type { ServerContext } from './exchange.ts';
import { planProblem, type FaultPlan } from './fault-plan.ts';
import { faultProblem } from './fault-problem.ts';
import type { Fault } from './faults.ts';
import { readBody, sendJson } from './http.ts';

const LOOPBACK = /^(::1$|127\.|::ffff:127\.)/;
/** A web page that rebinds its name to 127.0.0.1 still sends that name. */
const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/** `POST|DELETE /_simulator/faults`, `PUT|DELETE /_simulator/plan`, `GET /_simulator/requests|report`. @throws ApiError */
export async function serveAdmin(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  context: ServerContext,
): Promise<void> {
  const isLocal = LOOPBACK.test(request.socket.remoteAddress ?? '') && LOCAL_HOST.test(request.headers.host ?? '');
  if (!isLocal || request.headers.origin !== undefined) {
    throw new ApiError(403, 'Only programs on this machine may do this.', 'loopback_only');
  }
  const route = `${request.method} ${path.slice('/_simulator/'.length)}`;
  if (route === 'GET requests') {
    const requests = context.log.records.map(({ body: _body, ...record }) => record);
    return sendJson(response, 200, { requests, inFlight: context.inFlight });
  }
  if (route === 'GET report') return sendJson(response, 200, context.log.report());
  if (route === 'PUT plan') {
    const plan = await readJson(request, 'The body must be a fault plan, as JSON.');
    const problem = planProblem(plan);
    if (problem) throw badRequest(problem);
    context.plan = new RunningPlan(plan as FaultPlan);
    response.writeHead(204).end();
    return undefined;
  }
  if (route === 'DELETE plan') {
    context.plan = undefined;
    response.writeHead(204).end();
    return undefined;
  }
  if (route === 'DELETE faults') {
    context.faults.clear();
    response.writeHead(204).end();
    return undefined;
  }
  if (route === 'POST faults') {
    const faults = await readFaults(request);
    for (const fault of faults) context.faults.inject(fault);
    return sendJson(response, 201, { injected: faults.length });
  }
  throw new ApiError(404, `Unknown request URL: ${request.method} ${path}.`, 'unknown_url');
}

/** One fault or an array of them: all make sense, or none is taken. */
async function readFaults(request: IncomingMessage): Promise<Fault[]> {
  const value = await readJson(request, 'The body must be a fault or an array of faults, as JSON.');
  const faults: unknown[] = Array.isArray(value) ? value : [value];
  for (const fault of faults) {
    const problem = faultProblem(fault);
    if (problem) throw badRequest(problem);
  }
  return faults as Fault[];
}

async function readJson(request: IncomingMessage, otherwise: string): Promise<unknown> {
  try {
    return JSON.parse((await readBody(request)).toString('utf8')) as unknown;
  } catch {
    throw badRequest(otherwise);
  }
}
