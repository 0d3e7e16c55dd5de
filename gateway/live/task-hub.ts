// task-hub.ts: one task for all its readers in this process: its events are followed once, its status is read once, however
// many ask. Knows nothing of HTTP.

import { UnreachableError } from '../../client/errors.ts';
import type { TaskStatus } from '../../client/status.ts';
import { isLastEvent, type TaskEvent } from '../../protocol/events.ts';
import type { PartialText } from '../../store/store.ts';
import type { TaskView } from '../wire/schemas.ts';
import { Bell } from './bell.ts';
import { Draft } from './draft.ts';
import { SubAgentTexts, type TextOf } from './sub-agent-texts.ts';
import { EventLog } from './event-log.ts';
import type { Stage } from '../../protocol/progress.ts';
import { toWire } from '../../protocol/wire.ts';
import { isEnded } from '../wire/transitions.ts';
import { frame, type Frame } from './frame.ts';
import { TaskViews, type ViewParts } from './task-views.ts';

export interface HubParts extends ViewParts {
  /** What of the answer is written by now; undefined where nothing is. `run` is that of the task's logs. */
  draftOf: (run: string) => Promise<PartialText | undefined>;
  /** Of an answer that is written in this process: its words as they are now, which `hear` goes on from. Default: none is. */
  wordsOf?: (taskId: string) => PartialText | undefined;
  /** What a sub-agent is writing by now; undefined where nothing is. */
  textOf: TextOf;
  /** Bytes of events kept for readers. */
  logBytes: number;
  /** Told of what nobody else hears. */
  report: (error: unknown) => void;
}

const RETRY_MS = 1_000;
const CLOSING_MS = 20;
/** How often it is looked what each sub-agent does just now. */
const LIVE_MS = 1_000;
/** How often the words of an answer that is being written are looked for. */
const DRAFT_MS = 100;
/** Words that came from this process so lately are not looked for in the store. */
const HEARD_MS = 1_000;
/** Stages in which the answer is written. */
const WRITES: ReadonlySet<Stage | undefined> = new Set(['answering', 'synthesizing']);

export class TaskHub {
  readonly bell = new Bell();
  readonly log: EventLog;
  readonly draft = new Draft();
  readonly texts: SubAgentTexts;
  readonly #parts: HubParts;
  readonly #stop = new AbortController();
  readonly #views: TaskViews;
  #live: { frame: Frame; text: string } | undefined;
  #late: Frame | undefined;
  /** True once its log says that it takes longer, whatever for. */
  #isDemoted = false;
  #watchers = 0;
  #following = false;
  #isRinging = false;
  /** Run of its logs, as its status says. */
  #run: string | undefined;
  /** True from when its answer may be written until it is there. */
  #isWriting = false;
  #answersAtOnce = false;
  /** Run whose answer is there: nothing more is said of how it was written. */
  #answered: string | undefined;
  #readsDraft = false;
  /** When its words last came from this process: the store has the same a moment later. */
  #heardAt = -Infinity;
  /** True when its last event says that it closes: it does so a moment later. */
  #closing = false;
  /** True when the task has ended and all that is left of its events was followed. */
  #ended = false;
  #closed = false;
  lastUsed = Date.now();

  constructor(parts: HubParts) {
    this.#parts = parts;
    this.log = new EventLog(parts.logBytes);
    this.#views = new TaskViews(parts, {
      last: () => this.log.last,
      isEnded: () => this.#ended,
      signal: this.#stop.signal,
      took: (status) => this.#take(status),
    });
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

  /** True once somebody saw that it is closed: what is kept of it may be removed from then on. */
  get isClosed(): boolean {
    return this.#ended || this.#closed;
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** True while somebody reads its stream. */
  get isWatched(): boolean {
    return this.#watchers > 0;
  }

  /** The last frame of live phases; undefined before the task's first event, and once the log says that the answer is there or the task closes. */
  get live(): Frame | undefined {
    return !this.log.last || this.#closing || this.#hasAnswer ? undefined : this.#live?.frame;
  }

  /** Said once to each who reads along when an answer at once takes too long, until its log says so or has the answer. */
  get late(): Frame | undefined {
    return this.#hasAnswer || this.#isDemoted || this.#closing ? undefined : this.#late;
  }

  /** Counts a reader of the stream; live phases are read while there is one. */
  watch(): () => void {
    this.#watchers += 1;
    const words = this.#parts.wordsOf?.(this.taskId);
    if (words) this.hear(words);
    this.#views.told();
    this.follow();
    if (this.#watchers === 1) void this.#showLive();
    this.#watchAtOnce();
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
          this.#append(event);
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

  #append(event: TaskEvent): void {
    this.log.append(event);
    this.#closing = isLastEvent(event);
    if (event.type === 'answer.ready') this.#isWritten(event.run);
    if (event.type === 'task.demoted') this.#isDemoted = true;
    if (this.isWatched || this.#closing || this.#hasAnswer) this.#views.told();
    if (event.type === 'task.accepted') {
      this.#run ??= event.run;
      this.#watchAtOnce();
    }
    // A status may be a second old: what ended may have been the last that an answer waits for.
    if (event.type === 'subtask.finished') {
      this.texts.finished(event);
      this.#watchDraft();
    }
    this.#ringSoon();
  }

  /** Events that come together are one write to each reader. */
  #ringSoon(): void {
    if (this.#isRinging) return;
    this.#isRinging = true;
    setImmediate(() => {
      this.#isRinging = false;
      this.bell.ring();
    });
  }

  /** Words of its answer, from this process. */
  hear(text: PartialText): void {
    if (this.#hasAnswer || this.#closing) return;
    this.#heardAt = Date.now();
    if (this.draft.set(text)) this.bell.ring();
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
      const isHeard = Date.now() - this.#heardAt < HEARD_MS;
      const next = isHeard ? undefined : await this.#parts.draftOf(this.#run).catch(() => undefined);
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
      await this.#pause(LIVE_MS);
    }
  }

  /** It was told something: what is known of it is old. */
  changed(): void {
    this.#views.changed();
  }

  /**
   * The task as it stands, at most a second old; older only where reading takes long.
   * @throws what the library throws.
   */
  async view(): Promise<TaskView> {
    this.lastUsed = Date.now();
    return await this.#views.get();
  }

  #take(status: TaskStatus): void {
    this.#closed = status.closedAt !== undefined;
    this.#keepLive(status);
    this.#run = status.run ?? this.#run;
    if (this.isWatched && this.#run !== undefined) this.texts.show(this.#run, status.live);
    if (WRITES.has(status.progress?.stage)) this.#watchDraft();
    // There may be a change that no event tells of.
    this.bell.ring();
  }

  /** It was asked to be answered at once: its words may come before anybody has seen a status. */
  expectAnswer(): void {
    this.#answersAtOnce = true;
  }

  /** The time for an answer at once is over: it is said now, and by the log once Temporal has it, which may take its time. */
  tellLate(): void {
    this.#late = frame('task.demoted', { task_id: this.taskId, reason: 'budget' });
    this.bell.ring();
  }

  #watchAtOnce(): void {
    if (this.#answersAtOnce && this.#run !== undefined) this.#watchDraft();
  }

  /** From now on its answer may be written. */
  #watchDraft(): void {
    if (this.#hasAnswer) return;
    this.#isWriting = true;
    void this.#showDraft();
  }

  #keepLive({ live, step, left }: TaskStatus): void {
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
      ...(left ? { time_left: toWire(left) } : {}),
    };
    const text = JSON.stringify(shown);
    if (text === this.#live?.text || (live.length === 0 && !step && !left && !this.#live)) return;
    this.#live = { frame: frame('live', shown), text };
  }

  /** Its log says that the answer is there; of an older worker, that it is written and may still be checked. */
  get #hasAnswer(): boolean {
    return this.#answered !== undefined && this.#answered === this.log.last?.run;
  }

  /** Waits until the task has its answer, or has ended without one; false when the time was over first. */
  async untilAnswered(ms: number, signal?: AbortSignal): Promise<boolean> {
    const until = Date.now() + ms;
    this.follow();
    for (let left = ms; left > 0 && !signal?.aborted; left = until - Date.now()) {
      if (this.#ended || (this.#hasAnswer && isEnded((await this.view()).status))) return true;
      await this.bell.wait(this.#hasAnswer ? Math.min(left, LIVE_MS) : left, signal);
    }
    return this.#ended;
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

  /** Waits until its log has an event, or has ended without one; no longer than that. */
  async untilBegun(ms: number, signal?: AbortSignal): Promise<void> {
    const until = Date.now() + ms;
    this.follow();
    for (let left = ms; !this.log.last && !this.#ended && left > 0 && !signal?.aborted; left = until - Date.now()) {
      await this.bell.wait(left, signal);
    }
  }

  /** Ends what it does; readers are woken, and see that it has stopped. */
  stop(): void {
    this.#stop.abort();
    this.texts.stop();
    this.bell.ring();
  }
}
