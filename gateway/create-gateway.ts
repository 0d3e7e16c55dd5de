// create-gateway.ts: the API as a function from a request to its answer, for any server that has one; and `upgrade` for its
// WebSocket. Starts and reads tasks through the client library; works on none, and holds no model's key.

import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { resolveClass } from '../client/classes.ts';
import { MusterError, RequestRefusedError, TaskCancelledError, TaskFailedError } from '../client/errors.ts';
import type { MusterClient } from '../client/muster-client.ts';
import { wholeResult } from '../client/whole-result.ts';
import type { TaskStatus } from '../client/status.ts';
import { DEFAULT_CLASS, type RequestClass } from '../protocol/classes.ts';
import { STEP_LOGS } from '../protocol/names.ts';
import type { Store } from '../store/store.ts';
import { LOCAL, type Caller } from './doors/caller.ts';
import { Hubs } from './live/hubs.ts';
import type { Services, Variables } from './routes/context.ts';
import type { NamedSource } from './routes/named-sources.ts';
import { openApiDocument } from './routes/openapi.ts';
import { ROUTES, type Route } from './routes/table.ts';
import { upgradeHandler, type Upgrade } from './routes/websocket.ts';
import { problemOf } from './wire/problem-of.ts';
import { ProblemError, problemResponse } from './wire/problems.ts';

export interface GatewayOptions {
  /** Connected, with a store that can be read. */
  client: MusterClient;
  /**
   * Who asks; undefined: nobody who may. **Contract:** may throw, which is answered as a bug; must not read the body.
   * Default: everybody is the tenant `default` and may do all, so that nobody else must be able to reach it.
   */
  authenticate?: (request: Request) => Caller | undefined | Promise<Caller | undefined>;
  /** Sources that requests may name. Default: none. */
  sources?: Readonly<Record<string, NamedSource>>;
  /** Folder from which paths are taken in requests of callers who may name them. Default: paths are refused. */
  pathsFrom?: string;
  /** The config file, for its classes. Default: the built-in classes. */
  configPath?: string;
  /** What stands before the paths in links, e.g. `/api`. Default: nothing. */
  basePath?: string;
  /** Values of the Host header that are served, without port. Default: all. */
  hosts?: readonly string[];
  /** Origins whose pages may open the WebSocket. Default: the one that it is served from. */
  origins?: readonly string[];
  /** Bytes of events kept for readers of one task; who is further behind gets a snapshot. Default: 4 MiB. */
  logBytes?: number;
  /** Tasks followed at once. Default: 2,000. */
  mostTasks?: number;
  /** Told of each request once it is answered. Default: nobody. */
  onRequest?: (entry: AccessEntry) => void;
  /** Told of bugs and of what went wrong in the background. Default: nobody. */
  onError?: (error: unknown) => void;
}

/** One answered request. Holds no goal, no key and no query. */
export interface AccessEntry {
  requestId: string;
  method: string;
  path: string;
  status: number;
  ms: number;
  /** Name of who asked. */
  caller?: string;
  tenant?: string;
}

export interface Gateway {
  fetch: (request: Request) => Promise<Response>;
  /** For the event `upgrade` of Node's server. Answers or ends the socket in any case. */
  upgrade: Upgrade;
  /** True when an upgrade is for this gateway. */
  isStream: (url: string | undefined) => boolean;
  /** Ends all streams, each with a word how to go on; takes nothing new from then on. The client stays open. */
  close: () => Promise<void>;
}

/** @throws MusterError when the client has no store. */
export function createGateway(options: GatewayOptions): Gateway {
  const { client, basePath = '', onError = () => undefined, authenticate = () => LOCAL } = options;
  const { store } = client;
  if (!store)
    throw new MusterError(
      'the store of this deployment can’t be read from here',
      'Set MUSTER_HOME or MUSTER_STORE_URL.',
    );
  let closing = false;
  const classOf = (name: string | undefined): Promise<RequestClass> => resolveClass(name, options.configPath);
  const urlsOf = (taskId: string) => {
    const self = `${basePath}/tasks/${encodeURIComponent(taskId)}`;
    return { self, events: `${self}/events`, result: `${self}/result` };
  };
  const hubs = new Hubs(client, store, {
    rowOf: (status) => knownRow(status, store, classOf),
    resultOf: (taskId) => resultOf(taskId, client, store),
    draftOf: (run) => store.getPartial({ run, subtask: STEP_LOGS.synthesize, generation: 1 }),
    urlsOf,
    logBytes: options.logBytes ?? 4 * 1024 * 1024,
    most: options.mostTasks ?? 2_000,
    report: onError,
  });
  const services: Services = {
    client,
    store,
    hubs,
    sources: { named: options.sources ?? {}, pathsFrom: options.pathsFrom },
    classOf,
    urlsOf,
    isClosing: () => closing,
  };
  const app = new Hono<{ Variables: Variables }>();
  const document = JSON.stringify(openApiDocument(basePath === '' ? '/' : basePath));

  app.use(async (c, next) => {
    const began = performance.now();
    const asked = c.req.header('x-request-id') ?? '';
    c.set('requestId', /^[\w.-]{1,64}$/.test(asked) ? asked : randomUUID());
    checkHost(c.req.raw, options.hosts);
    await next();
    c.header('x-request-id', c.var.requestId);
    options.onRequest?.({
      requestId: c.var.requestId,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: Math.round(performance.now() - began),
      ...(c.var.caller ? { caller: c.var.caller.name, tenant: c.var.caller.tenant } : {}),
    });
  });
  for (const route of ROUTES) {
    app.on(route.method.toUpperCase(), route.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
      if (route.scope) c.set('caller', allowed(await authenticate(c.req.raw), route));
      return await route.handle(c, services);
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

  const sockets = upgradeHandler(services, { authenticate, hosts: options.hosts, origins: options.origins, onError });
  return {
    fetch: async (request) => await app.fetch(request),
    upgrade: sockets.upgrade,
    isStream: sockets.isStream,
    close: async () => {
      closing = true;
      hubs.stop();
      await sockets.close();
    },
  };
}

function allowed(caller: Caller | undefined, { scope }: Route): Caller {
  if (!caller)
    throw new ProblemError('unauthorized', 'send a key: Authorization: Bearer …', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  if (scope && !caller.scopes.includes(scope)) throw new ProblemError('forbidden', `this needs the scope ${scope}`);
  return caller;
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
