// muster-client.ts: starts tasks and finds them again. Asking twice is asking once: the Workflow Id is never used again.

import { Client, WorkflowExecutionAlreadyStartedError, type Connection, type ConnectionLike } from '@temporalio/client';
import type { TypedSearchAttributes } from '@temporalio/common';
import type { Advice, Told } from '../protocol/advise.ts';
import type { RequestClass } from '../protocol/classes.ts';
import type { TaskEstimate } from '../protocol/estimate.ts';
import type { ForgetReceipt, SessionReceipt } from '../protocol/forget.ts';
import type { Measured, SloReport } from '../protocol/measure.ts';
import { fastQueue, MEMO, WORKFLOWS } from '../protocol/names.ts';
import { requestHash, sha256 } from '../protocol/schemas/hash.ts';
import type { Route } from '../protocol/path.ts';
import type { Router } from '../protocol/schemas/router.ts';
import type { Schedule } from '../protocol/schedules.ts';
import type { SessionSummary } from '../protocol/session.ts';
import type { TaskRequest } from '../protocol/task.ts';
import type { Store } from '../store/store.ts';
import { adviceFor, chosenClasses, measureClasses, sloReports } from './class-reports.ts';
import { allClasses } from './classes.ts';
import { estimateFor } from './estimate.ts';
import { KeyReusedError, MusterError, TaskNotFoundError } from './errors.ts';
import { forgetTask, type ForgetTaskOptions } from './forget-task.ts';
import { refuseStranger } from './guessed-server.ts';
import { goneTask } from './gone-task.ts';
import type { HandleParts } from './handle-parts.ts';
import { anyRuns, countQueued, listPage, listTasks } from './list-tasks.ts';
import { oneTry } from './one-try.ts';
import { ownTask } from './own-task.ts';
import { translatingConnectionErrors } from './connection-errors.ts';
import { listSchedules, makeSchedule, ScheduleHandle, type ScheduleInput } from './schedules.ts';
import { activeTraceparent, noteStart } from './program-trace.ts';
import { forgetSession, sessionOf, sessionsOf, type Session, type SessionOptions } from './sessions.ts';
import { TaskHandle } from './task-handle.ts';
import { refuseUntold, type WorkersFile } from './receivers.ts';
import { routeTask, type RouteSignals } from './route-task.ts';
import type { TaskInput } from './task-input.ts';
import { newTaskId, startOf, taskRequest, withSearchAttributes } from './task-request.ts';
import { traceHeadersOfStart, withTraceparent } from './trace-headers.ts';
import { workerSeen } from './task-status.ts';
import type { ListFilter, TaskPage, TaskSummary } from './task-summary.ts';

const PING_MS = 2_000;

export interface StartOptions {
  /** The same key and request give the same task, running or done; another request is refused. */
  idempotencyKey?: string;
  /** Another master Workflow that the workers have (`createWorker({ workflowsPath })`). Default: `masterAgent`. */
  workflow?: string;
  /**
   * W3C Trace Context of whoever asks: the task's trace is part of theirs. Default: of the span that is active here, where the program
   * has registered an SDK of OpenTelemetry; else it is a trace of its own.
   */
  traceparent?: string;
  /** As `route` gave it for the same input. Default: it is asked for now, where the input or its class lets the path be chosen. */
  route?: Route;
  /**
   * Connection of a Worker in this process that is on the deployment's fast queue (`openFastLane`): the task begins there,
   * with the reply to its start. Where that Worker dies, others take it. Default: the task waits for a worker like any other.
   */
  eager?: ConnectionLike;
}

interface ClientParts {
  client: Client;
  connection: Connection;
  deployment: string;
  /** Present where the deployment's store can be read from here. */
  store?: Store;
  /** Config file whose classes may be named; asked at each start. */
  configPath: () => string | undefined;
  /** The config file that the workers have, where it is known: who can't be told of a task is refused by it. */
  workersFile?: () => WorkersFile | undefined;
  /** Told what a person should know but nobody has to act on. Default: nothing. */
  warn?: (message: string) => void;
  /** Judges questions where the path is to be chosen. Default: the one that the config file names, else rules. */
  router?: Router;
  /** As HandleParts. Default: no. */
  isServerGuessed?: boolean;
}

export class MusterClient {
  readonly #parts: ClientParts;
  #eager: Client | undefined;

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
   * @throws RequestRefusedError, KeyReusedError; UnreachableError, also where nobody named the server and no worker of this
   *   deployment is there.
   */
  async start(input: TaskInput, options: StartOptions = {}): Promise<TaskHandle> {
    const decide = (asked: TaskRequest): Promise<Route | undefined> =>
      options.route
        ? Promise.resolve(options.route)
        : // Who has a Worker of their own for it need not ask the server for one.
          this.#routed(input, asked, options.eager ? { lane: {} } : {});
    const request = await taskRequest(input, this.#parts.configPath(), decide);
    await refuseUntold(request.notify, request.tenant, this.#parts.workersFile?.());
    const hash = requestHash(request);
    const key = options.idempotencyKey;
    const taskId = key === undefined ? newTaskId(request.goal) : taskIdOfKey(request.tenant, key);
    const traceparent = options.traceparent ?? (await activeTraceparent());
    const from = Date.now();
    await refuseStranger(this.#parts, 'the task', taskId);
    let isNew = true;
    try {
      await withTraceparent(traceparent, () =>
        this.#startWorkflow(taskId, request, options.workflow ?? WORKFLOWS.masterAgent, options.eager),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const own = await ownTask(this.#parts, taskId, request.tenant);
      if (own?.memo?.[MEMO.requestHash] !== hash) throw new KeyReusedError(taskId);
      isNew = false;
    }
    if (isNew) await noteStart({ taskId, sessionId: request.sessionId, traceparent, from });
    return this.#handle(taskId, { isNew, ...(isNew && traceparent !== undefined ? { traceparent } : {}) });
  }

  /**
   * Which path this input would take if it were started now, and why. Starts nothing. Undefined where neither the input nor its class
   * names a path: it is planned.
   *
   * @param signals what the caller knows of the moment. Default: it is looked up.
   * @throws RequestRefusedError, for what no path would take.
   */
  async route(input: TaskInput, signals: RouteSignals = {}): Promise<Route | undefined> {
    const configPath = this.#parts.configPath();
    const request = await taskRequest(input, configPath, (asked) => this.#routed(input, asked, signals));
    return request.route;
  }

  #routed(input: TaskInput, asked: TaskRequest, signals: RouteSignals): Promise<Route | undefined> {
    return routeTask(this.#parts, input.path, asked, signals);
  }

  async #startWorkflow(
    workflowId: string,
    request: TaskRequest,
    workflow: string,
    eager: ConnectionLike | undefined,
  ): Promise<void> {
    const { deployment, warn } = this.#parts;
    const client = eager ? this.#clientOn(eager) : this.#parts.client;
    const options = {
      ...startOf(request, deployment),
      ...(eager ? { taskQueue: fastQueue(deployment), requestEagerStart: true } : {}),
      workflowId,
      workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    };
    const start = (typedSearchAttributes: TypedSearchAttributes) =>
      translatingConnectionErrors(() => client.workflow.start(workflow, { ...options, typedSearchAttributes }));
    await withSearchAttributes(request, start, warn, workflowId);
  }

  /** The server hands a Workflow over with the reply to its start only on the connection of the Worker that is to have it. */
  #clientOn(connection: ConnectionLike): Client {
    if (this.#eager?.connection !== connection) {
      const { namespace } = this.#parts.client.options;
      this.#eager = new Client({ connection, namespace, interceptors: { workflow: [traceHeadersOfStart] } });
    }
    return this.#eager;
  }

  /**
   * The task with this id.
   *
   * @param options.tenant whose task it must be. Default: any tenant's.
   * @throws TaskNotFoundError, also for what is no task, or of another deployment or tenant; TaskExpiredError, which is one
   *   of these, for one that was removed; UnreachableError.
   */
  async get(taskId: string, { tenant }: { tenant?: string } = {}): Promise<TaskHandle> {
    const found = await ownTask(this.#parts, taskId, tenant);
    // Temporal may know a closed one for longer than the store keeps it.
    const gone = found?.status.name === 'RUNNING' ? undefined : await goneTask(this.#parts.store, taskId, tenant);
    if (gone) throw gone;
    if (!found && !(await this.#isKept(taskId, tenant))) throw new TaskNotFoundError(taskId);
    return this.#handle(taskId);
  }

  /**
   * Removes a closed task and what only it used: logs, events, result, uploads, texts and indexes, and its histories on the
   * server, which deletes them in its own time. A worker does it: where none is up it is recorded (`done: false`), and done
   * when one comes. Twice is once. Afterwards the id is that of a task that was forgotten (TaskExpiredError), for a year.
   *
   * @throws CommandRefusedError for a task at work; TaskNotFoundError; UnreachableError.
   */
  forget(taskId: string, options: ForgetTaskOptions = {}): Promise<ForgetReceipt> {
    return forgetTask(this.#parts, taskId, options);
  }

  /**
   * Sessions of this deployment, the last asked in first, for as long as their questions are kept.
   * @throws MusterError where the deployment's store can't be read from here.
   */
  sessions(options: SessionOptions = {}): Promise<SessionSummary[]> {
    return sessionsOf(this.#parts.store, options.tenant);
  }

  /** A session with its questions, oldest first. @throws SessionNotFoundError; as `sessions`. */
  session(id: string, options: SessionOptions = {}): Promise<Session> {
    return sessionOf(this.#parts.store, id, options);
  }

  /**
   * Forgets all tasks of a session, as `forget` does one; the session goes with the last of them.
   * @throws CommandRefusedError while one is at work: nothing is removed then; SessionNotFoundError; as `forget`.
   */
  forgetSession(id: string, options: SessionOptions & { timeoutSeconds?: number } = {}): Promise<SessionReceipt> {
    return forgetSession(this.#parts, id, options);
  }

  /** Beyond Temporal's retention the store may still have it. */
  async #isKept(taskId: string, tenant: string | undefined): Promise<boolean> {
    const { store } = this.#parts;
    if (!(await store?.getResult(taskId))) return false;
    return tenant === undefined || (await store?.getTask(taskId))?.tenant === tenant;
  }

  /**
   * Asks a question again and again. Each run is a task, whose id begins with the schedule's name and ends with its time, and
   * whose status names the schedule. The class's row is that of now.
   * @throws RequestRefusedError, also for a time or a time zone that there is not, and for a name that is taken;
   *   UnreachableError.
   */
  schedule(input: ScheduleInput): Promise<Schedule> {
    return makeSchedule(this.#parts, input);
  }

  /** Schedules of this deployment. Late by some moments. @throws UnreachableError, at the first one asked for. */
  schedules({ tenant }: { tenant?: string } = {}): AsyncIterable<Schedule> {
    return listSchedules(this.#parts, tenant);
  }

  /** The schedule of this name; whether there is one shows when it is asked. */
  scheduled(name: string, { tenant = 'default' }: { tenant?: string } = {}): ScheduleHandle {
    return new ScheduleHandle(this.#parts, tenant, name);
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

  /** What closed tasks took, by class and path. @throws MusterError where no store can be read; StoreError. */
  async measure(name?: string): Promise<Measured[]> {
    return await measureClasses(this.#history(), await this.#classes(name));
  }

  /** How the classes keep what is promised of them, over a window of days (28). @throws as `measure`. */
  async slo({ class: name, ...window }: { class?: string; days?: number; tenant?: string } = {}): Promise<SloReport[]> {
    return await sloReports(this.#history(), await this.#classes(name), window);
  }

  /** How requests of the classes should be answered, by what was measured and what is told. @throws as `measure`. */
  async advise(told: Told = {}, name?: string): Promise<Advice[]> {
    return await adviceFor(this.#history(), await this.#classes(name), told);
  }

  /**
   * What this input would take if it were started now: ranges of time, tokens, dollars and subtasks, and how many closed tasks say so.
   * What it says is `most` is enforced. Starts nothing.
   *
   * @throws RequestRefusedError as `start`; MusterError where no store can be read; StoreError.
   */
  async estimate(input: TaskInput): Promise<TaskEstimate> {
    const request = await taskRequest(input, this.#parts.configPath(), (asked) => this.#routed(input, asked, {}));
    return await estimateFor(this.#history(), request);
  }

  #history(): Store {
    if (this.#parts.store) return this.#parts.store;
    throw new MusterError(
      'the store of this deployment can’t be read from here',
      'Set MUSTER_HOME or MUSTER_STORE_URL.',
    );
  }

  async #classes(name: string | undefined): Promise<readonly RequestClass[]> {
    return chosenClasses(await allClasses(this.#parts.configPath()), name);
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

  #handle(taskId: string, more: Pick<HandleParts, 'isNew' | 'traceparent'> = {}): TaskHandle {
    const { client, connection, deployment, store } = this.#parts;
    return new TaskHandle({ taskId, client, connection, deployment, ...(store ? { store } : {}), ...more });
  }

  /** Closes the connection; tasks run on. */
  async close(): Promise<void> {
    await this.#parts.connection.close();
    await this.#parts.store?.close();
  }
}

/** The id that a tenant's task with this idempotency key has, started or not. */
export function taskIdOfKey(tenant: string, key: string): string {
  return `task-${sha256(`${tenant}\n${key}`).slice(0, 40)}`;
}
