// outcome.ts: how one subtask's visit to a worker ended. A failed subtask is data; a cancellation is not among these.

import type { Failure } from './failures.ts';
import type { FindingDigest } from './findings.ts';
import type { Usage } from './usage.ts';

interface OutcomeBase {
  subtask: string;
  generation: number;
  /** Spent so far in this generation, all attempts together. */
  usage: Usage;
  /** Model calls so far. */
  turns: number;
  /** When work on this generation first began, and when this visit ended; ms since the epoch, the worker's clock. */
  startedAt: number;
  endedAt: number;
  /** Records in the log: a later visit that finds fewer fails with CheckpointMissing. */
  records: number;
}

/** What a subtask has found, by reference, with digests of the first few. */
export interface FoundSoFar {
  /** Blob with `Finding[]`; absent when there are none. */
  findingsRef?: string;
  findingCount: number;
  digests: FindingDigest[];
  /** What was looked for and not found, or dropped because its quote was not in its source. */
  missing: string[];
}

export type Outcome =
  | (OutcomeBase & FoundSoFar & { status: 'done' })
  | (OutcomeBase & FoundSoFar & { status: 'failed'; failure: Failure })
  /** To be sent again at `at` (ms since the epoch); nothing finished is lost. */
  | (OutcomeBase & { status: 'retryAt'; at: number; failure: Failure })
  /** Waits for something outside, by handle; reserved. */
  | (OutcomeBase & { status: 'waiting'; handle: string })
  /** Handed on to subtasks of its own; reserved. */
  | (OutcomeBase & { status: 'delegated'; subtasksRef: string });
