// history-poll.ts: waits for the next event of a Workflow's history, on Temporal's long poll: needs no worker, adds no
// history, costs nothing while nothing happens.

import type { Client } from '@temporalio/client';
import { grpcCode, isUnreachable } from './connection-errors.ts';

const GRPC_CANCELLED = 1;
const RECONNECT_MS = 1_000;

export class HistoryPoll {
  readonly #client: Client;
  readonly #taskId: string;
  #token: Uint8Array | undefined;

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
      if (signal?.aborted) return false;
      try {
        const call = () =>
          this.#client.workflowService.getWorkflowExecutionHistory({
            namespace: this.#client.options.namespace,
            execution: { workflowId: this.#taskId },
            waitNewEvent: true,
            ...(this.#token ? { nextPageToken: this.#token } : {}),
          });
        const page = await this.#client.connection.withDeadline(Date.now() + 60_000, () =>
          // A signal of its own each time: the SDK leaves its listener on the one it gets.
          signal ? this.#client.connection.withAbortSignal(AbortSignal.any([signal]), call) : call(),
        );
        const ended = !page.nextPageToken || page.nextPageToken.length === 0;
        this.#token = ended ? undefined : page.nextPageToken;
        if (ended) return false;
        if ((page.history?.events?.length ?? 0) > 0) return true;
      } catch (error) {
        if (signal?.aborted || grpcCode(error) === GRPC_CANCELLED) return false;
        if (!isUnreachable(error)) throw error;
        await new Promise((done) => setTimeout(done, RECONNECT_MS));
      }
    }
  }
}
