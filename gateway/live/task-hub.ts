// task-hub.ts: one task for all its readers in this process: its events are followed once, its status is read once, however
// many ask. Knows nothing of HTTP.

import { UnreachableError } from '../../client/errors.ts';
import type { AnyTask } from '../../client/kept-task.ts';
import { orLate } from '../../client/or-late.ts';
import type { TaskHandle } from '../../client/task-handle.ts';
import type { TaskStatus } from '../../client/status.ts';
import type { RequestClass } from '../../protocol/classes.ts';
import type { FindingDigest } from '../../protocol/findings.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { PartialText } from '../../store/store.ts';
import { eventId } from '../wire/cursor.ts';
import type { TaskView } from '../wire/schemas.ts';
import { taskView } from '../wire/task-view.ts';
import { isEnded } from '../wire/transitions.ts';
import { Bell } from './bell.ts';
import { Draft } from './draft.ts';
import { SubAgentTexts, type TextOf } from './sub-agent-texts.ts';
import { EventLog } from './event-log.ts';
import { frame, type Frame } from './frame.ts';

export type ReadTask = Pick<AnyTask, 'taskId' | 'status' | 'events' | 'isOpen'> & Partial<Pick<TaskHandle, 'findings'>>;

export interface HubParts {
  task: ReadTask;
  /** The row of a class; that of the default where none is known. */
  rowOf: (status: TaskStatus) => Promise<RequestClass>;
  /** What a closed task left; undefined when it left nothing, or it is not kept. */
  resultOf: (taskId: string) => Promise<TaskResult | undefined>;
  /** What of the answer is written by now; undefined where nothing is. `run` is that of the task's logs. */
  draftOf: (run: string) => Promise<PartialText | undefined>;
  /** What a sub-agent is writing by now; undefined where nothing is. */
  textOf: TextOf;
  /** The highest percent that was said of it, raised to what is seen now. */
  percentOf: (seen: number | undefined) => Promise<number>;
  urls: TaskView['urls'];
  /** Bytes of events kept for readers. */
  logBytes: number;
  /** Told of what nobody else hears. */
  report: (error: unknown) => void;
}

/** How old a status may be that is handed out. */
const FRESH_MS = 1_000;
/** How long a reader waits for a fresh status where there is an older one. */
const PATIENCE_MS = 250;
const RETRY_MS = 1_000;
const CLOSING_MS = 20;
/** How often the words of an answer that is being written are looked for. */
const DRAFT_MS = 100;

export class TaskHub {
  readonly bell = new Bell();
  readonly log: EventLog;
  readonly draft = new Draft();
  readonly texts: SubAgentTexts;
  readonly #parts: HubParts;
  readonly #stop = new AbortController();
  #view: { view: TaskView; at: number; last: string | undefined } | undefined;
  #reading: Promise<TaskView> | undefined;
  #live: { frame: Frame; text: string } | undefined;
  #watchers = 0;
  #following = false;
  /** Run of its logs, as its status says. */
  #run: string | undefined;
  /** True from when its answer may be written until it is there. */
  #isWriting = false;
  /** Run whose answer is there: nothing more is said of how it was written. */
  #answered: string | undefined;
  #readsDraft = false;
  /** True when its last event says that it closes: it does so a moment later. */
  #closing = false;
  /** True when the task has ended and all that is left of its events was followed. */
  #ended = false;
  lastUsed = Date.now();

  constructor(parts: HubParts) {
    this.#parts = parts;
    this.log = new EventLog(parts.logBytes);
    this.texts = new SubAgentTexts({
      textOf: parts.textOf,
      isWanted: () => this.isWatched,
      changed: () => this.bell.ring(),
    });
  }

  get taskId(): string {
    return this.#parts.task.taskId;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** True while somebody reads its stream. */
  get isWatched(): boolean {
    return this.#watchers > 0;
  }

  /** The last frame of live phases; undefined before the first, and once the log says that the task closes. */
  get live(): Frame | undefined {
    return this.#closing ? undefined : this.#live?.frame;
  }

  /** Counts a reader of the stream; live phases are read while there is one. */
  watch(): () => void {
    this.#watchers += 1;
    this.follow();
    if (this.#watchers === 1) void this.#showLive();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#watchers -= 1;
      this.lastUsed = Date.now();
    };
  }

  /** Follows the events from here on, until the task has ended. */
  follow(): void {
    if (this.#following) return;
    this.#following = true;
    void this.#followAll();
  }

  async #followAll(): Promise<void> {
    const { task } = this.#parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const after = this.log.last;
        for await (const event of task.events({ signal, ...(after ? { after } : {}) })) {
          this.log.append(event);
          this.#closing = event.type === 'task.closed';
          if (event.type === 'answer.ready') this.#isWritten(event.run);
          // A status may be a second old: what ended may have been the last that an answer waits for.
          if (event.type === 'subtask.finished') {
            this.texts.finished(event);
            this.#watchDraft();
          }
          this.bell.ring();
        }
        // It says that it closes just before it does. A Reset ends one run, and the task goes on in another.
        while (!signal.aborted && (await task.isOpen()) && this.#closing) await this.#pause(CLOSING_MS);
        if (signal.aborted || this.#closing || !(await task.isOpen())) break;
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof UnreachableError)) this.#parts.report(error);
        await this.#pause(RETRY_MS);
      }
    }
    this.#ended ||= !signal.aborted;
    this.texts.stop();
    this.bell.ring();
  }

  /** Nothing of it is said from now on: the answer itself is there. */
  #isWritten(run: string): void {
    this.#isWriting = false;
    this.#answered = run;
    this.draft.clear();
  }

  async #showDraft(): Promise<void> {
    if (this.#readsDraft) return;
    this.#readsDraft = true;
    while (this.#isWriting && this.#run !== undefined && this.isWatched && !this.#ended && !this.isStopped) {
      const next = await this.#parts.draftOf(this.#run).catch(() => undefined);
      // The answer may have come meanwhile.
      if (next && this.#isWriting && this.draft.set(next)) this.bell.ring();
      await this.#pause(DRAFT_MS);
    }
    this.#readsDraft = false;
  }

  #pause(ms: number): Promise<boolean> {
    return new Bell().wait(ms, this.#stop.signal);
  }

  async #showLive(): Promise<void> {
    while (this.isWatched && !this.#ended && !this.isStopped) {
      await this.view().catch(() => undefined);
      await this.#pause(FRESH_MS);
    }
  }

  /**
   * The task as it stands, at most a second old; older only where reading takes long.
   * @throws what the library throws.
   */
  async view(): Promise<TaskView> {
    this.lastUsed = Date.now();
    const known = this.#view;
    if (known && this.#isFresh(known)) return known.view;
    if (this.#ended) return await this.#lastView();
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    // Of one that has ended nobody is told that it runs.
    if (!known || (this.#ended && !isEnded(known.view.status))) return await this.#reading;
    return await orLate(this.#reading, PATIENCE_MS, () => known.view);
  }

  /** Of a task that has ended: a look that began before that may say that it runs. */
  async #lastView(): Promise<TaskView> {
    for (;;) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
      const view = await this.#reading;
      if (isEnded(view.status) || this.isStopped) return view;
      await this.#pause(CLOSING_MS);
    }
  }

  #isFresh({ view, at, last }: { view: TaskView; at: number; last: string | undefined }): boolean {
    if (isEnded(view.status)) return true;
    return Date.now() - at < FRESH_MS && last === this.#lastId() && !this.#ended;
  }

  #lastId(): string | undefined {
    return this.log.last && eventId(this.log.last);
  }

  async #read(): Promise<TaskView> {
    const { task, rowOf, resultOf, percentOf, urls } = this.#parts;
    const last = this.#lastId();
    const status = await task.status();
    const isClosed = isEnded(status.state);
    const { progress } = status;
    const [row, findings, result, percent] = await Promise.all([
      rowOf(status),
      isClosed ? [] : this.#findings(status),
      isClosed ? resultOf(task.taskId) : undefined,
      isClosed ? 100 : percentOf(progress && (progress.percent ?? 0)),
    ]);
    const view = taskView({ status, row, findings, result, percent }, this.#view?.view, urls, Date.now());
    this.#view = { view, at: Date.now(), last };
    this.#keepLive(status);
    this.#run = status.run ?? this.#run;
    if (this.isWatched && this.#run !== undefined) this.texts.show(this.#run, status.live);
    if (progress?.stage === 'synthesizing') this.#watchDraft();
    return view;
  }

  async #findings({ progress }: TaskStatus): Promise<FindingDigest[]> {
    const isSome = progress?.subtasks.some(({ findings }) => findings > 0) ?? false;
    return isSome ? ((await this.#parts.task.findings?.()) ?? []) : [];
  }

  /** From now on its answer may be written. */
  #watchDraft(): void {
    if (this.#answered !== undefined && this.#answered === this.log.last?.run) return;
    this.#isWriting = true;
    void this.#showDraft();
  }

  #keepLive({ live, step }: TaskStatus): void {
    const shown = {
      subtasks: live.map(({ id, generation, phase, turn, tokens, writes }) => ({
        id,
        generation,
        phase,
        turn,
        tokens,
        ...(writes === undefined ? {} : { writes }),
      })),
      ...(step ? { step } : {}),
    };
    const text = JSON.stringify(shown);
    if (text === this.#live?.text || (live.length === 0 && !step && !this.#live)) return;
    this.#live = { frame: frame('live', shown), text };
    this.bell.ring();
  }

  /** Waits until the task has ended; false when the time was over first. */
  async untilEnded(ms: number, signal?: AbortSignal): Promise<boolean> {
    const until = Date.now() + ms;
    this.follow();
    for (let left = ms; !this.#ended && left > 0 && !signal?.aborted; left = until - Date.now()) {
      await this.bell.wait(left, signal);
    }
    return this.#ended;
  }

  /** Ends what it does; readers are woken, and see that it has stopped. */
  stop(): void {
    this.#stop.abort();
    this.texts.stop();
    this.bell.ring();
  }
}
