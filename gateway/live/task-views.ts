// task-views.ts: one task as it stands, read once however many ask: who asks while what is known is good enough waits for
// nothing, and what is older is read behind them. Never shows a reader less than what its stream has said before.

import type { AnyTask } from '../../client/kept-task.ts';
import { orLate } from '../../client/or-late.ts';
import type { TaskHandle } from '../../client/task-handle.ts';
import type { TaskStatus } from '../../client/status.ts';
import type { Eta } from '../../protocol/eta.ts';
import type { EventCursor } from '../../protocol/events.ts';
import type { FindingDigest } from '../../protocol/findings.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { TaskView } from '../wire/schemas.ts';
import { taskView } from '../wire/task-view.ts';
import { isEnded } from '../wire/transitions.ts';

export type ReadTask = Pick<AnyTask, 'taskId' | 'status' | 'events' | 'isOpen'> & Partial<Pick<TaskHandle, 'findings'>>;

export interface ViewParts {
  task: ReadTask;
  /** What such a task takes from its start on; one of the default class where none is known. */
  expectedOf: (status: TaskStatus) => Promise<Eta>;
  /** What a closed task left; undefined when it left nothing, or it is not kept. */
  resultOf: (taskId: string) => Promise<TaskResult | undefined>;
  /** The highest percent that was said of it, raised to what is seen now. */
  percentOf: (seen: number | undefined) => Promise<number>;
  urls: TaskView['urls'];
}

/** What else is known of the task. */
export interface ViewRules {
  /** The last event that was followed. */
  last: () => EventCursor | undefined;
  /** True when it has ended: nobody is told any more that it runs. */
  isEnded: () => boolean;
  /** Aborted once nobody looks any more. */
  signal: AbortSignal;
  /** Told of each status that was read. */
  took: (status: TaskStatus) => void;
}

interface Known {
  view: TaskView;
  at: number;
  /** The last event that is in it. */
  upTo: EventCursor | undefined;
}

/** How old a view may be that is handed out ... */
const FRESH_MS = 1_000;
/** ... and one of which no newer is read meanwhile. */
const NEW_MS = 500;
/** How long somebody waits for a newer one where there is an older one. */
const PATIENCE_MS = 250;
const CLOSING_MS = 20;

export class TaskViews {
  readonly #parts: ViewParts;
  readonly #rules: ViewRules;
  #known: Known | undefined;
  #reading: Promise<void> | undefined;
  #expected: Eta | undefined;
  #findings: { of: string; digests: FindingDigest[] } = { of: '', digests: [] };
  /** The last event that a reader may have seen. */
  #told: EventCursor | undefined;
  /** How often it was changed from here: a look that began before the last time counts as old. */
  #changes = 0;

  constructor(parts: ViewParts, rules: ViewRules) {
    this.#parts = parts;
    this.#rules = rules;
  }

  /** A reader may know all events up to the last one: what is shown from now on has them in it. */
  told(): void {
    this.#told = this.#rules.last();
  }

  /** It was told something through this gateway: whoever asks from now on sees it as it is behind that. */
  changed(): void {
    this.#changes += 1;
    if (this.#known) this.#known.at = 0;
  }

  /**
   * The task as it stands, at most a second old; older only where reading takes long.
   * @throws what the library throws.
   */
  async get(): Promise<TaskView> {
    const began = Date.now();
    for (;;) {
      const known = this.#known;
      if (known && this.#isGood(known)) {
        if (!this.#isNew(known)) this.#read().catch(() => undefined);
        return known.view;
      }
      if (known && !this.#rules.isEnded()) {
        const left = PATIENCE_MS - (Date.now() - began);
        const isLate = await orLate(
          this.#read().then(() => false),
          left,
          () => true,
        );
        // Of one that has ended meanwhile nobody is told that it runs.
        if (isLate && !this.#rules.isEnded()) return (this.#known ?? known).view;
      } else {
        await this.#read();
        if (this.#rules.signal.aborted && this.#known) return this.#known.view;
        // A look that began before the end may say that it runs, or has not closed yet.
        if (this.#rules.isEnded() && this.#known && !isClosed(this.#known)) await pause(CLOSING_MS);
      }
    }
  }

  #isGood(known: Known): boolean {
    const { at, upTo } = known;
    if (isClosed(known)) return !known.view.background || Date.now() - at < FRESH_MS;
    return !this.#rules.isEnded() && Date.now() - at < FRESH_MS && reaches(upTo, this.#told);
  }

  #isNew(known: Known): boolean {
    const { at, upTo } = known;
    const isSteady = isClosed(known) && !known.view.background;
    return isSteady || (Date.now() - at < NEW_MS && reaches(upTo, this.#rules.last()));
  }

  #read(): Promise<void> {
    return (this.#reading ??= this.#readAnew().finally(() => (this.#reading = undefined)));
  }

  async #readAnew(): Promise<void> {
    const { task, resultOf, percentOf, urls } = this.#parts;
    const changes = this.#changes;
    const last = this.#rules.last();
    const status = await task.status();
    const isClosed = isEnded(status.state);
    const { progress } = status;
    const [expected, findings, result, percent] = await Promise.all([
      this.#expectedOf(status),
      isClosed ? [] : this.#findingsOf(status, last),
      isClosed ? resultOf(task.taskId) : undefined,
      isClosed ? 100 : percentOf(progress && (progress.percent ?? 0)),
    ]);
    const view = taskView({ status, expected, findings, result, percent }, this.#known?.view, urls, Date.now());
    this.#known = {
      view,
      at: changes === this.#changes ? Date.now() : 0,
      upTo: last && { run: last.run, n: Math.max(last.n, progress?.lastEvent ?? 0) },
    };
    this.#rules.took(status);
  }

  /** Said once, so that it does not change under who reads it; of an answer at once it does when that is late. */
  async #expectedOf(status: TaskStatus): Promise<Eta> {
    if (this.#expected === undefined || status.progress?.path === 'fast')
      this.#expected = await this.#parts.expectedOf(status);
    return this.#expected;
  }

  /** Asked for when there are others than before. */
  async #findingsOf({ progress }: TaskStatus, last: EventCursor | undefined): Promise<FindingDigest[]> {
    const counts = progress?.subtasks.filter(({ findings }) => findings > 0) ?? [];
    if (counts.length === 0) return [];
    const of = JSON.stringify([last?.run, ...counts.map(({ id, generation, findings }) => [id, generation, findings])]);
    if (of === this.#findings.of) return this.#findings.digests;
    const digests = (await this.#parts.task.findings?.()) ?? [];
    // None came where no worker answered in time: it is asked again.
    if (digests.length > 0) this.#findings = { of, digests };
    return digests;
  }
}

/** Nothing of it changes any more. */
const isClosed = ({ view }: Known): boolean => view.closed_at !== null;

/** True when what reaches to the first has the second in it. */
const reaches = (upTo: EventCursor | undefined, event: EventCursor | undefined): boolean =>
  event === undefined || (upTo?.run === event.run && upTo.n >= event.n);

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
