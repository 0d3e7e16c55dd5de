// state.ts: all that a master knows, as one serialisable object, and the few ways it changes.
// No clock and no Temporal here: the caller hands in the time, so all of it is tested without a server.

import type { ModelFailover } from '../protocol/result.ts';
import type { Answer } from '../protocol/answer.ts';
import type { HandleAnswer, PlannedTask, PodSubtask, PreparedSources } from '../protocol/activities.ts';
import type { Coverage } from '../protocol/coverage.ts';
import type { TaskEvent, TaskEventBody } from '../protocol/events.ts';
import type { Failure } from '../protocol/failures.ts';
import type { FindingDigest } from '../protocol/findings.ts';
import { EVENT_WINDOW } from '../protocol/limits.ts';
import type { SubtaskSpec } from '../protocol/plan.ts';
import type { Stage, SubtaskProgress } from '../protocol/progress.ts';
import type { SeenReports } from '../protocol/reports.ts';
import type { TaskRequest } from '../protocol/task.ts';
import { addUsage, NO_USAGE, type Usage } from '../protocol/usage.ts';

export interface SubtaskState {
  spec: SubtaskSpec;
  state: SubtaskProgress['state'];
  generation: number;
  /** Records its log holds, as last reported: the next visit must find them. */
  records: number;
  turns: number;
  usage: Usage;
  digests: FindingDigest[];
  findingCount: number;
  findingsRef?: string;
  missing: string[];
  /** What its kind brought beside findings. */
  dataRef?: string;
  /** Plan that holds its goal, when another subtask delegated it. */
  planRef?: string;
  /** What its next visit brings it: answers from outside, and what its own subtasks found. */
  brings: Pick<PodSubtask, 'answers' | 'brought'>;
  /** Failovers told of so far. */
  failovers: number;
  startedAt?: number;
  endedAt?: number;
  retryAt?: number;
  failure?: Failure;
}

export interface MasterState {
  taskId: string;
  /** The first execution's run id: key of the logs. */
  firstRun: string;
  /** This run's id: part of every event's number. */
  run: string;
  request: TaskRequest;
  stage: Stage;
  acceptedAt: number;
  firstActivityAt?: number;
  sources?: PreparedSources;
  plan?: Omit<PlannedTask, 'subtasks'>;
  subtasks: SubtaskState[];
  headings: string[];
  seen: SeenReports;
  events: TaskEvent[];
  lastEvent: number;
  /** Number of the last event that is safe in the store. */
  flushed: number;
  /** Answers from outside by handle; the first one counts. */
  answers: Record<string, HandleAnswer>;
  /** Handles that somebody waits or waited for. */
  awaited: Record<string, true>;
  /** Answers that nobody waits for, yet. */
  earlyAnswers: number;
  /** Spent by the steps that are not subtasks. */
  stepUsage: Usage;
  prompts: string[];
  failovers: ModelFailover[];
  answer?: { ref: string; answer?: Answer; citations: number; dropped: string[] };
  /** The answer in the request's own shape. */
  data?: { ref: string; data?: unknown };
  /** What went wrong beside the story, in sentences for coverage. */
  remarks: string[];
  failure?: Failure;
}

export function newState(
  taskId: string,
  firstRun: string,
  run: string,
  request: TaskRequest,
  now: number,
): MasterState {
  return {
    taskId,
    firstRun,
    run,
    request,
    stage: 'accepted',
    acceptedAt: now,
    subtasks: [],
    headings: [],
    seen: {},
    events: [],
    lastEvent: 0,
    flushed: 0,
    answers: {},
    awaited: {},
    earlyAnswers: 0,
    remarks: [],
    stepUsage: NO_USAGE,
    prompts: [],
    failovers: [],
  };
}

/** Numbers an event and keeps it in the window; what leaves the window is in the store by then. */
export function addEvent(state: MasterState, body: TaskEventBody, now: number): void {
  state.lastEvent += 1;
  state.events.push({ v: 1, run: state.run, n: state.lastEvent, at: now, ...body });
  while (state.events.length > EVENT_WINDOW && (state.events[0]?.n ?? Infinity) <= state.flushed) state.events.shift();
}

export function newSubtask(spec: SubtaskSpec): SubtaskState {
  return {
    spec,
    state: 'planned',
    generation: 1,
    records: 0,
    turns: 0,
    usage: NO_USAGE,
    digests: [],
    findingCount: 0,
    missing: [],
    brings: {},
    failovers: 0,
  };
}

/** Answers kept that nobody waits for: one may come early, but strangers must not fill a master. */
const MAX_EARLY_ANSWERS = 1_000;

/** Keeps an answer from outside. One that is waited for is never turned away. */
export function takeAnswer(state: MasterState, answer: HandleAnswer): void {
  const { handle } = answer;
  if (Object.hasOwn(state.answers, handle)) return;
  if (!Object.hasOwn(state.awaited, handle)) {
    if (state.earlyAnswers >= MAX_EARLY_ANSWERS) return;
    state.earlyAnswers += 1;
  }
  state.answers[handle] = answer;
}

export function expectAnswer(state: MasterState, handle: string): void {
  if (Object.hasOwn(state.awaited, handle)) return;
  state.awaited[handle] = true;
  if (Object.hasOwn(state.answers, handle)) state.earlyAnswers -= 1;
}

export function totalUsage(state: MasterState): Usage {
  return state.subtasks.reduce((sum, subtask) => addUsage(sum, subtask.usage), state.stepUsage);
}

/**
 * The draft: findings folded in the plan's order, whatever order they came in. The same findings give the same text.
 */
export function draftText(state: MasterState): string {
  return state.subtasks
    .filter((subtask) => subtask.digests.length > 0)
    .map(
      (subtask) => `## ${subtask.spec.title}\n\n${subtask.digests.map((d) => `- ${d.claim} (${d.at})`).join('\n')}\n`,
    )
    .join('\n');
}

/** What the answer rests on so far. */
export function coverageOf(state: MasterState): Coverage {
  const rows = state.subtasks.map((subtask) => ({
    subtask: subtask.spec.id,
    title: subtask.spec.title,
    state: isEnded(subtask.state) ? subtask.state : ('stopped' as const),
    findings: subtask.findingCount,
    ...(subtask.failure ? { failure: subtask.failure } : {}),
  }));
  const gaps = [
    ...rows.flatMap((row) => (row.state === 'done' ? [] : [gapOf(row.title, row.state, row.failure)])),
    ...state.subtasks.flatMap((subtask) => subtask.missing),
    ...skippedFiles(state.sources),
    ...(state.answer?.dropped ?? []),
    ...state.remarks,
  ];
  return {
    done: rows.filter((row) => row.state === 'done').length,
    failed: rows.filter((row) => row.state === 'failed').length,
    skipped: rows.filter((row) => row.state === 'skipped' || row.state === 'stopped').length,
    subtasks: rows,
    gaps,
  };
}

export function isEnded(state: SubtaskProgress['state']): state is 'done' | 'failed' | 'skipped' | 'stopped' {
  return state === 'done' || state === 'failed' || state === 'skipped' || state === 'stopped';
}

function gapOf(title: string, state: string, failure: Failure | undefined): string {
  return failure ? `“${title}” ${state}: ${failure.message}` : `“${title}” was ${state} before it was done.`;
}

function skippedFiles(sources: PreparedSources | undefined): string[] {
  if (!sources || sources.skippedCount === 0) return [];
  const first = sources.skipped.slice(0, 3).map((file) => `${file.path} (${file.reason})`);
  const rest = sources.skippedCount - first.length;
  return [`Not read: ${first.join('; ')}${rest > 0 ? ` and ${rest} more` : ''}.`];
}
