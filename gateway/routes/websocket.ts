// websocket.ts: /stream: several tasks' streams over one WebSocket. The same frames as the SSE stream; commands stay HTTP.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { z } from '@hono/zod-openapi';
import { WebSocket, WebSocketServer } from 'ws';
import { TaskNotFoundError } from '../../client/errors.ts';
import type { EventCursor } from '../../protocol/events.ts';
import type { Caller } from '../doors/caller.ts';
import type { Door } from '../doors/door.ts';
import { refuseForeignPage } from '../doors/origins.ts';
import { metrics } from '../../telemetry/metrics/registry.ts';
import { BothReader, hubOfCursor, type Reader } from '../live/both-reader.ts';
import { HEARTBEAT } from '../live/frame.ts';
import { StreamReader } from '../live/reader.ts';
import { readCursor } from '../wire/cursor.ts';
import { problemOf } from '../wire/problem-of.ts';
import { ProblemError, problemBody, problemResponse, PROBLEMS } from '../wire/problems.ts';
import type { AccessEntry, Services } from './context.ts';

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface UpgradeRules {
  door: Door;
  hosts: readonly string[] | undefined;
  origins: readonly string[];
  /** ms between two pings; who answers none of them is gone. */
  heartbeatMs: number;
  onRequest: (entry: AccessEntry) => void;
  onError: (error: unknown) => void;
}

const PATH = '/stream';
const MAX_MESSAGE_BYTES = 8 * 1024;
const MAX_SUBSCRIPTIONS = 64;
const MAX_BAD_MESSAGES = 20;
const RESTART = 1012;
const POLICY = 1008;
const NOT_TEXT = 1003;

export function upgradeHandler(services: Services, rules: UpgradeRules) {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const upgrade: Upgrade = (incoming, socket, head) => {
    // A socket that breaks before it is anybody's must not end the process.
    socket.on('error', () => socket.destroy());
    const began = performance.now();
    const { traceparent } = incoming.headers;
    const trace = typeof traceparent === 'string' ? { traceparent } : {};
    const answered = (status: number, caller?: Caller): void =>
      rules.onRequest({
        requestId: randomUUID(),
        method: 'GET',
        path: (incoming.url ?? '').split('?')[0] ?? '',
        status,
        ms: Math.round(performance.now() - began),
        ...trace,
        ...(caller ? { caller: caller.name, tenant: caller.tenant } : {}),
      });
    admit(incoming, services, rules).then(
      (caller) => {
        answered(101, caller);
        server.handleUpgrade(
          incoming,
          socket,
          head,
          (ws) => new StreamSocket(ws, { ...caller, ...trace }, services, rules),
        );
      },
      (error: unknown) => {
        const problem = problemOf(error);
        answered(PROBLEMS[problem.code].status);
        if (problem.code === 'internal') rules.onError(error);
        void refuse(socket, problem);
      },
    );
  };
  return {
    upgrade,
    isStream: (url: string | undefined): boolean => url?.split('?')[0] === PATH,
    async close(): Promise<void> {
      for (const ws of server.clients)
        ws.close(RESTART, 'the gateway is being stopped; subscribe again after your last id');
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

async function admit(incoming: IncomingMessage, services: Services, rules: UpgradeRules): Promise<Caller> {
  const { host, origin } = incoming.headers;
  if (services.isClosing()) throw new ProblemError('closing', 'this gateway is being stopped');
  const url = urlOf(`http://${host ?? ''}${incoming.url ?? ''}`);
  if (!url || url.pathname !== PATH) throw new ProblemError('not_found', `WebSockets are spoken at ${PATH}`);
  if (rules.hosts && !rules.hosts.includes(url.hostname))
    throw new ProblemError('host_refused', 'this gateway serves local names only');
  // A browser sends its cookies and reaches loopback from any page; only the page's own site tells them apart.
  refuseForeignPage({ method: 'UPGRADE', origin, host }, rules.origins);
  const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const ticket = url.searchParams.get('ticket') ?? undefined;
  return await rules.door.admit(new Request(url, { headers }), 'tasks:read', ticket);
}

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

async function refuse(socket: Duplex, problem: ProblemError): Promise<void> {
  const response = problemResponse(problem);
  const body = await response.text();
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const length = `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n`;
  socket.end(`HTTP/1.1 ${response.status} ${problem.code}\r\n${headers}${length}\r\n${body}`);
}

const message = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    task_id: z.string().max(128),
    after: z.string().max(128).optional(),
    background: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('unsubscribe'), task_id: z.string().max(128) }),
  z.strictObject({ type: z.literal('ping') }),
]);

type Subscribe = Extract<z.infer<typeof message>, { type: 'subscribe' }>;

type TracedCaller = Caller & Pick<AccessEntry, 'traceparent'>;

/** One connection: what it asks for, and a reader for each task that it follows. */
class StreamSocket {
  readonly #ws: WebSocket;
  readonly #caller: TracedCaller;
  readonly #services: Services;
  readonly #rules: UpgradeRules;
  readonly #readers = new Map<string, Reader | undefined>();
  readonly #pinging: NodeJS.Timeout;
  readonly #unwatch: () => void;
  #taken = Promise.resolve();
  #waiting = 0;
  #isAlive = true;
  #bad = 0;

  constructor(ws: WebSocket, caller: TracedCaller, services: Services, rules: UpgradeRules) {
    this.#ws = ws;
    this.#caller = caller;
    this.#services = services;
    this.#rules = rules;
    ws.on('message', (data, isBinary) => {
      if (isBinary) {
        ws.close(NOT_TEXT, 'send text');
        return;
      }
      this.#queue((data as Buffer).toString('utf8'));
    });
    ws.on('pong', () => (this.#isAlive = true));
    ws.on('error', () => ws.terminate());
    ws.on('close', () => this.#end());
    this.#pinging = setInterval(() => this.#ping(), rules.heartbeatMs);
    this.#unwatch = services.standing.watch(caller, () => {
      this.#end();
      ws.close(POLICY, 'the key that was shown is not good any more');
    });
  }

  #ping(): void {
    if (!this.#isAlive) {
      this.#ws.terminate();
      return;
    }
    this.#isAlive = false;
    this.#ws.ping();
  }

  #end(): void {
    clearInterval(this.#pinging);
    this.#unwatch();
    for (const reader of this.#readers.values()) reader?.close();
    this.#readers.clear();
  }

  /** Each task that is followed is a request of its own. */
  #note(taskId: string): void {
    const { name: caller, tenant, traceparent } = this.#caller;
    const trace = traceparent === undefined ? {} : { traceparent };
    const about = { ...trace, requestId: randomUUID(), method: 'GET', path: PATH, route: PATH, status: 200, ms: 0 };
    this.#rules.onRequest({ ...about, caller, tenant, taskId });
  }

  /**
   * One after the other, and none is read from the socket before it has taken the answers to those that were: who does not
   * read is not written for.
   */
  #queue(text: string): void {
    this.#ws.pause();
    this.#waiting += 1;
    this.#taken = this.#taken
      .then(() => this.#take(text))
      .finally(() => {
        this.#waiting -= 1;
        if (this.#waiting === 0) this.#ws.resume();
      });
  }

  async #take(text: string): Promise<void> {
    let about: string | undefined;
    try {
      const asked = readMessage(text);
      about = 'task_id' in asked ? asked.task_id : undefined;
      if (asked.type === 'ping') await this.#send(JSON.stringify({ event: 'pong', data: {} }));
      else if (asked.type === 'unsubscribe') this.#leave(asked.task_id);
      else await this.#follow(asked);
    } catch (error) {
      await this.#refuse(error, about);
    }
  }

  async #refuse(error: unknown, taskId: string | undefined): Promise<void> {
    const problem = problemOf(error);
    if (problem.code === 'internal') this.#rules.onError(error);
    const of = taskId === undefined ? {} : { task_id: taskId };
    await this.#send(JSON.stringify({ ...of, event: 'error', data: problemBody(problem) }));
    this.#bad += 1;
    if (this.#bad >= MAX_BAD_MESSAGES) this.#ws.close(POLICY, 'too many messages that could not be served');
  }

  async #follow({ task_id: taskId, after, background = false }: Subscribe): Promise<void> {
    if (this.#readers.has(taskId)) throw new ProblemError('request_invalid', 'this task is followed already');
    if (this.#readers.size >= MAX_SUBSCRIPTIONS)
      throw new ProblemError('request_invalid', `one socket may follow ${MAX_SUBSCRIPTIONS} tasks`);
    const cursor = after === undefined ? undefined : readCursor(after);
    const { tenant, onlyTask = taskId } = this.#caller;
    if (taskId !== onlyTask) throw new TaskNotFoundError(taskId);
    await this.#rules.door.count(this.#caller);
    this.#readers.set(taskId, undefined);
    let reader: Reader;
    try {
      reader = await this.#open(taskId, tenant, cursor, background);
    } catch (error) {
      this.#readers.delete(taskId);
      throw error;
    }
    if (this.#ws.readyState !== WebSocket.OPEN || !this.#readers.has(taskId)) return;
    this.#readers.set(taskId, reader);
    this.#note(taskId);
    metrics.add('muster_stream_readers', { transport: 'websocket' });
    void this.#pump(taskId, reader)
      .finally(() => metrics.add('muster_stream_readers', { transport: 'websocket' }, -1))
      .catch((error: unknown) => this.#refuse(error, taskId));
  }

  async #open(taskId: string, tenant: string, cursor: EventCursor | undefined, background: boolean): Promise<Reader> {
    const { hubs } = this.#services;
    const hub = await hubs.open(taskId, tenant);
    if (!background) return new StreamReader(hub, cursor);
    const openBehind = () => hubs.openBackground(taskId, tenant);
    const from = cursor ? await hubOfCursor(hub, cursor, openBehind) : hub;
    const reader = new StreamReader(from, cursor);
    return from === hub ? new BothReader(reader, openBehind) : reader;
  }

  async #pump(taskId: string, reader: Reader): Promise<void> {
    const of = JSON.stringify(taskId);
    for (;;) {
      const frames = await reader.next();
      if (!frames) break;
      for (const { event, id, data } of frames.filter((one) => one !== HEARTBEAT)) {
        const named = id === undefined ? '' : `,"id":"${id}"`;
        // Taken when the socket takes it: one that does not read is not written for.
        await this.#send(`{"task_id":${of},"event":"${event}"${named},"data":${data}}`);
      }
    }
    if (this.#readers.get(taskId) === reader) this.#readers.delete(taskId);
  }

  #leave(taskId: string): void {
    this.#readers.get(taskId)?.close();
    this.#readers.delete(taskId);
  }

  /** Returns when the socket has taken it; quietly, too, when it is gone. */
  #send(text: string): Promise<void> {
    return new Promise((done) => this.#ws.send(text, () => done()));
  }
}

function readMessage(text: string): z.infer<typeof message> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProblemError('malformed_json', 'send {"type":"subscribe","task_id":…}, unsubscribe or ping');
  }
  const read = message.safeParse(value);
  if (read.success) return read.data;
  throw new ProblemError('request_invalid', 'send {"type":"subscribe","task_id":…}, unsubscribe or ping');
}
