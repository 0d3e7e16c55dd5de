// hubs.ts: the hubs of this process, one a task: opened for who may see the task, ended when nobody needed them for a while.

import { TaskNotFoundError, UnreachableError } from '../../client/errors.ts';
import { goneTask } from '../../client/gone-task.ts';
import { KeptTask } from '../../client/kept-task.ts';
import type { MusterClient } from '../../client/muster-client.ts';
import { backgroundId } from '../../protocol/names.ts';
import type { PartialText, Store } from '../../store/store.ts';
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
   * @param started the task where this process started it for that tenant. Default: it is looked for.
   * @throws TaskNotFoundError, also for another tenant's; TaskExpiredError for one that was removed; ProblemError when there are too many, or the gateway ends.
   */
  async open(taskId: string, tenant: string, started?: ReadTask): Promise<TaskHub> {
    if (this.#stopped) throw new ProblemError('closing', 'this gateway is being stopped');
    if (!/^[A-Za-z0-9._:-]{1,128}$/.test(taskId)) throw new TaskNotFoundError(taskId);
    const known = this.#hubs.get(taskId);
    if (known && this.#tenants.get(taskId)?.has(tenant)) {
      if (known.isClosed) await this.#refuseGone(taskId, tenant);
      known.lastUsed = Date.now();
      return known;
    }
    const task = started ?? (await this.#find(taskId, tenant));
    // Another call may have opened it meanwhile.
    const hub = this.#hubs.get(taskId) ?? this.#make(task);
    this.#tenants.set(taskId, (this.#tenants.get(taskId) ?? new Set()).add(tenant));
    hub.lastUsed = Date.now();
    return hub;
  }

  /** What a hub still knows of a task that was removed is shown to nobody. @throws TaskExpiredError. */
  async #refuseGone(taskId: string, tenant: string): Promise<void> {
    const gone = await goneTask(this.#store, taskId, tenant).catch(() => undefined);
    if (!gone) return;
    this.#end(taskId);
    throw gone;
  }

  /**
   * The hub of what goes on behind a task's answer; its view is the task's. It ends where there is nothing.
   * @throws as `open`.
   */
  async openBackground(taskId: string, tenant: string): Promise<TaskHub> {
    await this.open(taskId, tenant);
    const id = backgroundId(taskId);
    const known = this.#hubs.get(id);
    if (known) {
      known.lastUsed = Date.now();
      return known;
    }
    const task = await this.#find(taskId, tenant);
    return (
      this.#hubs.get(id) ??
      this.#make(
        {
          taskId,
          status: () => task.status(),
          events: (options) => task.events({ ...options, background: 'only' }),
          // Its events say when nothing more happens, also while it waits for being asked.
          isOpen: async () => false,
        },
        id,
      )
    );
  }

  /** Words of an answer that is written in this process. */
  hear(taskId: string, text: PartialText): void {
    this.#hubs.get(taskId)?.hear(text);
  }

  /** It was removed: nothing that is known of it is shown any more, however long a newer look takes. */
  removed(taskId: string): void {
    for (const id of [taskId, backgroundId(taskId)]) this.#end(id);
  }

  /** What was seen of it is over: it goes on. Who reads it now goes on to read. */
  reopenBackground(taskId: string): void {
    const id = backgroundId(taskId);
    const known = this.#hubs.get(id);
    if (known?.isEnded && !known.isWatched) this.#end(id);
  }

  /** A closed task needs no server. */
  async #find(taskId: string, tenant: string): Promise<ReadTask> {
    try {
      return await this.#client.get(taskId, { tenant });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      const [kept, head] = await Promise.all([this.#store.getResult(taskId), this.#store.getTask(taskId)]);
      if (!kept || head?.tenant !== tenant) throw (await goneTask(this.#store, taskId, tenant)) ?? error;
      return new KeptTask(kept, this.#store);
    }
  }

  #make(task: ReadTask, id = task.taskId): TaskHub {
    if (this.#hubs.size >= this.#options.most) this.#sweep(0);
    if (this.#hubs.size >= this.#options.most)
      throw new ProblemError('overloaded', `${this.#hubs.size} tasks are being followed; try again in a moment`);
    const { urlsOf, ...rest } = this.#options;
    const said = new SaidPercent(this.#store, task.taskId);
    const percentOf = (seen: number | undefined): Promise<number> => said.atLeast(seen);
    const hub = new TaskHub({ ...rest, task, percentOf, urls: urlsOf(task.taskId) });
    this.#hubs.set(id, hub);
    return hub;
  }

  #sweep(idleMs = IDLE_MS): void {
    for (const [taskId, hub] of this.#hubs) {
      if (hub.isWatched || Date.now() - hub.lastUsed < idleMs) continue;
      this.#end(taskId);
    }
  }

  #end(taskId: string): void {
    this.#hubs.get(taskId)?.stop();
    this.#hubs.delete(taskId);
    this.#tenants.delete(taskId);
  }

  /** Ends all; their readers are told that they can go on elsewhere. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#sweeping);
    for (const hub of this.#hubs.values()) hub.stop();
  }
}
