// ask-gateway.ts: one request to a gateway: with its key, again where that is safe and makes sense, and what the gateway
// refuses as the errors of the library. Speaks fetch alone, so that it runs wherever that is.

import {
  CommandRefusedError,
  MusterError,
  RequestRefusedError,
  ScheduleNotFoundError,
  SessionNotFoundError,
  TaskClosedError,
  TaskExpiredError,
  TaskNotFoundError,
  UnreachableError,
} from '../errors.ts';

export interface GatewayOptions {
  /** Where the gateway is: `https://host`, with what stands before `/tasks` where it is mounted elsewhere. */
  url: string;
  /** Sent as `Authorization: Bearer`. Default: none, for a gateway on loopback. */
  apiKey?: string;
  /** Tenant to act for, with a key of all tenants. Default: the key's. */
  tenant?: string;
  /** Headers of each request, for a gateway behind an authentication of its own. Default: none. */
  headers?: Readonly<Record<string, string>>;
  /** W3C Trace Context of what is under way, asked at each request: tasks that it starts are part of that trace. Default: none. */
  traceparent?: () => string | undefined;
  /** Default: the global one. */
  fetch?: typeof fetch;
}

/** The gateway said no, in a way that no other error of the library stands for; `status` 401 and 403 are about the key. */
export class GatewayRefusedError extends MusterError {
  override readonly name = 'GatewayRefusedError';
  readonly status: number;
  /** As docs/http-api.md lists them; undefined where something before the gateway answered. */
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined, message: string) {
    const hint = { 401: 'Give a key (apiKey, MUSTER_API_KEY); muster key create makes one.' }[status];
    super(message, hint);
    this.status = status;
    this.code = code;
  }
}

interface Problem {
  code?: string;
  title?: string;
  detail?: string;
  errors?: { pointer?: string; parameter?: string; detail: string }[];
}

export interface Asked {
  method?: 'POST' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  /** The task or schedule that it is about, for errors. */
  taskId?: string;
  signal?: AbortSignal;
  /** Is asked one time only, since asking again would do it again. Default: up to three times. */
  once?: boolean;
}

/** Times that a request is made in all, where the gateway is away or has too much to do. */
const TRIES = 3;
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
const ANSWER_WITHIN_MS = 60_000;

export class GatewayConnection {
  readonly #options: GatewayOptions;
  readonly #base: string;

  /** @throws MusterError when the address is none. */
  constructor(options: GatewayOptions) {
    if (!URL.canParse(options.url) || !/^https?:/i.test(options.url))
      throw new MusterError(`"${options.url}" is not an http or https address`, 'Give it as https://host.');
    this.#options = options;
    this.#base = options.url.replace(/\/*(?:[?#].*)?$/, '');
  }

  get url(): string {
    return this.#base;
  }

  /**
   * The answer, where it is none of an error; an open body is the caller's to read. Asks up to three times where asking
   * again is asking once.
   * @throws UnreachableError; RequestRefusedError, CommandRefusedError, TaskClosedError, TaskNotFoundError,
   *   GatewayRefusedError; the signal's reason.
   */
  async ask(path: string, asked: Asked = {}): Promise<Response> {
    for (let tries = 1; ; tries += 1) {
      const response = await this.#once(path, asked);
      if (response instanceof Response && response.status < 400) return response;
      const isBusy = response instanceof Response && (response.status === 429 || response.status >= 502);
      if (tries >= TRIES || asked.once || (response instanceof Response && !isBusy))
        throw response instanceof Response ? await errorOf(response, asked.taskId) : response;
      const seconds = response instanceof Response ? Number(response.headers.get('retry-after')) : NaN;
      if (response instanceof Response) void response.body?.cancel().catch(() => undefined);
      const ms = seconds > 0 ? Math.min(seconds * 1_000, LONGEST_PAUSE_MS) : PAUSE_MS;
      await pause(ms, asked.signal);
      asked.signal?.throwIfAborted();
    }
  }

  async json<T>(path: string, asked: Asked = {}): Promise<T> {
    const response = await this.ask(path, asked);
    return (await response.json()) as T;
  }

  async #once(path: string, { method = 'GET' as never, body, headers = {}, signal }: Asked): Promise<Response | Error> {
    const { apiKey, tenant, headers: own = {}, fetch: fetcher = fetch } = this.#options;
    const traceparent = this.#options.traceparent?.();
    // Of a stream only the answer's head is waited for: the caller ends what it reads.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ANSWER_WITHIN_MS);
    // A listener of our own would stay behind each call: what reads a stream ends it by the signal, so it can't go with the head.
    const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    try {
      signal?.throwIfAborted();
      return await fetcher(`${this.#base}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...own,
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
          ...(tenant === undefined ? {} : { 'muster-tenant': tenant }),
          ...(traceparent === undefined ? {} : { traceparent }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: either,
      });
    } catch (error) {
      signal?.throwIfAborted();
      return new UnreachableError(`the gateway at ${this.#base} does not answer`, undefined, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

async function errorOf(response: Response, taskId = ''): Promise<Error> {
  const { status } = response;
  const problem = await response
    .json()
    .then((read: unknown) => (read !== null && typeof read === 'object' ? (read as Problem) : {}))
    .catch((): Problem => ({}));
  const { code } = problem;
  const said = problem.detail ?? problem.title ?? `the gateway answered ${status}`;
  if (code === 'task_not_found') return new TaskNotFoundError(taskId);
  if (code === 'schedule_not_found') return new ScheduleNotFoundError(taskId);
  if (code === 'session_not_found') return new SessionNotFoundError(taskId);
  if (code === 'task_closed') return new TaskClosedError(taskId);
  if (code === 'command_refused') return new CommandRefusedError(taskId, said);
  if (code === 'key_reused' && taskId !== '') return new CommandRefusedError(taskId, said, { isIdReused: true });
  if (code === 'task_expired') return new TaskExpiredError(taskId, /forgotten/.test(said) ? 'forgotten' : 'expired');
  if (code === 'result_gone') return notKept(taskId);
  if (status === 429 || status >= 502) return new UnreachableError(said);
  if (code !== undefined && [400, 413, 415, 422].includes(status))
    return new RequestRefusedError(inFull(said, problem));
  return new GatewayRefusedError(status, code, said);
}

/** The error of a task whose end is known and whose result is gone. */
export const notKept = (taskId: string): MusterError =>
  new TaskNotFoundError(taskId, `what task ${taskId} left is not kept any more`);

/** With the place of each mistake. */
function inFull(said: string, { errors = [] }: Problem): string {
  const places = errors.map(({ pointer, parameter, detail }) => `${pointer ?? parameter ?? ''}: ${detail}`);
  return places.length === 0 ? said : places.join('; ');
}

/** Returns after a time, or when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end);
  });
}
