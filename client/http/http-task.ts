// http-task.ts: one task over HTTP, with the library's handle: status, events, result, cancel.

import type { EventCursor, TaskEvent } from '../../protocol/events.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { fromWire, type Wire } from '../../protocol/wire.ts';
import { StillRunningError, TaskCancelledError, TaskNotFoundError } from '../errors.ts';
import type { TaskStatus } from '../status.ts';
import { completedResult, failedError } from '../task-end.ts';
import { GatewayRefusedError, type GatewayConnection } from './ask-gateway.ts';
import { followStream } from './event-stream.ts';
import { resultOf, statusOf, type WireTask } from './wire-task.ts';

/** Seconds that a gateway holds an answer back at most. */
const LONGEST_WAIT = 25;

/** What a stream brings, as docs/http-api.md lists it; names and times as the library has them. */
export interface StreamFrame {
  event: string;
  /** Cursor of a numbered event, or of the snapshot in place of those before it. */
  id?: string;
  data: unknown;
}

/**
 * The answer's words so far, after one more frame: for people who read along. What stands in it is not checked, and has no
 * citations: these are part of the result alone.
 *
 * @param subtask whose words these are. Default: those of the answer itself.
 */
export function draftAfter(draft: string, { event, data }: StreamFrame, subtask?: string): string {
  const { offset = 0, text = '', ...writer } = data as { offset?: number; text?: string; subtask?: string };
  if (writer.subtask !== subtask) return draft;
  if (event === 'answer.reset') return '';
  if (event === 'answer.snapshot') return text;
  return event === 'answer.delta' ? draft.slice(0, offset) + text : draft;
}

export class HttpTask {
  readonly taskId: string;
  readonly #gateway: GatewayConnection;

  constructor(taskId: string, gateway: GatewayConnection) {
    this.taskId = taskId;
    this.#gateway = gateway;
  }

  get #path(): string {
    return `/tasks/${encodeURIComponent(this.taskId)}`;
  }

  #read(wait = 0): Promise<WireTask> {
    const query = wait > 0 ? `?wait=${wait}` : '';
    return this.#gateway.json<WireTask>(`${this.#path}${query}`, { taskId: this.taskId });
  }

  /**
   * Where the task stands, at most a second old.
   * @throws TaskNotFoundError, UnreachableError, GatewayRefusedError.
   */
  async status(): Promise<TaskStatus> {
    return statusOf(await this.#read());
  }

  /**
   * The numbered events from a cursor on, each once and in order, until the task closes. Comes back by itself after
   * anything that breaks. Where a Reset took events back, it goes on with those of the new run.
   *
   * @param options.after event to go on from; default: from the first.
   * @param options.signal ends the iteration.
   * @throws TaskNotFoundError, GatewayRefusedError.
   */
  async *events(options: { after?: EventCursor; signal?: AbortSignal } = {}): AsyncGenerator<TaskEvent> {
    const { after, signal } = options;
    const id = after && `${after.run}:${after.n}`;
    for await (const { id: numbered, event, data } of followStream(this.#gateway, this.taskId, { after: id, signal }))
      if (numbered !== undefined && event !== 'snapshot')
        yield fromWire<TaskEvent>(JSON.parse(data) as Wire<TaskEvent>);
  }

  /**
   * All that the stream brings, live phases and the answer's words among them, until `done`.
   *
   * @param options.after id of the event to go on behind; default: from the first.
   * @throws as `events`.
   */
  async *stream(options: { after?: string; signal?: AbortSignal } = {}): AsyncGenerator<StreamFrame> {
    for await (const { data, ...frame } of followStream(this.#gateway, this.taskId, options))
      yield { ...frame, data: fromWire(JSON.parse(data) as never) };
  }

  /** True until the task has ended. @throws as `status`. */
  async isOpen(): Promise<boolean> {
    return (await this.#read()).closed_at === null;
  }

  /**
   * Waits for the task to end and returns its result.
   *
   * @param options.timeoutSeconds give up waiting after this long; the task runs on. Default: no limit.
   * @throws TaskFailedError with the result as far as it goes; TaskCancelledError; TaskNotFoundError; StillRunningError
   *   when the time is over; UnreachableError, GatewayRefusedError.
   */
  async result(options: { timeoutSeconds?: number } = {}): Promise<TaskResult> {
    const { timeoutSeconds = Infinity } = options;
    const until = Date.now() + timeoutSeconds * 1_000;
    for (;;) {
      const left = Math.max(0, Math.ceil((until - Date.now()) / 1_000));
      const task = await this.#read(Math.min(left, LONGEST_WAIT));
      if (task.closed_at !== null) return ended(task);
      if (left === 0) throw new StillRunningError(this.taskId);
    }
  }

  /** Asks that the task stops; what it found is kept. Returns when that is recorded, or it had ended before. */
  async cancel(reason?: string): Promise<void> {
    await this.#command('cancel', reason === undefined ? {} : { reason }).catch((error: unknown) => {
      if (!(error instanceof GatewayRefusedError && error.code === 'task_closed')) throw error;
    });
  }

  /**
   * Replies to a tool call that waits (an event `subtask.waiting` names its handle).
   *
   * @param content for the model: text, or anything that becomes JSON.
   * @param options.ok false tells the model that the call failed. Default: true.
   * @throws RequestRefusedError; GatewayRefusedError (`task_closed`) when the task has ended.
   */
  async reply(handle: string, content: unknown, options: { ok?: boolean } = {}): Promise<void> {
    await this.#command('answer', { handle, content, ...options });
  }

  async #command(name: string, body: object): Promise<void> {
    await this.#gateway.ask(`${this.#path}/${name}`, { method: 'POST', body, taskId: this.taskId });
  }
}

/** @throws for each end that is no completion. */
function ended(task: WireTask): TaskResult {
  const result = resultOf(task);
  if (result) return completedResult(result);
  const { task_id: taskId } = task;
  if (task.status === 'cancelled') throw new TaskCancelledError(taskId);
  if (task.status === 'failed') throw failedError(taskId, {});
  throw new TaskNotFoundError(taskId, `what task ${taskId} left is not kept any more`);
}
