// report-bucket.ts: how often a pod may signal its master: a budget in all, and a pace that slows as time goes on. What comes
// between two Signals goes out together. Knows nothing of Temporal.

import type { ReportItem } from '../../protocol/reports.ts';

/** A finding that its sub-agent's outcome follows at once needs no Signal of its own. */
const GRACE_MS = 500;
/** The pause between two Signals is this share of the time worked so far: ten minutes in, one in 30 s. */
const PAUSE_SHARE = 0.05;
const MIN_PAUSE_MS = 250;
/** Items of one Signal: each is at most half a kilobyte, and a payload may hold two megabytes. */
const MAX_ITEMS = 200;

export interface BucketOptions {
  /** Signals in all. */
  budget: number;
  /** Signals sent by earlier attempts. */
  sent: number;
  /** Endings that are still to be reported; a Signal is kept for each. */
  endings: number;
  send: (items: ReportItem[]) => void;
}

export class ReportBucket {
  readonly #budget: number;
  readonly #send: (items: ReportItem[]) => void;
  readonly #began = Date.now();
  #sent: number;
  #endings: number;
  #notBefore = 0;
  #waiting: ReportItem[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor({ budget, sent, endings, send }: BucketOptions) {
    this.#budget = budget;
    this.#sent = sent;
    this.#endings = endings;
    this.#send = send;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Adds an item that may wait: it goes out with the next Signal that the pace allows, if the budget has one. */
  add(item: ReportItem): void {
    if (this.#waiting.length >= MAX_ITEMS) return;
    this.#waiting.push(item);
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(GRACE_MS, this.#notBefore - Date.now()));
  }

  /** Adds an item that somebody waits for; sent at once if the budget has a Signal for it. */
  addAtOnce(item: ReportItem): void {
    this.#waiting.push(item);
    this.#flush();
  }

  /** A sub-agent has ended; `item` reports it, with the Signal that was kept for it. */
  end(item: ReportItem | undefined): void {
    this.#endings = Math.max(0, this.#endings - 1);
    if (item) this.addAtOnce(item);
  }

  /** Drops what waits of this subtask and its outcome holds. */
  drop(subtask: string): void {
    this.#waiting = this.#waiting.filter((item) => item.subtask !== subtask || item.kind === 'shared');
  }

  /** Sends what was shared and waits still: no outcome holds it. */
  close(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.some(({ kind }) => kind === 'shared')) this.#flush();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const items = this.#waiting;
    this.#waiting = [];
    if (items.length === 0 || this.#sent + this.#endings >= this.#budget) return;
    const now = Date.now();
    this.#sent += 1;
    this.#notBefore = now + Math.max(MIN_PAUSE_MS, (now - this.#began) * PAUSE_SHARE);
    this.#send(items);
  }
}
