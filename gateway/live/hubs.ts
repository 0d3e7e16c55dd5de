// hubs.ts: the hubs of this process, one a task: opened for who may see the task, ended when nobody needed them for a while.

import { TaskNotFoundError, UnreachableError } from '../../client/errors.ts';
import { KeptTask } from '../../client/kept-task.ts';
import type { MusterClient } from '../../client/muster-client.ts';
import type { Store } from '../../store/store.ts';
import { ProblemError } from '../wire/problems.ts';
import { SaidPercent } from './said-percent.ts';
import { TaskHub, type HubParts } from './task-hub.ts';
import type { ReadTask } from './task-views.ts';

const IDLE_MS = 30_000;
const SWEEP_MS = 5_000;

export interface HubsOptions extends Omit<HubParts, 'task' | 'urls' | 'percentOf'> {
  urlsOf: (taskId: string) => HubParts['urls'];
  /** Tasks that are followed at once. */
  most: number;
}

export class Hubs {
  readonly #client: MusterClient;
  readonly #store: Store;
  readonly #options: HubsOptions;
  readonly #hubs = new Map<string, TaskHub>();
  /** Who was found to be its tenant, by task: asked once. */
  readonly #tenants = new Map<string, Set<string>>();
  readonly #sweeping: NodeJS.Timeout;
  #stopped = false;

  constructor(client: MusterClient, store: Store, options: HubsOptions) {
    this.#client = client;
    this.#store = store;
    this.#options = options;
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#sweeping.unref();
  }

  get size(): number {
    return this.#hubs.size;
  }

  /**
   * The hub of a task.
   * @throws TaskNotFoundError, also for another tenant's; ProblemError when there are too many, or the gateway ends.
   */
  async open(taskId: string, tenant: string): Promise<TaskHub> {
    if (this.#stopped) throw new ProblemError('closing', 'this gateway is being stopped');
    if (!/^[A-Za-z0-9._-]{1,128}$/.test(taskId)) throw new TaskNotFoundError(taskId);
    const known = this.#hubs.get(taskId);
    if (known && this.#tenants.get(taskId)?.has(tenant)) {
      known.lastUsed = Date.now();
      return known;
    }
    const task = await this.#find(taskId, tenant);
    // Another call may have opened it meanwhile.
    const hub = this.#hubs.get(taskId) ?? this.#make(task);
    this.#tenants.set(taskId, (this.#tenants.get(taskId) ?? new Set()).add(tenant));
    hub.lastUsed = Date.now();
    return hub;
  }

  /** A closed task needs no server. */
  async #find(taskId: string, tenant: string): Promise<ReadTask> {
    try {
      return await this.#client.get(taskId, { tenant });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      const [kept, head] = await Promise.all([this.#store.getResult(taskId), this.#store.getTask(taskId)]);
      if (!kept || head?.tenant !== tenant) throw error;
      return new KeptTask(kept, this.#store);
    }
  }

  #make(task: ReadTask): TaskHub {
    if (this.#hubs.size >= this.#options.most) this.#sweep(0);
    if (this.#hubs.size >= this.#options.most)
      throw new ProblemError('overloaded', `${this.#hubs.size} tasks are being followed; try again in a moment`);
    const { urlsOf, ...rest } = this.#options;
    const said = new SaidPercent(this.#store, task.taskId);
    const percentOf = (seen: number | undefined): Promise<number> => said.atLeast(seen);
    const hub = new TaskHub({ ...rest, task, percentOf, urls: urlsOf(task.taskId) });
    this.#hubs.set(task.taskId, hub);
    return hub;
  }

  #sweep(idleMs = IDLE_MS): void {
    for (const [taskId, hub] of this.#hubs) {
      if (hub.isWatched || Date.now() - hub.lastUsed < idleMs) continue;
      hub.stop();
      this.#hubs.delete(taskId);
      this.#tenants.delete(taskId);
    }
  }

  /** Ends all; their readers are told that they can go on elsewhere. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#sweeping);
    for (const hub of this.#hubs.values()) hub.stop();
  }
}
