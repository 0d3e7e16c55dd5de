// http-client.ts: starts tasks at a gateway and finds them again, without Temporal, gRPC or Node: for browsers, edge
// functions, and programs that can't reach the server.

import type { Advice, Told } from '../../protocol/advise.ts';
import type { TaskLimits } from '../../protocol/classes.ts';
import type { TaskEstimate } from '../../protocol/estimate.ts';
import type { Measured, SloReport } from '../../protocol/measure.ts';
import type { Hedge, JoinPolicy } from '../../protocol/join.ts';
import type { ForgetReceipt, SessionReceipt } from '../../protocol/forget.ts';
import type { Notify } from '../../protocol/notify.ts';
import type { PathWord } from '../../protocol/path.ts';
import type { BackgroundWork } from '../../protocol/task.ts';
import type { SessionQuestion, SessionSummary } from '../../protocol/session.ts';
import type { Schedule } from '../../protocol/schedules.ts';
import { fromWire, toWire, type Wire } from '../../protocol/wire.ts';
import type { ListFilter, TaskPage, TaskSummary } from '../task-summary.ts';
import { GatewayConnection, type GatewayOptions } from './ask-gateway.ts';
import { HttpTask } from './http-task.ts';
import { HttpSchedule, scheduleOf, type HttpScheduleTimes, type WireSchedule } from './schedules.ts';
import { randomKey } from './random-key.ts';
import { summaryOf, type WireSummary } from './wire-task.ts';

/** Where evidence comes from: a source named in the gateway's config, an address, or, where it takes them, a path. */
export type HttpSource =
  | { kind: 'named'; name: string }
  | { kind: 'url'; url: string }
  | { kind: 'path'; path: string; include?: string[]; exclude?: string[] };

export interface HttpTaskInput {
  goal: string;
  /** A plain text is an address or a path. */
  sources: (string | HttpSource)[];
  /** Name of a class. Default: `standard`. */
  class?: string;
  /**
   * `fast`: answered at once by one model call over what is indexed, and planned only where that is not enough. `auto`: the router
   * chooses. Default: as the class says, else `deep`.
   */
  path?: PathWord;
  /** Less than the class allows. Default: what the class allows. */
  limits?: TaskLimits;
  /** JSON Schema of an object to hand the answer back as, in `result.data`, beside the cited answer itself. */
  outputSchema?: Record<string, unknown>;
  sessionId?: string;
  /** Who is told of it when it ends, or comes on; at most 10. Default: nobody. */
  notify?: Notify[];
  /** Work that the answer does not wait for; at most 20. Default: none. */
  background?: BackgroundWork[];
  /** When the fan-out is enough. Default: as the class says. */
  join?: JoinPolicy;
  /** Slow subtasks get a second life beside their first. Default: as `join` or the class says. */
  hedge?: Hedge;
  /** The plan waits until a person approves it. Default: as the class says. */
  approve?: boolean;
  /** Sub-agents may ask a person, and wait for the reply. Default: as the class says. */
  askPerson?: boolean;
  /** Sub-agents may show each other findings while they work. Default: as the class says. */
  board?: boolean;
  /** Further rounds at most, where what is found is not enough: 0, 1 or 2. Default: as the class says. */
  rounds?: number;
}

const MOST_A_PAGE = 200;

export class HttpClient {
  readonly #gateway: GatewayConnection;
  readonly #tenant: string | undefined;

  /** Connects when it is first asked. @throws MusterError when the address is none. */
  constructor(options: GatewayOptions) {
    this.#gateway = new GatewayConnection(options);
    this.#tenant = options.tenant;
  }

  /** Of the gateway. */
  get address(): string {
    return this.#gateway.url;
  }

  /**
   * Starts a task and returns once it is kept; from then on it is never lost. Asks again where no answer came: a task is
   * started once.
   *
   * @param options.idempotencyKey the same key and request give the same task, running or done. Default: one of its own.
   * @param options.isReadAlong somebody reads the words as they come (`HttpTask.stream()`): over its class's fast budget an answer at
   *   once says that it goes on as a task (`task.demoted`). Default: nobody does.
   * @throws RequestRefusedError, also for a key that was used for another request; UnreachableError, GatewayRefusedError.
   */
  async start(
    input: HttpTaskInput,
    { idempotencyKey = randomKey(), isReadAlong = false }: { idempotencyKey?: string; isReadAlong?: boolean } = {},
  ): Promise<HttpTask> {
    const headers = { 'idempotency-key': idempotencyKey, ...(isReadAlong && { accept: 'text/event-stream' }) };
    const asked = await this.#gateway.ask('/tasks', { method: 'POST', body: bodyOf(input), headers });
    if (!isReadAlong) return this.task(((await asked.json()) as { task_id: string }).task_id);
    // Its head names the task, whose own stream brings all from the first word on, and comes back where it is cut.
    void asked.body?.cancel().catch(() => undefined);
    return this.task(asked.headers.get('location')!.split('/').pop()!);
  }

  /** The task of this id; whether there is one shows when it is asked. */
  task(taskId: string): HttpTask {
    return new HttpTask(taskId, this.#gateway);
  }

  /** The task of this id. @throws TaskNotFoundError, UnreachableError, GatewayRefusedError. */
  async get(taskId: string): Promise<HttpTask> {
    const task = this.task(taskId);
    await task.isOpen();
    return task;
  }

  /**
   * Removes a closed task and what only it used. Where no worker is up it is recorded (`done: false`), and done when one comes.
   * @throws TaskNotFoundError, UnreachableError; GatewayRefusedError (`task_open`) for a task at work.
   */
  async forget(taskId: string): Promise<ForgetReceipt> {
    const path = `/tasks/${encodeURIComponent(taskId)}`;
    return fromWire<ForgetReceipt>(await this.#gateway.json<Wire<ForgetReceipt>>(path, { method: 'DELETE', taskId }));
  }

  /** Sessions of the tenant, the last asked in first. @throws UnreachableError, GatewayRefusedError. */
  async sessions(): Promise<SessionSummary[]> {
    const { sessions } = await this.#gateway.json<{ sessions: Wire<SessionSummary>[] }>('/sessions');
    return sessions.map((one) => fromWire<SessionSummary>(one));
  }

  /** A session with its questions, oldest first. @throws SessionNotFoundError, UnreachableError, GatewayRefusedError. */
  async session(id: string): Promise<SessionSummary & { asked: SessionQuestion[] }> {
    return fromWire<SessionSummary & { asked: SessionQuestion[] }>(
      await this.#gateway.json(`/sessions/${encodeURIComponent(id)}`, { taskId: id }),
    );
  }

  /**
   * Forgets all tasks of a session; the session goes with the last of them.
   * @throws SessionNotFoundError, UnreachableError; GatewayRefusedError (`task_open`) while one is at work.
   */
  async forgetSession(id: string): Promise<SessionReceipt> {
    const asked = { method: 'DELETE', taskId: id } as const;
    return fromWire<SessionReceipt>(await this.#gateway.json(`/sessions/${encodeURIComponent(id)}`, asked));
  }

  /** Asks a question again and again; each run is a task. @throws RequestRefusedError, UnreachableError, GatewayRefusedError. */
  async schedule(input: HttpTaskInput & HttpScheduleTimes): Promise<Schedule> {
    const asked = { method: 'POST', body: bodyOf(input), once: true } as const;
    return scheduleOf(await this.#gateway.json<WireSchedule>('/schedules', asked), this.#tenant);
  }

  /** All schedules of the tenant. @throws UnreachableError, GatewayRefusedError. */
  async schedules(): Promise<Schedule[]> {
    const { schedules } = await this.#gateway.json<{ schedules: WireSchedule[] }>('/schedules');
    return schedules.map((one) => scheduleOf(one, this.#tenant));
  }

  /** The schedule of this name; whether there is one shows when it is asked. */
  scheduled(name: string): HttpSchedule {
    return new HttpSchedule(name, this.#gateway);
  }

  /** Tasks of the tenant, newest first. @throws as `listPage`, at the first task asked for. */
  async *list(filter: Omit<ListFilter, 'tenant'> = {}): AsyncGenerator<TaskSummary> {
    let cursor: string | undefined;
    for (let left = filter.limit ?? 50; left > 0;) {
      const page = await this.listPage({ ...filter, limit: Math.min(left, MOST_A_PAGE) }, cursor);
      yield* page.tasks;
      left -= page.tasks.length;
      cursor = page.cursor;
      if (cursor === undefined) return;
    }
  }

  /**
   * One page of the same list.
   * @param cursor of the page before; it goes with the same filter. Default: the first page.
   * @throws RequestRefusedError, UnreachableError, GatewayRefusedError.
   */
  async listPage(filter: Omit<ListFilter, 'tenant'> = {}, cursor?: string): Promise<TaskPage> {
    const { state: status, class: name, sessionId: session_id, schedule, limit } = filter;
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries({ status, class: name, session_id, schedule, limit, cursor }))
      if (value !== undefined) query.set(key, String(value));
    const page = await this.#gateway.json<{ tasks: WireSummary[]; next_cursor: string | null }>(`/tasks?${query}`);
    return {
      tasks: page.tasks.map((one) => summaryOf(one, this.#tenant)),
      ...(page.next_cursor === null ? {} : { cursor: page.next_cursor }),
    };
  }

  /** What closed tasks took, by class and path. @throws RequestRefusedError, UnreachableError, GatewayRefusedError. */
  async measure(name?: string): Promise<Measured[]> {
    const query = queryOf({ class: name });
    const { measurements } = await this.#gateway.json<{ measurements: Wire<Measured[]> }>(`/measurements${query}`);
    return fromWire<Measured[]>(measurements);
  }

  /** How the classes keep what is promised of them, over a window of days (28). @throws as `measure`. */
  async slo({ class: name, days }: { class?: string; days?: number } = {}): Promise<SloReport[]> {
    const { classes } = await this.#gateway.json<{ classes: Wire<SloReport[]> }>(
      `/slo${queryOf({ class: name, days })}`,
    );
    return fromWire<SloReport[]>(classes);
  }

  /** How requests of the classes should be answered, by what was measured and what is told. @throws as `measure`. */
  async advise(told: Told = {}, name?: string): Promise<Advice[]> {
    const { advice } = await this.#gateway.json<{ advice: Wire<Advice[]> }>(
      `/advice${queryOf({ ...told, class: name })}`,
    );
    return fromWire<Advice[]>(advice);
  }

  /** What this input would take if it were started now; starts nothing. @throws as `start`. */
  async estimate(input: HttpTaskInput): Promise<TaskEstimate> {
    const asked = { method: 'POST', body: bodyOf(input) } as const;
    return fromWire<TaskEstimate>(await this.#gateway.json<Wire<TaskEstimate>>('/estimates', asked));
  }

  /** True when a worker was seen about lately. @throws UnreachableError when the gateway is not ready. */
  async workerSeen(): Promise<boolean> {
    const { checks } = await this.#gateway.json<{ checks: Record<string, { ok: boolean }> }>('/readyz');
    return checks.worker?.ok ?? false;
  }
}

function queryOf(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== undefined) query.set(key, String(value));
  return query.size === 0 ? '' : `?${query}`;
}

/** As the gateway reads it. */
function bodyOf({ outputSchema, sessionId, limits, join, hedge, askPerson, ...rest }: HttpTaskInput): object {
  return {
    ...rest,
    ...(limits ? { limits: toWire(limits) } : {}),
    ...(join ? { join: toWire(join) } : {}),
    ...(hedge ? { hedge: toWire(hedge) } : {}),
    ...(outputSchema ? { output_schema: outputSchema } : {}),
    ...(sessionId === undefined ? {} : { session_id: sessionId }),
    ...(askPerson === undefined ? {} : { ask_person: askPerson }),
  };
}
