// store.ts: what every store can do. File and PostgreSQL stores pass the same conformance suite
// (test/store/conformance.ts). A store keeps bytes and records; it knows nothing of models, agents or Temporal.

import type { ClosedRows, SubtaskRow, SubtaskRowsOf, TaskRow, TaskRowsOf } from '../protocol/class-history.ts';
import type { TaskEvent } from '../protocol/events.ts';
import type { TaskResult } from '../protocol/result.ts';

/** Whose log it is: one life of one subtask of one task. `run` is the first execution's run id. */
export interface LogKey {
  run: string;
  subtask: string;
  generation: number;
}

/**
 * One attempt's hold on a log. Two attempts alive at once hold different segments, so neither can corrupt the other.
 */
export interface LogSegment<R> {
  /** Number of this attempt's segment, from 1. */
  readonly segment: number;
  /** What earlier attempts wrote up to the moment of the claim; from then on their appends fail. */
  readonly earlier: readonly R[];
  /**
   * Returns when the record is on disk. What was acknowledged is seen by every later attempt.
   * @throws LogTakenOverError when a later attempt has claimed the log; StoreError when the record could not be
   *   written: then nothing may go on as if it were, and this segment takes no more records.
   */
  append(record: R): Promise<void>;
  /** Releases the file; what was appended stays. */
  close(): Promise<void>;
}

export interface TaskRecord {
  taskId: string;
  run: string;
  goal: string;
  className: string;
  tenant: string;
  acceptedAt: number;
  /** Days after its close for which it is kept. */
  retentionDays: number;
  /** The caller's own; absent where the task is a session by itself. */
  sessionId?: string;
  /** Of a caller whose trace it is part of (W3C Trace Context). */
  traceparent?: string;
  /** Once it has closed it is kept until then at least, ms since the epoch, and no longer: work behind an answer goes with its task. */
  keptUntil?: number;
}

/** A command to one sub-agent, e.g. a steering word. `id` is its sender's; the rest is the sub-agent's to read. */
export interface Command {
  id: string;
  [field: string]: unknown;
}

/** The right to use a resource alone. Must be released, also when the work under it failed. */
export interface Lease {
  /** Passes the resource on. Never throws; a second call does nothing. */
  release(): Promise<void>;
  /** Aborts when the lease was lost: the store was away, or this process stood still, long enough for another to have it. */
  readonly lost: AbortSignal;
}

/** What a model is writing just now. */
export interface PartialText {
  /** Number of the segment that its attempt holds: that of a dead attempt is lower. */
  attempt: number;
  /** Number of the text within the attempt; another one begins anew. */
  call: number;
  /** Characters of the text that stand before `text`. */
  offset: number;
  text: string;
}

/** A small text that was kept. */
export interface Note {
  text: string;
  at: number;
}

/** A small record, and the version that it is of. */
export interface SetRecord {
  version: number;
  isFirst?: boolean;
  ttlMs?: number;
  blobs?: readonly string[];
}

export interface SmallRecord {
  value: string;
  /** From 1 on; a record that was removed and set again has a higher one. */
  version: number;
}

/** What is known of a task elsewhere than in the store. */
export interface ForgetOptions {
  tenant?: string | undefined;
  className?: string | undefined;
  closedAt?: number | undefined;
  refs?: readonly string[];
}

/** What one sweep removed. */
export interface Expired {
  tasks: number;
  /** Logs of tasks that left nothing else; those of removed tasks are not counted. */
  strayLogs: number;
  corpora: number;
  blobs: number;
}

/** What was removed of one task. */
export interface Forgotten {
  /** False when nothing of it was there: it never was, or is removed already. */
  wasKept: boolean;
  logs: number;
  events: number;
  corpora: number;
  blobs: number;
  /** Blobs and corpora that it used and that stay, since others use them. */
  shared: number;
  /** Those that tasks at work may use; they are looked at again by each sweep. */
  waiting: number;
}

export interface Store {
  /** Short id of the deployment that this store makes; part of every Task Queue name. Made on first use. */
  deploymentId(): Promise<string>;

  /**
   * Claims the next segment, exclusively, and reads the earlier ones once. A torn last record is dropped.
   *
   * @param options.visit number of the visit that claims; recorded with the claim. The same visit may claim again, as a
   *   retry of its Activity does, and then supersedes its earlier attempt. Default: 0.
   * @param options.isRetry true when an earlier attempt of the same Activity may have written: what it left is looked for
   *   then, also where its claim is gone. Default: false.
   * @throws LogTakenOverError when a higher visit has claimed the log; LogLostError when there are records of it without
   *   the claim that leads to them; nothing is changed then.
   */
  claimLog<R>(key: LogKey, options?: { visit?: number; isRetry?: boolean }): Promise<LogSegment<R>>;
  /** Everything in a log as a new attempt would see it, without claiming. Empty when there is none. */
  readLog<R>(key: LogKey): Promise<R[]>;

  /** Adds a command to a sub-agent's list; a repeat of the same id changes nothing. Returns when it is durable. */
  sendCommand(key: LogKey, command: Command): Promise<void>;
  /**
   * Calls back with each command after the first `after` ones, in the order they were sent, one at a time: those there
   * are and those that come, within 250 ms of a send from any process. How many were seen is the caller's to remember.
   *
   * **Contract:** `onCommand` must not throw. While the store can't be reached nothing is called; it goes on after.
   * @throws StoreError when the list can't be read at the start.
   */
  watchCommands(key: LogKey, after: number, onCommand: (command: Command) => void): Promise<{ close(): Promise<void> }>;

  /**
   * Shows what a sub-agent or a step is writing just now; the last one wins, earlier ones may never be seen. Not durable, and
   * cut to its last 64 KiB.
   */
  putPartial(key: LogKey, partial: PartialText): Promise<void>;
  /** What was last put; undefined when there is none. */
  getPartial(key: LogKey): Promise<PartialText | undefined>;

  /**
   * Waits for the lease on a resource of a task, which one caller among all processes has at a time. The callers of one
   * process come in the order of asking, and no process waits for all callers of another. The lease of a holder that
   * died is passed on.
   *
   * @param owner who asks, for a person who looks into the store.
   * @param signal ends the waiting, with its reason.
   */
  takeLease(of: { run: string; resource: string }, owner: string, signal: AbortSignal): Promise<Lease>;

  /** Puts bytes under their SHA-256 and returns it. The same bytes twice are stored once, and used again. */
  putBlob(bytes: Uint8Array | string): Promise<string>;
  /** @throws BlobMissingError when there is none. */
  getBlob(sha256: string): Promise<Uint8Array>;

  /**
   * A prepared corpus by the hash of what it was made from.
   * @param blobs kept for as long as the corpus is, e.g. the texts that its passages are of. Default: none.
   */
  putCorpus(sha256: string, bytes: Uint8Array, blobs?: readonly string[]): Promise<void>;
  /** Reading it counts as using it (see `expire`). */
  getCorpus(sha256: string): Promise<Uint8Array | undefined>;
  /** Asking for it counts as using it, too: whoever asks goes on to rely on the answer. */
  hasCorpus(sha256: string): Promise<boolean>;

  /**
   * Keeps a small text under a name, e.g. what was learned of a model's server; the last one wins.
   * @param kind what sort of notes it is one of, a name of letters, digits and `-`.
   * @param key any text.
   */
  putNote(kind: string, key: string, text: string): Promise<void>;
  /** The text last put there, and when (ms since the epoch); undefined when there is none. */
  getNote(kind: string, key: string): Promise<Note | undefined>;

  /**
   * A small record that several processes change, e.g. a key of the gateway; undefined when there is none, or its time is over.
   * @param kind what sort of records it is one of, a name of letters, digits and `-`.
   * @param key any text.
   */
  getRecord(kind: string, key: string): Promise<SmallRecord | undefined>;
  /**
   * Writes a record unless somebody else did since it was read; durable when it returns.
   *
   * @param value undefined removes it.
   * @param options.version as it was read; 0: there was none.
   * @param options.isFirst with version 0: write it only if there never was one, as far as the store remembers: a removed one, or
   *   one whose time was over, for a day at least. Its version is 1 then. Default: false.
   * @param options.ttlMs ms from now after which it is there no more. Default: it stays.
   * @param options.blobs kept for as long as this version of the record is. Default: none.
   * @returns false when it is of another version: nothing was written.
   */
  setRecord(kind: string, key: string, value: string | undefined, options: SetRecord): Promise<boolean>;
  /** All records of a kind that are there, in no order. */
  listRecords(kind: string): Promise<(SmallRecord & { key: string })[]>;

  /** Writes the head of a task; a repeat changes nothing. */
  putTask(record: TaskRecord): Promise<void>;
  getTask(taskId: string): Promise<TaskRecord | undefined>;
  /** The heads of at most `most` tasks, the last accepted first, closed ones among them. */
  tasks(most: number): Promise<TaskRecord[]>;
  /**
   * Appends events; those with a run and number that are there already are ignored.
   * @returns those that were not there.
   */
  appendEvents(taskId: string, events: readonly TaskEvent[]): Promise<TaskEvent[]>;
  readEvents(taskId: string): Promise<TaskEvent[]>;
  /** Writes what a task left, and that it closed now. */
  putResult(taskId: string, result: TaskResult): Promise<void>;
  getResult(taskId: string): Promise<TaskResult | undefined>;

  /**
   * Keeps the rows of a task that closed in the history of its class; a repeat changes nothing, whatever it says. Of a class and
   * path, and of a class and kind, the last 1,000 stay.
   * @returns true when the task had no row before.
   */
  noteOutcome(rows: ClosedRows): Promise<boolean>;
  /** The newest rows of a class and path, or of a class and kind, at most so many, the newest first. */
  outcomes(of: TaskRowsOf, most: number): Promise<TaskRow[]>;
  outcomes(of: SubtaskRowsOf, most: number): Promise<SubtaskRow[]>;

  /**
   * Removes what is over: tasks that closed more than their `retentionDays` ago, with their logs; then corpora and
   * blobs that nobody has put or opened since a day before the oldest remaining task was accepted, and small records a
   * day after they were removed or their time was over. What has no ending
   * (a terminated task, a log of none) goes by `retention.ts`. Safe beside running tasks and other sweeps; what a
   * sweep that was killed left over is the next one's.
   *
   * @param now ms since the epoch.
   */
  expire(now: number): Promise<Expired>;

  /**
   * Removes what is kept of a task, and of blobs and corpora what nobody else uses; a tombstone stays (`getTombstone`).
   * What a task at work may use stays until that has ended: a later `expire` removes it then. Repeating it changes nothing.
   * The caller must know that the task is not at work. Safe beside running tasks and sweeps.
   *
   * @param options what is known of it elsewhere, for a task that left no head; `refs`: hashes of blobs and corpora that
   *   may be its own and that nothing in the store leads to.
   */
  forget(taskId: string, options?: ForgetOptions): Promise<Forgotten>;

  close(): Promise<void>;
}

/** The store did not do what it was asked: full, unreachable, not permitted. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** This attempt does not hold the log, or no more: another one works on the same subtask, from the last checkpoint. */
export class LogTakenOverError extends StoreError {
  override readonly name = 'LogTakenOverError';
  /** @param by who took it over: a later attempt, or a visit with a higher number before this one came. */
  constructor({ subtask }: LogKey, by: 'attempt' | 'visit') {
    super(
      `the log of ${subtask} was taken over by a later ${by}, which goes on from its last checkpoint; this one must end`,
    );
  }
}

/** A log was written, and what leads to its records is gone. */
export class LogLostError extends Error {
  override readonly name = 'LogLostError';
  constructor({ subtask }: LogKey) {
    super(`the log of ${subtask} was written by an earlier attempt and is gone`);
  }
}

/** A blob that something refers to is not there. */
export class BlobMissingError extends Error {
  override readonly name = 'BlobMissingError';
  constructor(sha256: string) {
    super(`blob ${sha256} is not in the store`);
  }
}
