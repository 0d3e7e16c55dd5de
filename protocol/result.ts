// result.ts: what a task returns, however it ended.

import type { Answer } from './answer.ts';
import type { DeliveryStatus } from './background.ts';
import type { Coverage } from './coverage.ts';
import type { Failure } from './failures.ts';
import type { SessionView } from './session.ts';
import type { Skipped } from './skipped.ts';
import type { Usage } from './usage.ts';

export interface TaskResult {
  v: 1;
  taskId: string;
  /** The first execution's run id: the key of the task's logs. */
  run: string;
  outcome: 'completed' | 'failed' | 'cancelled';
  goal: string;
  /** Its place in its session, what it saw of it, and what the goal means where it leans on an earlier question. Absent without one. */
  session?: SessionView;
  /** Absent when there is none; a very large one is only in the store, under `answerRef`. */
  answer?: Answer;
  answerRef?: string;
  /** The answer as the request's own schema asks; a very large one is only in the store, under `dataRef`. */
  data?: unknown;
  dataRef?: string;
  /** The text folded from the findings as they came in: what a failed or cancelled task still has to show. */
  draft?: string;
  failure?: Failure;
  coverage: Coverage;
  /** What of the sources was not read; absent when all was. */
  skipped?: Skipped;
  usage: Usage;
  /** Whole lives of subtasks whose work reached no answer, and why; their tokens are part of `usage.wastedTokens`. */
  waste?: Waste[];
  /** Versions of all prompts that asked a model, so that the answer can be traced to the words that made it. */
  prompts?: string[];
  /** Calls that another model did than the first asked: in which subtask or step, and why. At most 100. */
  failovers?: ModelFailover[];
  /** What a person should know of the models or their servers, in sentences. */
  notes?: string[];
  /** Model that did the work, and whether it was the built-in offline one. */
  model?: { name: string; offline: boolean };
  /** ms since the epoch, except the durations. */
  timings: {
    acceptedAt: number;
    firstActivityAt?: number;
    closedAt: number;
    /** How long it was paused, or waited for a person with nothing else under way; absent when it did not. */
    waitedMs?: number;
  };
  planRef?: string;
  corpusRef?: string;
  /** Of a task's background child alone: what became of each delivery. */
  deliveries?: DeliveryStatus[];
}

export interface Waste {
  subtask: string;
  generation: number;
  /**
   * `outrun`: another life of the subtask was done first. `replaced`: it failed, and another life was begun. `late`: the join was
   * decided before it ended. `stopped`: a person ended it, or the whole fan-out, before it had found anything.
   */
  reason: 'outrun' | 'replaced' | 'late' | 'stopped';
  tokens: number;
  costUsd?: number;
}

export interface ModelFailover {
  where: string;
  from: string;
  to: string;
  reason: Failure['type'];
}

/** A digest small enough for the memo (Temporal warns at 2 KiB). */
export interface ResultDigest {
  outcome: TaskResult['outcome'];
  done: number;
  failed: number;
  citations: number;
  failure?: Failure;
}

export function resultDigest(result: TaskResult): ResultDigest {
  return {
    outcome: result.outcome,
    done: result.coverage.done,
    failed: result.coverage.failed,
    citations: result.answer?.citations.length ?? 0,
    ...(result.failure
      ? { failure: { type: result.failure.type, message: result.failure.message.slice(0, 300) } }
      : {}),
  };
}
