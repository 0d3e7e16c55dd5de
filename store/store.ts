// store.ts: what every store can do. File and (later) PostgreSQL stores pass the same conformance suite
// (test/store/conformance.ts). A store keeps bytes and records; it knows nothing of models, agents or Temporal.

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
  /** What earlier attempts wrote up to the moment of the claim; what they append later stays unseen, here and by every later attempt. */
  readonly earlier: readonly R[];
  /**
   * Returns when the record is on disk.
   * @throws StoreError when it could not be written; then nothing may go on as if it were.
   */
  append(record: R): Promise<void>;
  /** Lets go of the file; what was appended stays. */
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
}

export interface Store {
  /** Short id of the deployment that this store makes; part of every Task Queue name. Made on first use. */
  deploymentId(): Promise<string>;

  /** Claims the next segment by exclusive create and reads the earlier ones once. A torn last record is dropped. */
  claimLog<R>(key: LogKey): Promise<LogSegment<R>>;
  /** Everything in a log as a new attempt would see it, without claiming. Empty when there is none. */
  readLog<R>(key: LogKey): Promise<R[]>;

  /** Puts bytes under their SHA-256 and returns it. The same bytes twice are stored once. */
  putBlob(bytes: Uint8Array | string): Promise<string>;
  /** @throws BlobMissingError when there is none. */
  getBlob(sha256: string): Promise<Uint8Array>;

  /** A prepared corpus by the hash of what it was made from. */
  putCorpus(sha256: string, bytes: Uint8Array): Promise<void>;
  getCorpus(sha256: string): Promise<Uint8Array | undefined>;
  hasCorpus(sha256: string): Promise<boolean>;

  /** Writes the head of a task; a repeat changes nothing. */
  putTask(record: TaskRecord): Promise<void>;
  getTask(taskId: string): Promise<TaskRecord | undefined>;
  /** Appends events; those with a run and number that are there already are ignored. */
  appendEvents(taskId: string, events: readonly TaskEvent[]): Promise<void>;
  readEvents(taskId: string): Promise<TaskEvent[]>;
  putResult(taskId: string, result: TaskResult): Promise<void>;
  getResult(taskId: string): Promise<TaskResult | undefined>;

  close(): Promise<void>;
}

/** The store did not do what it was asked: full, unreachable, not permitted. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** A blob that something refers to is not there. */
export class BlobMissingError extends Error {
  override readonly name = 'BlobMissingError';
  constructor(sha256: string) {
    super(`blob ${sha256} is not in the store`);
  }
}
