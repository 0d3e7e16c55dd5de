// starts.ts: starts tasks within what the deployment takes and what their tenant may have. Whoever gets an id has its task in
// Temporal; whoever is refused has none, but where Temporal did not say.

import { randomBytes } from 'node:crypto';
import { KeyReusedError, RequestRefusedError, TaskNotFoundError } from '../../client/errors.ts';
import { taskIdOfKey, type MusterClient, type TaskInput } from '../../client/muster-client.ts';
import { orLate } from '../../client/or-late.ts';
import type { TaskHandle } from '../../client/task-handle.ts';
import type { Usage } from '../../protocol/usage.ts';
import type { Store } from '../../store/store.ts';
import { ProblemError } from '../wire/problems.ts';
import type { Admission } from './admission.ts';
import { TenantAccounts, type Standing, type TenantLimits } from './tenant-accounts.ts';

const START_MS = 10_000;
/** How long a start waits to hear what a task that runs has spent. */
const SPENT_MS = 250;

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
   * @returns the id of the task.
   * @throws ProblemError (overloaded, queue_full, too_many_tasks, tokens_spent, server_unreachable, store_unavailable); what
   *   the client throws.
   */
  async start(input: TaskInput & { tenant: string }, key: string | undefined): Promise<string> {
    // One of our own where there is none: its id is as hard to guess, and says nothing of the goal.
    const idempotencyKey = key ?? `gateway-${randomBytes(16).toString('hex')}`;
    const taskId = taskIdOfKey(input.tenant, idempotencyKey);
    const hasPlace = await this.#admission.before(this.#takePlace(input.tenant, taskId, key !== undefined));
    try {
      await this.#admission.run(() => this.#start(input, idempotencyKey));
    } catch (error) {
      if (hasPlace && isNotStarted(error)) await this.#accounts.forget(input.tenant, taskId);
      throw error;
    }
    return taskId;
  }

  #start(input: TaskInput, idempotencyKey: string): Promise<unknown> {
    const { connection } = this.#client.temporal;
    // Whoever was told that Temporal does not answer must not get a task minutes later.
    return connection.withDeadline(Date.now() + START_MS, () => this.#client.start(input, { idempotencyKey }));
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

const tokensIn = (usage: Usage | undefined): number => (usage ? usage.inputTokens + usage.outputTokens : 0);

/** Where Temporal did not say, it may have been. */
const isNotStarted = (error: unknown): boolean =>
  error instanceof RequestRefusedError ||
  error instanceof KeyReusedError ||
  (error instanceof ProblemError && (error.code === 'overloaded' || error.code === 'queue_full'));
