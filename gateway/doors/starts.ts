// starts.ts: starts tasks within what the deployment takes and what their tenant may have. Whoever gets an id has its task in
// Temporal; whoever is refused has none, but where Temporal did not say.

import { randomBytes } from 'node:crypto';
import { KeyReusedError, RequestRefusedError, ScheduleNotFoundError, TaskNotFoundError } from '../../client/errors.ts';
import { taskIdOfKey, type MusterClient } from '../../client/muster-client.ts';
import { activeTraceparent } from '../../client/program-trace.ts';
import { orLate } from '../../client/or-late.ts';
import type { ScheduleHandle } from '../../client/schedules.ts';
import type { TaskHandle } from '../../client/task-handle.ts';
import type { TaskInput } from '../../client/task-input.ts';
import { taskRequest } from '../../client/task-request.ts';
import { DEFAULT_CLASS } from '../../protocol/classes.ts';
import type { Route } from '../../protocol/path.ts';
import type { Usage } from '../../protocol/usage.ts';
import type { Store } from '../../store/store.ts';
import { metrics } from '../../telemetry/metrics/registry.ts';
import { ProblemError } from '../wire/problems.ts';
import type { FastPlace } from '../../worker/fast-lane.ts';
import type { Admission } from './admission.ts';
import { TenantAccounts, type Standing, type TenantLimits } from './tenant-accounts.ts';

const START_MS = 10_000;
/** How long a start waits for the model to be asked: finding passages takes some 5 ms of a warm index. */
const ASKED_MS = 25;
/** How long a start waits to hear what a task that runs has spent. */
const SPENT_MS = 250;

interface StartMore {
  traceparent?: string | undefined;
  route?: Route | undefined;
  place?: FastPlace | undefined;
}

export class Starts {
  readonly #client: MusterClient;
  readonly #store: Store;
  readonly #admission: Admission;
  readonly #accounts: TenantAccounts;
  readonly #limitsOf: (tenant: string) => TenantLimits;

  constructor(client: MusterClient, store: Store, admission: Admission, limitsOf: (tenant: string) => TenantLimits) {
    this.#client = client;
    this.#store = store;
    this.#admission = admission;
    this.#limitsOf = limitsOf;
    this.#accounts = new TenantAccounts(store, (taskId, tenant) => this.#standingOf(taskId, tenant));
  }

  /** Before a request's body is read. @throws ProblemError as `start` */
  async refuseIfFull(): Promise<void> {
    await this.#admission.refuseIfFull();
  }

  /**
   * @param key the caller's own: asking again is asking once, and needs no room. Default: this is asked once.
   * @param more.traceparent of whoever asks. Default: the task's trace is its own.
   * @param more.place in the lane of this process: the task begins there. The caller releases it. Default: any worker takes it.
   * @param more.route the verdict that chose its path. Default: it is asked for.
   * @returns the task, which may be there already.
   * @throws ProblemError (overloaded, queue_full, too_many_tasks, tokens_spent, server_unreachable, store_unavailable); what
   *   the client throws.
   */
  async start(
    input: TaskInput & { tenant: string },
    key: string | undefined,
    more: StartMore = {},
  ): Promise<TaskHandle> {
    // One of our own where there is none: its id is as hard to guess, and says nothing of the goal.
    const idempotencyKey = key ?? `gateway-${randomBytes(16).toString('hex')}`;
    const taskId = taskIdOfKey(input.tenant, idempotencyKey);
    const hasPlace = await this.#admission.before(this.#takePlace(input.tenant, taskId, key !== undefined));
    const begin = () => this.#start(input, idempotencyKey, more, key === undefined ? undefined : taskId);
    try {
      const task = await this.#admission.run(begin);
      const path = (more.route?.path ?? input.path) === 'fast' ? 'fast' : 'deep';
      if (task.isNew) metrics.add('muster_tasks_accepted_total', { class: nameOf(input.class), path });
      return task;
    } catch (error) {
      if (hasPlace && isNotStarted(error)) await this.#accounts.forget(input.tenant, taskId);
      throw error;
    }
  }

  /**
   * Runs a schedule now, which is another task of its tenant.
   * @returns the id of the task, where the server said it.
   * @throws ProblemError as `start`; ScheduleNotFoundError.
   */
  async runSchedule(schedule: Pick<ScheduleHandle, 'tenant' | 'trigger'>): Promise<string | undefined> {
    const { tenant } = schedule;
    // The server names the task; one that it does not name leaves its place free a minute later.
    const place = `schedule-${randomBytes(16).toString('hex')}`;
    const hasPlace = await this.#admission.before(this.#takePlace(tenant, place, false));
    let found: () => Promise<string | undefined>;
    try {
      found = await this.#admission.run(() => schedule.trigger());
    } catch (error) {
      if (hasPlace && isNotStarted(error)) await this.#accounts.forget(tenant, place);
      throw error;
    }
    const taskId = await found();
    if (hasPlace && taskId !== undefined) await this.#accounts.name(tenant, place, taskId);
    return taskId;
  }

  /** @param mayBe the task's id where it may be there already. */
  async #start(
    input: TaskInput & { tenant: string },
    idempotencyKey: string,
    { traceparent: asked, route, place }: StartMore,
    mayBe: string | undefined,
  ): Promise<TaskHandle> {
    const { connection } = place ?? this.#client.temporal;
    const taskId = taskIdOfKey(input.tenant, idempotencyKey);
    const traceparent = asked ?? (await activeTraceparent());
    if (place) await this.#beginAhead(place, input, taskId, { route, traceparent }, mayBe);
    let task: TaskHandle | undefined;
    try {
      // Whoever was told that Temporal does not answer must not get a task minutes later.
      return (task = await connection.withDeadline(Date.now() + START_MS, () =>
        this.#client.start(input, {
          idempotencyKey,
          ...(traceparent === undefined ? {} : { traceparent }),
          ...(route ? { route } : {}),
          ...(place ? { eager: place.connection } : {}),
        }),
      ));
    } finally {
      place?.through(taskId, task?.isNew === true);
    }
  }

  /**
   * Its work begins before its start, which waits a moment for it: beside each other both are slower, and a start passes while the
   * model thinks. Of a task that is there already nothing is begun a second time.
   */
  async #beginAhead(
    place: FastPlace,
    input: TaskInput & { tenant: string },
    taskId: string,
    { route, traceparent }: StartMore,
    mayBe: string | undefined,
  ): Promise<void> {
    if (mayBe !== undefined && (await this.#store.getTask(mayBe).catch(() => undefined))) return;
    const request = await taskRequest(input, undefined, async () => route).catch(() => undefined);
    if (request) await orLate(place.begin(taskId, request, traceparent), ASKED_MS, () => undefined);
  }

  /** True when this took one. */
  async #takePlace(tenant: string, taskId: string, mayBeThere: boolean): Promise<boolean> {
    const limits = this.#limitsOf(tenant);
    if (limits.running === undefined && limits.tokensPerDay === undefined) return false;
    if (mayBeThere && (await this.#standingOf(taskId, tenant)) !== 'unknown') return false;
    return await this.#accounts.open(tenant, taskId, limits);
  }

  async #standingOf(taskId: string, tenant: string): Promise<Standing> {
    try {
      const task = await this.#client.get(taskId, { tenant });
      if (await task.isOpen()) return { isOpen: true, tokens: await this.#tokensOf(task, tenant) };
    } catch (error) {
      if (error instanceof TaskNotFoundError) return 'unknown';
      throw error;
    }
    return { isOpen: false, tokens: tokensIn((await this.#store.getResult(taskId))?.usage) };
  }

  /** What it has spent by now, where somebody asks for that; 0 where its worker does not say so soon. */
  async #tokensOf(task: TaskHandle, tenant: string): Promise<number> {
    if (this.#limitsOf(tenant).tokensPerDay === undefined) return 0;
    const status = await orLate(task.status(), SPENT_MS, () => undefined);
    return tokensIn(status?.progress?.usage);
  }
}

const nameOf = (row: TaskInput['class'] = DEFAULT_CLASS): string => (typeof row === 'string' ? row : row.name);

const tokensIn = (usage: Usage | undefined): number => (usage ? usage.inputTokens + usage.outputTokens : 0);

/** Where Temporal did not say, it may have been. */
const isNotStarted = (error: unknown): boolean =>
  error instanceof RequestRefusedError ||
  error instanceof KeyReusedError ||
  error instanceof ScheduleNotFoundError ||
  (error instanceof ProblemError && (error.code === 'overloaded' || error.code === 'queue_full'));
