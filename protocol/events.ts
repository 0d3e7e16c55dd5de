// events.ts: the one ordered log of a task, numbered by its master. What has no number (live phases, tokens) is not here.

import type { Failure } from './failures.ts';
import type { FindingDigest } from './findings.ts';
import type { Handle } from './outcome.ts';
import type { ReadSoFar } from './progress.ts';
import type { TaskResult } from './result.ts';
import type { Usage } from './usage.ts';

export type TaskEventBody =
  | { type: 'task.accepted'; goal: string; class: string }
  /** How far the documents are read, where that takes long: at most ten of these, each further than the one before. */
  | ({ type: 'sources.reading' } & ReadSoFar)
  | { type: 'sources.ready'; documents: number; passages: number; skipped: number }
  | { type: 'plan.ready'; subtasks: { id: string; title: string; kind: string; needs: string[] }[] }
  | { type: 'outline.ready'; headings: string[] }
  | { type: 'subtask.started'; subtask: string; generation: number }
  /** It was interrupted, by its worker's death for one, and goes on behind so many finished turns. */
  | { type: 'subtask.resumed'; subtask: string; generation: number; turns: number }
  | { type: 'subtask.finding'; subtask: string; generation: number; finding: FindingDigest; late?: boolean }
  | { type: 'subtask.retrying'; subtask: string; generation: number; at: number; failure: Failure }
  /** What it had to do without: a tool that is missing, for one. The same remark is told once a task. */
  | { type: 'subtask.remark'; subtask: string; generation: number; remark: string }
  /** Waits for replies from outside, until then at the latest. */
  | { type: 'subtask.waiting'; subtask: string; generation: number; handles: Handle[] }
  /** Handed parts of its work to these. */
  | {
      type: 'subtask.delegated';
      subtask: string;
      generation: number;
      subtasks: { id: string; title: string; kind: string }[];
    }
  /** Another model did what the first one could not. */
  | { type: 'model.failover'; subtask: string; from: string; to: string; reason: Failure['type'] }
  | {
      type: 'subtask.finished';
      subtask: string;
      generation: number;
      state: 'done' | 'failed' | 'skipped' | 'stopped';
      findings: number;
      usage: Usage;
      failure?: Failure;
    }
  | { type: 'draft.updated'; chars: number; findings: number }
  | { type: 'answer.ready'; citations: number }
  /** Each claim was held against its quotes; so many were left out. */
  | { type: 'answer.verified'; citations: number; dropped: number }
  | { type: 'task.closed'; outcome: TaskResult['outcome']; failure?: Failure };

/** `n` counts from 1 within the run; `run` is the current run id, so a cursor of another run gets a snapshot. */
export type TaskEvent = { v: 1; run: string; n: number; at: number } & TaskEventBody;

/** Where a reader stands. */
export interface EventCursor {
  run: string;
  n: number;
}

/** Result of the Query `events`. When the cursor is behind the window or of another run, `gapBefore` says so. */
export interface EventPage {
  run: string;
  events: TaskEvent[];
  /** Number of the last event there is. */
  last: number;
  /** Set when events between the cursor and the first one here are only in the store (or were rewound by a Reset). */
  gapBefore?: number;
  closed: boolean;
}
