// history-poll.ts: waits for the next event of a Workflow's history, on Temporal's long poll: needs no worker, adds no
// history, costs nothing while nothing happens.

import type { Client } from '@temporalio/client';
import { grpcCode, isUnreachable } from './connection-errors.ts';

const GRPC_CANCELLED = 1;
const RECONNECT_MS = 1_000;

type Page = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>;
export type HistoryEvents = NonNullable<NonNullable<Page['history']>['events']>;

export class HistoryPoll {
  readonly #client: Client;
  readonly #taskId: string;
  #token: Uint8Array | undefined;
  /** The last event that was seen says that another run goes on. */
  #goesOn = false;

  constructor(client: Client, taskId: string) {
    this.#client = client;
    this.#taskId = taskId;
  }

  /**
   * Returns at the next event after those that were seen; the first call goes through what there is.
   * Waits through a server that is away. Returns false when `signal` aborts or the history has ended.
   */
  async next(signal?: AbortSignal): Promise<boolean> {
    for (;;) {
      try {
        return (await this.events(signal)) !== undefined;
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        await new Promise((done) => setTimeout(done, RECONNECT_MS));
      }
    }
  }

  /**
   * The same with the events. Undefined when `signal` aborts or the history has ended: that of the last run, where a run went on
   * in another one.
   * @throws what the SDK throws, also when the server is away.
   */
  async events(signal?: AbortSignal): Promise<HistoryEvents | undefined> {
    for (;;) {
      if (signal?.aborted) return undefined;
      const page = await this.#page(signal);
      const ended = !page?.nextPageToken || page.nextPageToken.length === 0;
      this.#token = ended ? undefined : page.nextPageToken;
      const events = page?.history?.events ?? [];
      if (events.length > 0) this.#goesOn = Boolean(events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes);
      // Without a token the next page is one of the run that is there by then.
      if (ended && !this.#goesOn) return undefined;
      if (events.length > 0) return events;
    }
  }

  async #page(signal: AbortSignal | undefined): Promise<Page | undefined> {
    const call = () =>
      this.#client.workflowService.getWorkflowExecutionHistory({
        namespace: this.#client.options.namespace,
        execution: { workflowId: this.#taskId },
        waitNewEvent: true,
        ...(this.#token ? { nextPageToken: this.#token } : {}),
      });
    try {
      return await this.#client.connection.withDeadline(Date.now() + 60_000, () =>
        // A signal of its own each time: the SDK leaves its listener on the one it gets.
        signal ? this.#client.connection.withAbortSignal(AbortSignal.any([signal]), call) : call(),
      );
    } catch (error) {
      if (signal?.aborted || grpcCode(error) === GRPC_CANCELLED) return undefined;
      throw error;
    }
  }
}
