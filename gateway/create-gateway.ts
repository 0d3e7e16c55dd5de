// create-gateway.ts: the API as a function from a request to its answer, for any server that has one; and `upgrade` for its
// WebSocket. Starts and reads tasks through the client library; works on none, and holds no model's key.

import { randomUUID } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { resolveClass } from '../client/classes.ts';
import { MusterError, RequestRefusedError, TaskCancelledError, TaskFailedError } from '../client/errors.ts';
import type { MusterClient } from '../client/muster-client.ts';
import { timeInAll } from '../client/time-left.ts';
import { withOwnNotifiers } from '../client/receivers.ts';
import { wholeResult } from '../client/whole-result.ts';
import type { TaskStatus } from '../client/status.ts';
import { DEFAULT_CLASS, type RequestClass } from '../protocol/classes.ts';
import { STEP_LOGS } from '../protocol/names.ts';
import type { Notify } from '../protocol/notify.ts';
import type { NotifySettings } from '../protocol/schemas/notify.ts';
import { observedStore } from '../store/observed-store.ts';
import type { Store } from '../store/store.ts';
import { metrics } from '../telemetry/metrics/registry.ts';
import { namingSessions } from './access-log.ts';
import { ADMISSION, Admission } from './doors/admission.ts';
import { LOCAL } from './doors/caller.ts';
import { Door } from './doors/door.ts';
import { KeyRing } from './doors/keys.ts';
import { corsHeaders, preflight, refuseForeignPage } from './doors/origins.ts';
import { Outages, type Part } from './doors/outages.ts';
import { Standing } from './doors/standing.ts';
import { Starts } from './doors/starts.ts';
import { Uploads } from './doors/uploads.ts';
import { Hubs } from './live/hubs.ts';
import type { GatewayOptions } from './options.ts';
import type { AccessEntry, Services, Variables } from './routes/context.ts';
import { openApiDocument } from './routes/openapi.ts';
import { spendBody } from './routes/read-request.ts';
import type { Route } from './routes/route.ts';
import { ROUTES } from './routes/table.ts';
import { upgradeHandler, type Upgrade } from './routes/websocket.ts';
import { problemOf } from './wire/problem-of.ts';
import { ProblemError, problemResponse } from './wire/problems.ts';

export interface Gateway {
  fetch: (request: Request) => Promise<Response>;
  /** For the event `upgrade` of Node's server. Answers or ends the socket in any case. */
  upgrade: Upgrade;
  /** True when an upgrade is for this gateway. */
  isStream: (url: string | undefined) => boolean;
  /** Ends all streams, each with a word how to go on; takes nothing new from then on. The client stays open. */
  close: () => Promise<void>;
}

/** Without a file the notifiers that workers have are known by `notify` alone. */
const notifyFor = async (
  notify: NotifySettings,
  receivers: readonly Notify[],
  configPath: string | undefined,
): Promise<NotifySettings> =>
  configPath === undefined ? notify : await withOwnNotifiers(notify, receivers, configPath);

/** @throws MusterError when the client has no store. */
export function createGateway(options: GatewayOptions): Gateway {
  const {
    client,
    basePath = '',
    onRequest = () => undefined,
    onError = () => undefined,
    origins = [],
    notify,
  } = options;
  if (!client.store)
    throw new MusterError(
      'the store of this deployment can’t be read from here',
      'Set MUSTER_HOME or MUSTER_STORE_URL.',
    );
  const store = observedStore(client.store, {
    failed: (operation) => metrics.add('muster_store_errors_total', { operation }),
  });
  let closing = false;
  const classOf = (name: string | undefined): Promise<RequestClass> => resolveClass(name, options.configPath);
  const urlsOf = (taskId: string) => {
    const self = `${basePath}/tasks/${encodeURIComponent(taskId)}`;
    return { self, events: `${self}/events`, result: `${self}/result` };
  };
  const hubs = new Hubs(client, store, {
    expectedOf: async (status) => await timeInAll(store, status, await knownRow(status, store, classOf)),
    resultOf: (taskId) => resultOf(taskId, client, store),
    draftOf: async (run) =>
      (await store.getPartial({ run, subtask: STEP_LOGS.synthesize, generation: 1 })) ??
      (await store.getPartial({ run, subtask: STEP_LOGS.direct, generation: 1 })),
    wordsOf: (taskId) => options.fastLane?.textOf(taskId),
    textOf: (run, { subtask, generation }) => store.getPartial({ run, subtask, generation }),
    urlsOf,
    logBytes: options.logBytes ?? 4 * 1024 * 1024,
    most: options.mostTasks ?? 2_000,
    report: onError,
  });
  const { fastLane } = options;
  const unhear = fastLane?.hear((taskId, text) => hubs.hear(taskId, text));
  const limitsOf = (tenant: string) => options.tenants?.[tenant] ?? options.limits ?? {};
  const ofStore = storePart(store);
  const door = new Door(store, options.authenticate ?? (() => LOCAL), limitsOf, new Outages([ofStore]));
  const outages = new Outages([serverPart(client), ofStore]);
  const admission = new Admission({ ...ADMISSION, ...options.admission }, outages, () =>
    soon(client, () => client.queued()),
  );
  const services: Services = {
    client,
    store,
    hubs,
    starts: new Starts(client, store, admission, limitsOf),
    fastLane,
    standing: new Standing(new KeyRing(store)),
    uploads: new Uploads(store, options.uploadBytes ?? 20_000_000, limitsOf),
    sources: { named: options.sources ?? {}, pathsFrom: options.pathsFrom },
    notifyFor: notify && ((receivers) => notifyFor(notify, receivers, options.configPath)),
    classOf,
    urlsOf,
    isClosing: () => closing,
  };
  const note = namingSessions(store, onRequest);
  const app = new Hono<{ Variables: Variables }>();
  const document = JSON.stringify(openApiDocument(basePath === '' ? '/' : basePath));

  app.use(async (c, next) => {
    const began = performance.now();
    const asked = c.req.header('x-request-id') ?? '';
    c.set('requestId', /^[\w.-]{1,64}$/.test(asked) ? asked : randomUUID());
    await next();
    await spendBody(c.req.raw);
    c.header('x-request-id', c.var.requestId);
    // A stream has no body that could say it.
    if (c.get('sessionId') !== undefined && c.res.status < 400) c.header('agent-session-id', c.get('sessionId'));
    for (const [name, value] of Object.entries(corsHeaders(c.req.header('origin'), origins))) c.header(name, value);
    note(entryOf(c, performance.now() - began));
  });
  app.use(async (c, next) => {
    const { method } = c.req;
    checkHost(c.req.raw, options.hosts);
    refuseForeignPage({ method, origin: c.req.header('origin'), host: c.req.header('host') }, origins);
    return preflight(c.req.raw, origins) ?? (await next());
  });
  for (const route of ROUTES) {
    app.on(route.method.toUpperCase(), route.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
      c.set('route', route.path);
      const id = route.path.startsWith('/tasks/{id}') ? c.req.param('id') : undefined;
      if (id !== undefined) c.set('taskId', id);
      const ticket = route.takesTicket ? c.req.query('ticket') : undefined;
      try {
        if (route.scope) c.set('caller', await door.admit(c.req.raw, route.scope, ticket));
        return await route.handle(c, services);
      } catch (error) {
        if (route.startsTasks) metrics.add('muster_tasks_refused_total', { reason: problemOf(error).code });
        throw error;
      }
    });
  }
  app.get('/openapi.json', (c) => c.body(document, 200, { 'content-type': 'application/json' }));
  app.get('/stream', () => {
    throw new ProblemError('upgrade_required', 'connect to it as a WebSocket', { headers: { upgrade: 'websocket' } });
  });
  app.notFound((c) => problemResponse(nothingAt(c.req.path), c.var.requestId));
  app.onError((error, c) => {
    const problem = problemOf(error);
    if (problem.code === 'internal') onError(error);
    return problemResponse(problem, c.var.requestId);
  });

  const sockets = upgradeHandler(services, {
    door,
    origins,
    hosts: options.hosts,
    heartbeatMs: options.heartbeatMs ?? 14_000,
    onRequest: note,
    onError,
  });
  return {
    fetch: async (request) => await app.fetch(request),
    upgrade: sockets.upgrade,
    isStream: sockets.isStream,
    close: async () => {
      closing = true;
      unhear?.();
      hubs.stop();
      await sockets.close();
    },
  };
}

/** Of what is asked now and then the client tries no more after so long. */
const LOOK_MS = 2_000;

const soon = <T>({ temporal }: MusterClient, ask: () => Promise<T>): Promise<T> =>
  temporal.connection.withDeadline(Date.now() + LOOK_MS, ask);

/** Both are looked at by what costs least: nobody waits for the answer. */
const serverPart = (client: MusterClient): Part => ({
  code: 'server_unreachable',
  detail: 'the Temporal server does not answer; what it had taken is kept: ask again with the same Idempotency-Key',
  look: () => client.ping(),
});

const storePart = (store: Store): Part => ({
  code: 'store_unavailable',
  detail: 'the store does not answer; nothing was started',
  look: async () => await store.getRecord('gateway-look', 'any'),
});

function entryOf(c: Context<{ Variables: Variables }>, ms: number): AccessEntry {
  const caller = c.get('caller');
  const route = c.get('route');
  const taskId = c.get('taskId');
  const sessionId = c.get('sessionId');
  const traceparent = c.req.header('traceparent');
  return {
    requestId: c.var.requestId,
    method: c.req.method,
    path: c.req.path,
    status: c.res.status,
    ms: Math.round(ms),
    ...(caller ? { caller: caller.name, tenant: caller.tenant } : {}),
    ...(route === undefined ? {} : { route }),
    ...(taskId === undefined ? {} : { taskId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** A page of another site whose name was made to lead here has that site’s name in it. */
export function checkHost(request: Request, hosts: readonly string[] | undefined): void {
  if (!hosts) return;
  const { hostname } = new URL(request.url);
  if (!hosts.includes(hostname)) throw new ProblemError('host_refused', 'this gateway serves local names only');
}

function nothingAt(path: string): ProblemError {
  const methods = ROUTES.filter((route) => patternOf(route).test(path)).map(({ method }) => method.toUpperCase());
  if (path === '/openapi.json' || path === '/stream') methods.push('GET');
  if (methods.length === 0) return new ProblemError('not_found', 'see /openapi.json for what there is');
  const allow = methods.join(', ');
  return new ProblemError('method_not_allowed', `use ${allow}`, { headers: { allow } });
}

const patternOf = ({ path }: Route): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);

async function knownRow(status: TaskStatus, store: Store, classOf: Services['classOf']): Promise<RequestClass> {
  const name = status.class ?? (await store.getTask(status.taskId))?.className ?? DEFAULT_CLASS;
  return await classOf(name).catch(async (error: unknown) => {
    // A class that is no more: its tasks are still there.
    if (error instanceof RequestRefusedError) return await classOf(DEFAULT_CLASS);
    throw error;
  });
}

/** From the store where it is; else, of a task whose worker could not write there, from Temporal. */
async function resultOf(taskId: string, client: MusterClient, store: Store) {
  try {
    const kept = await store.getResult(taskId);
    if (kept) return await wholeResult(kept, store);
    return await (await client.get(taskId)).result({ timeoutSeconds: 2 });
  } catch (error) {
    if (error instanceof TaskFailedError || error instanceof TaskCancelledError) return error.result;
    if (error instanceof MusterError) return undefined;
    throw error;
  }
}
