// muster-client.ts: starts tasks and finds them again. Asking twice is asking once: the Workflow Id is never used again.

import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { WorkflowExecutionAlreadyStartedError, type Client, type Connection } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes, type SearchAttributePair } from '@temporalio/common';
import type { MasterInput } from '../protocol/activities.ts';
import { limitsProblem, withinLimits, type RequestClass, type TaskLimits } from '../protocol/classes.ts';
import { BACKSTOP_DAYS } from '../protocol/limits.ts';
import { deepQueue, MEMO, SEARCH_ATTRIBUTES, WORKFLOWS } from '../protocol/names.ts';
import { requestHash, sha256 } from '../protocol/schemas/hash.ts';
import { outputSchemaProblem } from '../protocol/schemas/output-schema.ts';
import { isAddress, requestProblem, type Source, type TaskRequest } from '../protocol/task.ts';
import { labelProblem } from '../protocol/label.ts';
import type { Store } from '../store/store.ts';
import { resolveClass } from './classes.ts';
import { KeyReusedError, RequestRefusedError, TaskNotFoundError } from './errors.ts';
import { anyRuns, countQueued, listPage, listTasks } from './list-tasks.ts';
import { oneTry } from './one-try.ts';
import { ownTask } from './own-task.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import { TaskHandle } from './task-handle.ts';
import { workerSeen } from './task-status.ts';
import type { ListFilter, TaskPage, TaskSummary } from './task-summary.ts';

const PING_MS = 2_000;

/** What a caller asks for; the rest has defaults. */
export interface TaskInput {
  goal: string;
  /** Files and folders, read on the worker; relative paths are taken from the caller's working directory. */
  sources: (string | Source)[];
  /** A class, by name or as `defineClass` made it. Default: `standard`. */
  class?: string | RequestClass;
  /** Less than the class allows, for this task. Default: what the class allows. */
  limits?: TaskLimits;
  /** JSON Schema of an object to hand the answer back as, in `result.data`, beside the cited answer itself. */
  outputSchema?: Record<string, unknown>;
  sessionId?: string;
  /** Default: `default`. */
  tenant?: string;
}

export interface StartOptions {
  /** The same key and request give the same task, running or done; another request is refused. */
  idempotencyKey?: string;
  /** Another master Workflow that the workers have (`createWorker({ workflowsPath })`). Default: `masterAgent`. */
  workflow?: string;
}

interface ClientParts {
  client: Client;
  connection: Connection;
  deployment: string;
  /** Present where the deployment's store can be read from here. */
  store?: Store;
  /** Config file whose classes may be named; asked at each start. */
  configPath: () => string | undefined;
  /** Told what a person should know but nobody has to act on. Default: nothing. */
  warn?: (message: string) => void;
}

export class MusterClient {
  readonly #parts: ClientParts;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  /** Short id of the deployment whose workers take the tasks. */
  get deployment(): string {
    return this.#parts.deployment;
  }

  /** `host:port` of the Temporal server. */
  get address(): string {
    return this.#parts.connection.options.address;
  }

  get store(): Store | undefined {
    return this.#parts.store;
  }

  /** The Temporal client underneath, for what this library does not cover. */
  get temporal(): Client {
    return this.#parts.client;
  }

  /**
   * Starts a task and returns as soon as Temporal has it; from then on it is never lost.
   * @throws RequestRefusedError, KeyReusedError, UnreachableError.
   */
  async start(input: TaskInput, options: StartOptions = {}): Promise<TaskHandle> {
    const request = await asRequest(input, this.#parts.configPath());
    const problem =
      requestProblem(request) ??
      labelProblem('tenant', request.tenant) ??
      (request.sessionId === undefined ? undefined : labelProblem('session', request.sessionId)) ??
      (request.outputSchema === undefined ? undefined : outputSchemaProblem(request.outputSchema));
    if (problem) throw new RequestRefusedError(problem);
    const hash = requestHash(request);
    const key = options.idempotencyKey;
    const taskId = key === undefined ? newTaskId(request.goal) : taskIdOfKey(request.tenant, key);
    try {
      await this.#startWorkflow(taskId, request, hash, options.workflow ?? WORKFLOWS.masterAgent);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const own = await ownTask(this.#parts, taskId, request.tenant);
      if (own?.memo?.[MEMO.requestHash] !== hash) throw new KeyReusedError(taskId);
    }
    return this.#handle(taskId);
  }

  async #startWorkflow(taskId: string, request: TaskRequest, hash: string, workflow: string): Promise<void> {
    const attributes = searchAttributes(request);
    const start = (typedSearchAttributes: SearchAttributePair[]) =>
      translatingConnectionErrors(() =>
        this.#parts.client.workflow.start(workflow, {
          workflowId: taskId,
          taskQueue: deepQueue(this.#parts.deployment),
          args: [{ request } satisfies MasterInput],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowExecutionTimeout: `${BACKSTOP_DAYS} days`,
          memo: {
            [MEMO.requestHash]: hash,
            [MEMO.goal]: request.goal.slice(0, 500),
            [MEMO.tenant]: request.tenant,
          },
          typedSearchAttributes: new TypedSearchAttributes(typedSearchAttributes),
          priority: { priorityKey: request.class.priority },
          staticSummary: oneLine(request.goal, 200),
          staticDetails: detailsOf(request),
        }),
      );
    try {
      await start(attributes);
    } catch (error) {
      if (!refusesSearchAttributes(error)) throw error;
      this.#parts.warn?.(
        'this Temporal server does not know Muster’s search attributes; the task runs without them (temporal-dev.sh registers them)',
      );
      await start([]);
    }
  }

  /**
   * The task with this id.
   *
   * @param options.tenant whose task it must be. Default: any tenant's.
   * @throws TaskNotFoundError, also for what is no task, or of another deployment or tenant; UnreachableError.
   */
  async get(taskId: string, { tenant }: { tenant?: string } = {}): Promise<TaskHandle> {
    if (!(await ownTask(this.#parts, taskId, tenant)) && !(await this.#isKept(taskId, tenant)))
      throw new TaskNotFoundError(taskId);
    return this.#handle(taskId);
  }

  /** Beyond Temporal's retention the store may still have it. */
  async #isKept(taskId: string, tenant: string | undefined): Promise<boolean> {
    const { store } = this.#parts;
    if (!(await store?.getResult(taskId))) return false;
    return tenant === undefined || (await store?.getTask(taskId))?.tenant === tenant;
  }

  /**
   * Tasks of this deployment, newest first.
   * @throws RequestRefusedError, at the first task asked for, when a value of the filter is not 1 to 64 letters, digits,
   *   `.`, `_` and `-`.
   */
  list(filter: ListFilter = {}): AsyncIterable<TaskSummary> {
    return listTasks(this.#parts.client, this.#parts.deployment, filter);
  }

  /**
   * One page of the same list.
   * @param cursor of the page before; it goes with the same filter. Default: the first page.
   * @throws as `list`; RequestRefusedError for what is no cursor.
   */
  listPage(filter: ListFilter = {}, cursor?: string): Promise<TaskPage> {
    return listPage(this.#parts.client, this.#parts.deployment, filter, cursor);
  }

  /** True when a worker polled for this deployment lately; one that was killed counts for a little longer. */
  workerSeen(): Promise<boolean> {
    return workerSeen(this.#parts);
  }

  /**
   * Returns when the server has answered: asked one time, so that one that can't be reached is known at once.
   * @throws UnreachableError, also when it has said nothing for two seconds.
   */
  async ping(): Promise<void> {
    const { client, connection } = this.#parts;
    await translatingConnectionErrors(() =>
      connection.withDeadline(Date.now() + PING_MS, () => oneTry(() => client.workflowService.getSystemInfo({}))),
    );
  }

  /** How many tasks of this deployment no worker has begun. Late by some moments. @throws UnreachableError */
  queued(): Promise<number> {
    return countQueued(this.#parts.client, this.#parts.deployment);
  }

  /** True when any task of this deployment has not ended. @throws UnreachableError */
  anyRuns(): Promise<boolean> {
    return anyRuns(this.#parts.client, this.#parts.deployment);
  }

  #handle(taskId: string): TaskHandle {
    const { client, connection, deployment, store } = this.#parts;
    return new TaskHandle({ taskId, client, connection, deployment, ...(store ? { store } : {}) });
  }

  /** Closes the connection; tasks run on. */
  async close(): Promise<void> {
    await this.#parts.connection.close();
    await this.#parts.store?.close();
  }
}

async function asRequest(input: TaskInput, configPath: string | undefined): Promise<TaskRequest> {
  const row = typeof input.class === 'object' ? input.class : await resolveClass(input.class, configPath);
  const problem = input.limits && limitsProblem(row, input.limits);
  if (problem) throw new RequestRefusedError(problem);
  return {
    v: 1,
    goal: input.goal,
    sources: input.sources.map((source): Source => {
      if (typeof source === 'string' && isAddress(source)) return { kind: 'url', url: source };
      if (typeof source === 'string') return { kind: 'path', path: resolve(source) };
      return source.kind === 'path' ? { ...source, path: resolve(source.path) } : source;
    }),
    class: input.limits ? withinLimits(row, input.limits) : row,
    ...(input.limits ? { limits: input.limits } : {}),
    tenant: input.tenant ?? 'default',
    ...(input.outputSchema === undefined ? {} : { outputSchema: input.outputSchema }),
    ...(input.sessionId === undefined ? {} : { sessionId: input.sessionId }),
  };
}

/** Readable, and not to be guessed: `compare-retry-policies-9f2c41d07ab3`. */
function newTaskId(goal: string): string {
  const slug = goal
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .split('-')
    .filter((word) => word !== '')
    .slice(0, 6)
    .join('-')
    .slice(0, 48);
  return `${slug === '' ? 'task' : slug}-${randomBytes(6).toString('hex')}`;
}

/** The id that a tenant's task with this idempotency key has, started or not. */
export function taskIdOfKey(tenant: string, key: string): string {
  return `task-${sha256(`${tenant}\n${key}`).slice(0, 40)}`;
}

function searchAttributes(request: TaskRequest): SearchAttributePair[] {
  const keyword = (name: string, value: string): SearchAttributePair => ({
    key: defineSearchAttributeKey(name, 'KEYWORD'),
    value,
  });
  return [
    keyword(SEARCH_ATTRIBUTES.class, request.class.name),
    keyword(SEARCH_ATTRIBUTES.tenant, request.tenant),
    keyword(SEARCH_ATTRIBUTES.state, 'queued'),
    ...(request.sessionId === undefined ? [] : [keyword(SEARCH_ATTRIBUTES.session, request.sessionId)]),
  ];
}

function refusesSearchAttributes(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (/search attribute/i.test(cause.message)) return true;
  }
  return false;
}

function detailsOf(request: TaskRequest): string {
  const sources = request.sources.map(
    (source) => `- \`${source.kind === 'path' ? source.path : source.kind === 'url' ? source.url : source.name}\``,
  );
  return [
    `**${oneLine(request.goal, 2_000)}**`,
    '',
    `class ${request.class.name}, tenant ${request.tenant}`,
    '',
    ...sources,
  ].join('\n');
}

function oneLine(text: string, max: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
