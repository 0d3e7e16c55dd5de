// outcome.ts: how one subtask's visit to a worker ended. A failed subtask is data; a cancellation is not among these.

import type { Ask } from './ask.ts';
import { isFailure, type Failure } from './failures.ts';
import type { FindingDigest } from './findings.ts';
import type { SubtaskSpec } from './plan.ts';
import { isUsage, type Usage } from './usage.ts';

/** What a step or a visit used. */
export interface Account {
  /** Spent so far, all attempts together. */
  usage: Usage;
  /** Versions of the prompts that asked, e.g. `findings/2`. Absent in older histories. */
  prompts?: string[];
  /** Models that failed before another did their call; absent when none did. */
  failovers?: Failover[];
  /** What a person should know of the model or its server, in sentences; absent when there is nothing. */
  notes?: string[];
}

/** Details of a failure or cancellation of one of the master's steps. `step` is absent in older histories. */
export type FailedStep = Account & { step?: string };

interface OutcomeBase extends Account {
  subtask: string;
  generation: number;
  /** Model calls so far. */
  turns: number;
  /** When work on this generation first began, and when this visit ended; ms since the epoch, the worker's clock. */
  startedAt: number;
  endedAt: number;
  /** Records in the log: a later visit that finds fewer fails with CheckpointMissing. */
  records: number;
  /** What it had to do without, in sentences for whoever asked; tools that are missing for one. Absent when nothing. */
  remarks?: string[];
}

/** One model call that another model did than the first asked. */
export interface Failover {
  /** The turn of the call, e.g. `turn-2`. Its older name, which is in histories and stays. */
  step: string;
  from: string;
  to: string;
  type: Failure['type'];
}

/** What a subtask has found, by reference, with digests of the first few. */
export interface FoundSoFar {
  /** Blob with `Finding[]`; absent when there are none. */
  findingsRef?: string;
  findingCount: number;
  digests: FindingDigest[];
  /** Blob with what the kind returned beside findings, JSON. */
  dataRef?: string;
  /** What was looked for and not found, or dropped because its quote was not in its source. */
  missing: string[];
}

export type Outcome =
  | (OutcomeBase & FoundSoFar & { status: 'done' })
  | (OutcomeBase & FoundSoFar & { status: 'failed'; failure: Failure })
  /** To be sent again at `at` (ms since the epoch); nothing finished is lost. */
  | (OutcomeBase & { status: 'retryAt'; at: number; failure: Failure })
  /** To be sent again once one of these has its reply, or its time is over. */
  | (OutcomeBase & { status: 'waiting'; handles: Handle[] })
  /** To be sent again with the results of these subtasks, which it delegated. Their goals lie in the plans by reference. */
  | (OutcomeBase & {
      status: 'delegated';
      delegations: { handle: string; planRef: string; subtasks: SubtaskSpec[] }[];
    });

/** Whether a payload is an outcome: what comes by Signal may come from anybody, and must not fail the Workflow Task. */
export function isOutcome(payload: unknown): payload is Outcome {
  const one = payload as {
    [K in keyof Outcome | keyof FoundSoFar | 'at' | 'handles' | 'delegations' | 'failure']?: unknown;
  };
  if (one === null || typeof one !== 'object') return false;
  const numbers = [one.generation, one.turns, one.startedAt, one.endedAt, one.records];
  if (typeof one.subtask !== 'string' || !numbers.every(Number.isFinite) || !isUsage(one.usage)) return false;
  const found = Number.isFinite(one.findingCount) && Array.isArray(one.digests) && Array.isArray(one.missing);
  const status = one.status as Outcome['status'];
  switch (status) {
    case 'done':
      return found;
    case 'failed':
      return found && isFailure(one.failure);
    case 'retryAt':
      return Number.isFinite(one.at) && isFailure(one.failure);
    case 'waiting':
      return Array.isArray(one.handles);
    case 'delegated':
      return Array.isArray(one.delegations);
    default:
      status satisfies never;
      return false;
  }
}

/** A tool call whose reply comes from outside: `s1/g1/turn-2/call-1`, until then at the latest (ms since the epoch). */
export interface Handle {
  handle: string;
  until: number;
  /** The question that it is, when a person is asked. */
  ask?: Ask;
}
