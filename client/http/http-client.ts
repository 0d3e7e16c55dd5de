// http-client.ts: starts tasks at a gateway and finds them again, without Temporal, gRPC or Node: for browsers, edge
// functions, and programs that can't reach the server.

import type { TaskLimits } from '../../protocol/classes.ts';
import { toWire } from '../../protocol/wire.ts';
import type { ListFilter, TaskPage, TaskSummary } from '../task-summary.ts';
import { GatewayConnection, type GatewayOptions } from './ask-gateway.ts';
import { HttpTask } from './http-task.ts';
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
  /** Less than the class allows. Default: what the class allows. */
  limits?: TaskLimits;
  /** JSON Schema of an object to hand the answer back as, in `result.data`, beside the cited answer itself. */
  outputSchema?: Record<string, unknown>;
  sessionId?: string;
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
   * @throws RequestRefusedError, also for a key that was used for another request; UnreachableError, GatewayRefusedError.
   */
  async start(input: HttpTaskInput, options: { idempotencyKey?: string } = {}): Promise<HttpTask> {
    const { outputSchema, sessionId, limits, ...rest } = input;
    const { task_id } = await this.#gateway.json<{ task_id: string }>('/tasks', {
      method: 'POST',
      body: {
        ...rest,
        ...(limits ? { limits: toWire(limits) } : {}),
        ...(outputSchema ? { output_schema: outputSchema } : {}),
        ...(sessionId === undefined ? {} : { session_id: sessionId }),
      },
      headers: { 'idempotency-key': options.idempotencyKey ?? randomKey() },
    });
    return this.task(task_id);
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
    const { state: status, class: name, sessionId: session_id, limit } = filter;
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries({ status, class: name, session_id, limit, cursor }))
      if (value !== undefined) query.set(key, String(value));
    const page = await this.#gateway.json<{ tasks: WireSummary[]; next_cursor: string | null }>(`/tasks?${query}`);
    return {
      tasks: page.tasks.map((one) => summaryOf(one, this.#tenant)),
      ...(page.next_cursor === null ? {} : { cursor: page.next_cursor }),
    };
  }

  /** True when a worker was seen about lately. @throws UnreachableError when the gateway is not ready. */
  async workerSeen(): Promise<boolean> {
    const { checks } = await this.#gateway.json<{ checks: Record<string, { ok: boolean }> }>('/readyz');
    return checks.worker?.ok ?? false;
  }
}

function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `client-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
