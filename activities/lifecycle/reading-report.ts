// reading-report.ts: tells the master how far the documents are read, so that who follows the task's events hears of it: at
// each tenth, and never twice in a second. What is read in less than that is not told of. Never throws, never waits.

import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { TaskRef } from '../../protocol/activities.ts';
import { SIGNALS } from '../../protocol/names.ts';
import type { ReadingSignal, ReadSoFar } from '../../protocol/progress.ts';

const PARTS = 10;
const PAUSE_MS = 1_000;

export class ReadingReport {
  readonly #send: (read: ReadSoFar) => void;
  readonly #now: () => number;
  #sentAt: number;
  #part = 0;

  /** @param now ms; default: the clock's. */
  constructor(send: (read: ReadSoFar) => void, now: () => number = Date.now) {
    this.#send = send;
    this.#now = now;
    this.#sentAt = now();
  }

  add(read: ReadSoFar): void {
    const part = Math.floor((PARTS * read.bytes) / Math.max(1, read.ofBytes));
    // The end is another event.
    if (part <= this.#part || part >= PARTS || this.#now() - this.#sentAt < PAUSE_MS) return;
    this.#part = part;
    this.#sentAt = this.#now();
    this.#send(read);
  }
}

/** Sends to the master of the Activity that calls this. */
export function readingSignals({ taskId, run }: TaskRef): (read: ReadSoFar) => void {
  const { client, log } = Context.current();
  return (read) => {
    const signal: ReadingSignal = { v: 1, run, read };
    client.workflow
      .getHandle(taskId, undefined, { firstExecutionRunId: run })
      .signal(SIGNALS.reading, signal)
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError))
          log.warn('how far reading has come did not reach the master', { taskId, error });
      });
  };
}
