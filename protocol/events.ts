// events.ts: the one ordered log of a task, numbered by its master. What has no number (live phases, tokens) is not here.

import type { BackgroundTotals, DeliveryStatus } from './background.ts';
import type { Failure } from './failures.ts';
import type { FindingDigest } from './findings.ts';
import type { MergedSubtask } from './merged.ts';
import type { NotifyEvent } from './notify.ts';
import type { Handle } from './outcome.ts';
import type { Demotion, Route } from './path.ts';
import type { PlanEstimate } from './plan.ts';
import type { ReadSoFar } from './progress.ts';
import type { TaskResult } from './result.ts';
import type { CommandKind, Sender } from './task-commands.ts';
import type { Usage } from './usage.ts';

export type TaskEventBody =
  /** `route`: the verdict that chose its path; absent where nobody was asked to choose. */
  | { type: 'task.accepted'; goal: string; class: string; route?: Route }
  /** It is one question of a session: its place there, what it sees of it, and what it means where it leans on an earlier one. */
  | { type: 'session.joined'; session: string; place: number; sees: string[]; open?: string[]; resolved?: string }
  /** How far the documents are read, where that takes long: at most ten of these, each further than the one before. */
  | ({ type: 'sources.reading' } & ReadSoFar)
  | { type: 'sources.ready'; documents: number; passages: number; skipped: number }
  /** `background`: those that no answer waits for; absent where there are none. */
  | { type: 'plan.ready'; subtasks: PlannedInEvent[]; background?: PlannedInEvent[] }
  /** The plan waits until a person approves it, by its hash; at that time it counts as refused. */
  | {
      type: 'plan.proposed';
      hash: string;
      subtasks: PlannedInEvent[];
      background?: PlannedInEvent[];
      estimate: PlanEstimate;
      until: number;
    }
  | { type: 'outline.ready'; headings: string[] }
  /** What was to be answered at once goes on as a task that is followed: the time for that is over, or one call does not answer it. */
  | { type: 'task.demoted'; reason: Demotion; afterMs: number; why?: string }
  | { type: 'subtask.started'; subtask: string; generation: number }
  /** It was interrupted, by its worker's death for one, and goes on behind so many finished turns. */
  | { type: 'subtask.resumed'; subtask: string; generation: number; turns: number }
  | { type: 'subtask.finding'; subtask: string; generation: number; finding: FindingDigest; late?: boolean }
  /** It shows this to the sub-agents beside it; whether it is a finding of its own in the end is told by those. */
  | { type: 'subtask.shared'; subtask: string; generation: number; finding: FindingDigest }
  | { type: 'subtask.retrying'; subtask: string; generation: number; at: number; failure: Failure }
  /** What it had to do without: a tool that is missing, for one. The same remark is told once a task. */
  | { type: 'subtask.remark'; subtask: string; generation: number; remark: string }
  /** It takes longer than most of its kind: a second life begins beside its first. */
  | { type: 'subtask.hedged'; subtask: string; generation: number; afterMs: number }
  /** The join is decided, and why: nothing at work is waited for any more. */
  | { type: 'join.decided'; why: string; left: number }
  /** Waits for replies from outside, or of a person, until then at the latest. */
  | { type: 'subtask.waiting'; subtask: string; generation: number; handles: Handle[] }
  /** A person's question has its reply: theirs, its default, or, when there is none, that nobody replied. */
  | {
      type: 'subtask.replied';
      subtask: string;
      generation: number;
      handle: string;
      from: 'person' | 'default' | 'nobody';
      /** Its first characters. */
      reply?: string;
      by?: Sender;
    }
  /** What somebody replied to a question and is none of its choices: it waits on. */
  | { type: 'reply.refused'; subtask: string; generation: number; handle: string; reason: string; by?: Sender }
  /** Its visit has ended, since it is paused: it holds no worker until it goes on. */
  | { type: 'subtask.paused'; subtask: string; generation: number }
  /** A person added it to the plan. */
  | { type: 'subtask.added'; subtask: string; title: string; kind: string }
  /** Handed parts of its work to these. */
  | {
      type: 'subtask.delegated';
      subtask: string;
      generation: number;
      subtasks: { id: string; title: string; kind: string }[];
    }
  /** These are not begun: others ask for the same, and what those find is their result, too. */
  | { type: 'subtasks.merged'; merged: MergedSubtask[] }
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
  /**
   * A person's command took effect; a cancel is one of these where who cancelled said so. `mark` tells it from another one under its
   * id; absent in logs of older workers.
   */
  | {
      type: 'command.applied';
      id: string;
      kind: CommandKind | 'cancel';
      by: Sender;
      to?: string;
      effect: string;
      mark?: string;
    }
  /** A command that was recorded and could not be applied: it came while no worker was there, or its edit of a plan can't be run. */
  | { type: 'command.refused'; id: string; kind: string; by: Sender; to?: string; reason: string; mark?: string }
  /** What was brought is not enough, and why: these are looked for, too. The round of the plan is 1. */
  | { type: 'round.started'; round: number; why: string[]; subtasks: PlannedInEvent[] }
  /** What it brought; `filled`: the earlier subtasks whose lack it made up for. */
  | { type: 'round.ended'; round: number; findings: number; filled: string[] }
  /**
   * Sources contradict each other; `asks` is the subtask that is asked which side holds, where one is, with its title and kind (absent
   * in logs of older workers).
   */
  | { type: 'conflict.found'; about: string; sides: string[]; asks?: string; title?: string; kind?: string }
  /** The side of this source holds: by the finding of that id. A conflict without such an event stays open in the answer. */
  | { type: 'conflict.settled'; about: string; value: string; source: string; finding: string }
  | { type: 'draft.updated'; chars: number; findings: number }
  /** Somebody could not wait: an answer from what was there by then, or why none could be written. The task goes on. */
  | { type: 'answer.so-far'; round: number; citations: number; findings: number; by: Sender; failure?: Failure }
  | { type: 'answer.ready'; citations: number }
  /** Each claim was held against its quotes; so many were left out. */
  | { type: 'answer.verified'; citations: number; dropped: number }
  | { type: 'task.closed'; outcome: TaskResult['outcome']; failure?: Failure }
  /** Of a task's background child, as all below: it knows how the task ended, and begins. */
  | { type: 'background.started'; outcome: TaskResult['outcome']; receivers: number; subtasks: number }
  | ({ type: 'delivery.sent'; code?: number } & DeliveryNamed)
  | ({ type: 'delivery.retrying'; retryAt: number; reason: string } & DeliveryNamed)
  | ({ type: 'delivery.failed'; state: 'dead' | 'refused' | 'disabled'; reason: string } & DeliveryNamed)
  /** A person asked for these once more: deliveries and subtasks. */
  | { type: 'background.again'; ids: string[] }
  /** Nothing more happens unless somebody asks for it. */
  | ({ type: 'background.settled'; outcome: 'completed' | 'cancelled' } & BackgroundTotals);

/** Which delivery an event is about; `tries` so far. */
export interface DeliveryNamed extends Pick<DeliveryStatus, 'kind' | 'to' | 'tries'> {
  delivery: string;
  what: NotifyEvent;
}

interface PlannedInEvent {
  id: string;
  title: string;
  kind: string;
  needs: string[];
}

/** `n` counts from 1 within the run; `run` is the current run id, so a cursor of another run gets a snapshot. */
export type TaskEvent = { v: 1; run: string; n: number; at: number } & TaskEventBody;

/** What ends a log as long as nothing follows it: a task's, or that of its background child. */
export type LastEvent = 'task.closed' | 'background.settled';

export const isLastEvent = (event: TaskEvent | undefined): boolean =>
  event?.type === 'task.closed' || event?.type === 'background.settled';

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
