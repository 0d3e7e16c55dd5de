// task-view.ts: a task as GET /tasks/{id} shows it. Pure: what was read goes in, with what was said last.

import type { TaskStatus } from '../../client/status.ts';
import type { RequestClass } from '../../protocol/classes.ts';
import type { FindingDigest } from '../../protocol/findings.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { estimateOf, timeLeft } from './estimate.ts';
import type { TaskView } from './schemas.ts';
import { isEnded, nextStatus } from './transitions.ts';
import { toWire } from '../../protocol/wire.ts';

export interface Seen {
  status: TaskStatus;
  row: RequestClass;
  findings: readonly FindingDigest[];
  result?: TaskResult | undefined;
  /** The highest that was ever said. */
  percent: number;
}

export function taskView(seen: Seen, before: TaskView | undefined, urls: TaskView['urls'], now: number): TaskView {
  const { status, row, result } = seen;
  const { progress, step, note, reading } = status;
  const waits = progress ? waitsForAnswer(progress) : false;
  const shown = nextStatus(before?.status, status.state === 'running' && waits ? 'waiting' : status.state);
  const ended = isEnded(shown);
  const estimate = estimateOf(row);
  const elapsed = (now - status.startedAt.getTime()) / 1_000;
  return {
    task_id: status.taskId,
    status: shown,
    ...(shown === 'waiting' ? { waiting_for: waits ? 'answer' : 'worker' } : {}),
    goal: status.goal,
    ...(status.class === undefined ? {} : { class: status.class }),
    ...(status.sessionId === undefined ? {} : { session_id: status.sessionId }),
    created_at: status.startedAt.toISOString(),
    closed_at: ended ? (status.closedAt?.toISOString() ?? before?.closed_at ?? new Date(now).toISOString()) : null,
    percent: ended ? 100 : Math.max(seen.percent, before?.percent ?? 0),
    ...(progress ? { stage: progress.stage, headings: progress.headings, last_event: progress.lastEvent } : {}),
    ...(reading === undefined ? {} : { reading }),
    ...estimate,
    estimated_time_left: ended ? 0 : timeLeft(estimate, elapsed),
    subtasks: progress ? subtasksOf(progress, status) : [],
    ...(step ? { step } : {}),
    findings: result ? [] : [...seen.findings],
    ...(progress ? { draft: progress.draft, coverage: toWire(progress.coverage), usage: toWire(progress.usage) } : {}),
    ...(progress?.remarks ? { remarks: progress.remarks } : {}),
    ...(note === undefined ? {} : { note }),
    ...(result ? { coverage: toWire(result.coverage), usage: toWire(result.usage), result: toWire(result) } : {}),
    urls,
  };
}

function subtasksOf({ subtasks }: Progress, { live }: TaskStatus): TaskView['subtasks'] {
  return subtasks.map((one) => {
    const phase = live.find(({ id }) => id === one.id);
    if (!phase) return toWire(one);
    const { turn, tokens, writes } = phase;
    const now = { phase: phase.phase, turn, tokens, ...(writes === undefined ? {} : { writes }) };
    return { ...toWire(one), now };
  });
}

/** Nothing is at work, and something waits for a reply from outside. */
function waitsForAnswer({ subtasks }: Progress): boolean {
  return (
    subtasks.some(({ state }) => state === 'waiting') &&
    !subtasks.some(({ state }) => state === 'running' || state === 'retrying')
  );
}

const SHOWN = new WeakMap<TaskView, { json: string; etag: string }>();

/** A view as it is sent; made once, however many ask. Its ETag changes when the task did, and not with the clock or with what is being typed. */
export function shownOf(view: TaskView): { json: string; etag: string } {
  const known = SHOWN.get(view);
  if (known) return known;
  const { estimated_time_left: _left, subtasks, step: _step, reading: _reading, ...rest } = view;
  const steady = { ...rest, subtasks: subtasks.map(({ now: _now, ...one }) => one) };
  const etag = `W/"${sha256(JSON.stringify(steady)).slice(0, 24)}"`;
  const made = { json: JSON.stringify(view), etag };
  SHOWN.set(view, made);
  return made;
}
