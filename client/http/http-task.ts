// http-task.ts: one task over HTTP, with the library's handle: status, events, result, cancel, commands.

import type { AskedSoFar } from '../../protocol/answer-so-far.ts';
import type { EventCursor, TaskEvent } from '../../protocol/events.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { CommandBody, CommandReceipt, CommandReply } from '../../protocol/task-commands.ts';
import { commandPath, fromWire, toWire, type Wire } from '../../protocol/wire.ts';
import {
  BackgroundOverError,
  CommandRefusedError,
  RequestRefusedError,
  StillRunningError,
  StillWritingError,
  TaskCancelledError,
  TaskClosedError,
} from '../errors.ts';
import type { TaskPlan } from '../../protocol/plan.ts';
import type { TaskTrace } from '../../protocol/trace.ts';
import type { TaskStatus } from '../status.ts';
import { completedResult, failedError } from '../task-end.ts';
import { GatewayRefusedError, notKept, type Asked, type GatewayConnection } from './ask-gateway.ts';
import { followStream } from './event-stream.ts';
import { randomKey } from './random-key.ts';
import { resultOf, statusOf, type WireTask } from './wire-task.ts';
import { traceOf, type WireTrace } from './wire-trace.ts';

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
   * @param options.background also those of what goes on behind the answer, after the task's last. `only`: without the
   *   task's. Default: no.
   * @throws TaskNotFoundError, GatewayRefusedError.
   */
  async *events(
    options: { after?: EventCursor; signal?: AbortSignal; background?: boolean | 'only' } = {},
  ): AsyncGenerator<TaskEvent> {
    const { after, signal, background = false } = options;
    const from = { after: after && `${after.run}:${after.n}`, signal, background: background !== false };
    let isWanted = background !== 'only' || after !== undefined;
    for await (const { id: numbered, event, data } of followStream(this.#gateway, this.taskId, from)) {
      if (numbered !== undefined && event !== 'snapshot' && isWanted)
        yield fromWire<TaskEvent>(JSON.parse(data) as Wire<TaskEvent>);
      // A gateway of before says the first alone, and of a terminated task neither.
      isWanted ||= event === 'task.closed' || event === 'background';
    }
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
      // Its answer is there before it closes.
      if (task.closed_at !== null || task.status === 'completed') return ended(task);
      if (left === 0) throw new StillRunningError(this.taskId);
    }
  }

  /**
   * The best answer from what is there by now; the task goes on, or, with `stop`, ends there with its own. A task that has its own
   * answer, or ended, gives its result.
   *
   * @param options.timeoutSeconds gives up waiting after this long. Default: 60.
   * @param options.id the same id again is asking once; 1 to 100 visible ASCII characters. Default: a new one.
   * @throws StillWritingError when the time is over; UnreachableError where no worker answers; CommandRefusedError;
   *   as `result` where the task's own result comes; GatewayRefusedError.
   */
  async answerSoFar({
    stop = false,
    timeoutSeconds = 60,
    id = randomKey(),
  }: { stop?: boolean; timeoutSeconds?: number; id?: string } = {}): Promise<AskedSoFar> {
    const until = Date.now() + timeoutSeconds * 1_000;
    for (;;) {
      // Not asked again by itself where no worker answers: that is for who waits to know.
      const response = await this.#post('answer-so-far', { stop }, { headers: { 'idempotency-key': id }, once: true });
      if (response.status === 200) return askedOf(await response.json());
      if (Date.now() >= until) throw new StillWritingError(this.taskId);
    }
  }

  /**
   * The plan in full words, with what it may cost; undefined while there is none.
   * @throws TaskNotFoundError, UnreachableError, GatewayRefusedError.
   */
  async plan(): Promise<TaskPlan | undefined> {
    try {
      const sent = await this.#gateway.json<Wire<TaskPlan>>(`${this.#path}/plan`, { taskId: this.taskId });
      const { until, ...plan } = fromWire<Omit<TaskPlan, 'until'> & { until?: number }>(sent as never);
      return { ...plan, ...(until === undefined ? {} : { until: new Date(until) }) };
    } catch (error) {
      if (error instanceof GatewayRefusedError && error.code === 'plan_not_found') return undefined;
      throw error;
    }
  }

  /**
   * The tree of what it did so far, or did: steps, sub-agents, model calls, tools, with their times, tokens and costs. Prompts,
   * answers and messages of failures are not in it.
   * @throws TaskNotFoundError, UnreachableError, GatewayRefusedError.
   */
  async trace(): Promise<TaskTrace> {
    return traceOf(await this.#gateway.json<WireTrace>(`${this.#path}/trace`, { taskId: this.taskId }));
  }

  /** Asks that the task stops; what it found is kept. Returns when that is recorded, or it had ended before. */
  async cancel(reason?: string): Promise<void> {
    await this.#post('cancel', reason === undefined ? {} : { reason }).catch((error: unknown) => {
      if (!(error instanceof TaskClosedError)) throw error;
    });
  }

  /**
   * Sends once more what was given up, and does failed background subtasks again. Returns when that is recorded.
   * @param ids as `status().background` has them; a delivery that waits for its next try is tried now. Default: all that was
   *   given up or failed.
   * @throws CommandRefusedError for an id that is not there, or where nothing was given up; BackgroundOverError when nothing is
   *   left that could be sent or done again.
   */
  async redeliver(ids?: readonly string[]): Promise<void> {
    await this.#behind('redeliver', ids === undefined ? {} : { ids });
  }

  /** Ends what goes on behind the answer. @throws BackgroundOverError when that has ended, or there never was such a thing. */
  async cancelBackground(): Promise<void> {
    await this.#behind('cancel-background', {});
  }

  async #behind(name: string, body: object): Promise<void> {
    await this.#post(name, body).catch((error: unknown) => {
      throw error instanceof TaskClosedError ? new BackgroundOverError(this.taskId) : error;
    });
  }

  /**
   * Replies to a tool call that waits (an event `subtask.waiting` names its handle), a question to a person for one.
   *
   * @param handle undefined: the one question that is open.
   * @param content for the model: text, or anything that becomes JSON. Where a question has choices, one of them.
   * @param options.ok false tells the model that the call failed. Default: true.
   * @throws RequestRefusedError; TaskClosedError when the task has ended.
   */
  async reply(handle: string | undefined, content: unknown, options: { ok?: boolean } = {}): Promise<void> {
    const body = { ...(handle === undefined ? {} : { handle }), content, ...options };
    // Asked again without a handle it would be for the next question.
    await this.#post('answer', body, { once: handle === undefined });
  }

  /**
   * Tells the task something: a note, a pause, more room, another subtask, … It is applied when this returns, or, where no
   * worker answers in time, recorded, and applied when one comes. Who says so is the name of the key.
   *
   * @param options.id the same id again changes nothing, with another command it is refused; 1 to 100 visible ASCII characters. Default: a new one.
   * @throws CommandRefusedError with the reason; TaskClosedError; TaskNotFoundError; UnreachableError, GatewayRefusedError.
   */
  async command({ kind, ...body }: CommandBody, { id = randomKey() }: { id?: string } = {}): Promise<CommandReceipt> {
    try {
      const response = await this.#post(commandPath(kind), toWire(body), { headers: { 'idempotency-key': id } });
      const { n, effect } = (await response.json()) as CommandReply;
      return response.status === 200 ? { applied: true, n, effect } : { applied: false, recorded: true };
    } catch (error) {
      throw error instanceof RequestRefusedError ? new CommandRefusedError(this.taskId, error.message) : error;
    }
  }

  async #post(name: string, body: object, more: Pick<Asked, 'headers' | 'once'> = {}): Promise<Response> {
    return await this.#gateway.ask(`${this.#path}/${name}`, { method: 'POST', body, taskId: this.taskId, ...more });
  }
}

/** @throws for each end that is no completion. */
function askedOf(sent: unknown): AskedSoFar {
  const asked = fromWire<AskedSoFar>(sent as never);
  return asked.isFinal ? { isFinal: true, result: completedResult(asked.result) } : asked;
}

/** @throws for each end that is no completion. */
function ended(task: WireTask): TaskResult {
  const result = resultOf(task);
  if (result) return completedResult(result);
  const { task_id: taskId } = task;
  if (task.status === 'cancelled') throw new TaskCancelledError(taskId);
  if (task.status === 'failed') throw failedError(taskId, {});
  throw notKept(taskId);
}
