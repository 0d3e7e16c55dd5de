// server.ts: the simulator as a library: an OpenAI-compatible HTTP server with no model behind it.
// Routes requests and keeps the list of models; how a request is answered is exchange.ts, what is answered is brain/.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveAdmin } from './admin.ts';
import { ApiError } from './api-error.ts';
import { offlineBrain } from './brain/brain.ts';
import { readChat } from './chat.ts';
import { CREATED } from './completion.ts';
import { RunningPlan } from './draw-faults.ts';
import { readEmbeddings } from './embeddings.ts';
import type { ReadRequest } from './endpoint.ts';
import { serve, type ServerContext } from './exchange.ts';
import { planProblem, type FaultPlan } from './fault-plan.ts';
import { FaultBook, type Fault, type InjectedFault } from './faults.ts';
import { sendJson } from './http.ts';
import { RequestLog, type LogTarget } from './request-log.ts';
import type { RequestRecord } from './request-record.ts';
import type { RequestReport } from './request-report.ts';
import { readResponses } from './responses.ts';
import type { Brain } from './wire.ts';

export { everyKindPlan } from './every-kind-plan.ts';
export type { FaultPlan, PlanLatency } from './fault-plan.ts';
export type { Fault, InjectedFault } from './faults.ts';
export type { RequestRecord } from './request-record.ts';
export type { RequestReport } from './request-report.ts';
export type { Brain, ChatMessage, ChatRequest, Reply } from './wire.ts';

export interface SimulatorOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** From the end of the request to the first byte of the answer. Default 0. */
  latencyMs?: number;
  /** Pause for each token of a streamed answer, so that people see it being written. Default 0. */
  tokenMs?: number;
  /** The model's own name. Default `muster-offline`. */
  model?: string;
  /** Further names it answers to. */
  models?: string[];
  /** Refuse requests whose bearer token is not this. Default: any token, or none. */
  requireKey?: string;
  /** A file to append NDJSON to, or a function called with each finished request. */
  log?: LogTarget;
  /** Keep request bodies in `requests`. Default true; turn off for long or wide runs. */
  keepBodies?: boolean;
  /** Faults in force from the start. */
  faults?: Fault[];
  /** Faults and latency that requests draw by seed. A fault that is injected one by one goes before a drawn one. */
  plan?: FaultPlan;
  /** Answers in place of the offline model. */
  brain?: Brain;
}

export interface Simulator {
  /** Base URL for clients, ends in `/v1`. */
  readonly url: string;
  readonly port: number;
  /** Finished requests, in the order they ended. */
  readonly requests: RequestRecord[];
  /** Requests to the model that have come in and not ended. */
  readonly inFlight: number;
  /** Injects a fault. @throws Error when the fault makes no sense */
  inject(fault: Fault): InjectedFault;
  /** Removes the injected faults. The plan goes on. */
  clearFaults(): void;
  /** Runs another plan from its beginning, or none. @throws Error when the plan makes no sense */
  setPlan(plan: FaultPlan | undefined): void;
  /** What was asked since the start: requests, repeats, tokens, faults given. */
  report(): RequestReport;
  /** Cuts open connections and frees the port. */
  close(): Promise<void>;
}

/** Starts a simulator. @throws Error with the code of `listen`, e.g. EADDRINUSE; Error when a fault or the plan makes no sense */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1';
  const faults = new FaultBook();
  for (const fault of options.faults ?? []) faults.inject(fault);
  const log = new RequestLog({ target: options.log, keepBodies: options.keepBodies });
  const model = options.model ?? 'muster-offline';
  const context: ServerContext = {
    models: new Set([model, ...(options.models ?? [])]),
    latencyMs: options.latencyMs ?? 0,
    tokenMs: options.tokenMs ?? 0,
    brain: options.brain ?? offlineBrain,
    faults,
    plan: runningPlan(options.plan),
    log,
    inFlight: 0,
    count: 0,
  };
  const server = createServer((request, response) => {
    route(request, response, context, options.requireKey).catch((error: unknown) => fail(response, error));
  });
  // Clients keep connections for the next call; the default 5 s makes resets under slow tests.
  server.keepAliveTimeout = 60_000;
  await listen(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${port}/v1`,
    port,
    requests: log.records,
    get inFlight() {
      return context.inFlight;
    },
    inject: (fault) => faults.inject(fault),
    clearFaults: () => faults.clear(),
    setPlan: (plan) => void (context.plan = runningPlan(plan)),
    report: () => log.report(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await log.close();
    },
  };
}

function runningPlan(plan: FaultPlan | undefined): RunningPlan | undefined {
  const problem = plan === undefined ? undefined : planProblem(plan);
  if (problem) throw new Error(problem);
  return plan && new RunningPlan(plan);
}

/** The addresses of the model, and what reads their requests. */
const MODEL_PATHS: Record<string, ReadRequest> = {
  '/v1/chat/completions': readChat,
  '/v1/responses': readResponses,
  '/v1/embeddings': readEmbeddings,
};

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  context: ServerContext,
  requireKey: string | undefined,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (path.startsWith('/_simulator/')) return serveAdmin(request, response, path, context);
  if (requireKey !== undefined && request.headers.authorization !== `Bearer ${requireKey}`) {
    throw new ApiError(401, 'Incorrect API key provided.', 'invalid_api_key');
  }
  const method = request.method ?? 'GET';
  const read = Object.hasOwn(MODEL_PATHS, path) ? MODEL_PATHS[path] : undefined;
  if (read) {
    if (method !== 'POST') throw notAllowed(method, path);
    return serve(request, response, path, read, context);
  }
  if (path === '/v1/models' || path.startsWith('/v1/models/')) {
    if (method !== 'GET') throw notAllowed(method, path);
    return serveModels(response, path, context.models);
  }
  throw new ApiError(404, `Unknown request URL: ${method} ${path}.`, 'unknown_url');
}

function serveModels(response: ServerResponse, path: string, models: Set<string>): void {
  const entry = (id: string): unknown => ({ id, object: 'model', created: CREATED, owned_by: 'muster' });
  if (path === '/v1/models') return sendJson(response, 200, { object: 'list', data: [...models].map(entry) });
  const id = decodeURIComponent(path.slice('/v1/models/'.length));
  if (!models.has(id)) throw new ApiError(404, `The model '${id}' does not exist.`, 'model_not_found', 'model');
  return sendJson(response, 200, entry(id));
}

const notAllowed = (method: string, path: string): ApiError =>
  new ApiError(405, `Not allowed to ${method} on ${path}.`, 'method_not_supported');

function fail(response: ServerResponse, error: unknown): void {
  const known = error instanceof ApiError ? error : new ApiError(500, `The simulator failed: ${String(error)}`);
  if (response.headersSent || response.destroyed) response.destroy();
  else sendJson(response, known.status, known.body());
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
