// task-view.ts: a task as GET /tasks/{id} shows it. Pure: what was read goes in, with what was said last.

import type { BackgroundStatus, TaskStatus } from '../../client/status.ts';
import type { Eta } from '../../protocol/eta.ts';
import type { FindingDigest } from '../../protocol/findings.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { SessionView } from '../../protocol/session.ts';
import { sha256 } from '../../protocol/schemas/hash.ts';
import { estimateOf, seconds, timeLeft } from './estimate.ts';
import type { TaskView } from './schemas.ts';
import { isEnded, nextStatus } from './transitions.ts';
import { toWire } from '../../protocol/wire.ts';

export interface Seen {
  status: TaskStatus;
  /** What such a task was expected to take when it began. */
  expected: Eta;
  findings: readonly FindingDigest[];
  result?: TaskResult | undefined;
  /** The highest that was ever said. */
  percent: number;
}

export function taskView(seen: Seen, before: TaskView | undefined, urls: TaskView['urls'], now: number): TaskView {
  const { status, expected, result } = seen;
  const { progress, step, note, reading } = status;
  const waits = progress ? waitsForAnswer(progress) : false;
  const shown = nextStatus(before?.status, status.state === 'running' && waits ? 'waiting' : status.state);
  const ended = isEnded(shown);
  const estimate = estimateOf(expected);
  const elapsed = (now - status.startedAt.getTime() - (progress?.waitedMs ?? 0)) / 1_000;
  return {
    task_id: status.taskId,
    status: shown,
    ...(shown === 'waiting' ? { waiting_for: status.waitingFor ?? (waits ? 'answer' : 'worker') } : {}),
    ...(!ended && progress?.questions ? { questions: toWire(progress.questions) } : {}),
    ...(!ended && progress?.proposal ? { proposal: toWire(progress.proposal) } : {}),
    goal: status.goal,
    ...(status.class === undefined ? {} : { class: status.class }),
    ...(status.sessionId === undefined ? {} : { session_id: status.sessionId }),
    ...(sessionOf(seen) ? { session: toWire(sessionOf(seen)!) } : {}),
    agent_session_id: status.sessionId ?? status.taskId,
    ...(status.schedule === undefined ? {} : { schedule: status.schedule }),
    ...(status.route ? { route: toWire(status.route) } : {}),
    created_at: status.startedAt.toISOString(),
    // Its answer is there before it closes.
    closed_at: status.closedAt?.toISOString() ?? before?.closed_at ?? null,
    percent: ended ? 100 : Math.max(seen.percent, before?.percent ?? 0),
    ...(progress ? { stage: progress.stage, headings: progress.headings, last_event: progress.lastEvent } : {}),
    ...(progress?.planRef === undefined ? {} : { plan_ref: progress.planRef }),
    ...(reading === undefined ? {} : { reading }),
    ...estimate,
    estimated_time_left: ended ? 0 : status.left ? seconds(status.left.p50Ms) : timeLeft(estimate, elapsed),
    ...(!ended && status.left ? { time_left: toWire(status.left) } : {}),
    subtasks: progress ? subtasksOf(progress, status) : [],
    ...(step ? { step } : {}),
    findings: result ? [] : [...seen.findings],
    ...(progress ? { draft: progress.draft, coverage: toWire(progress.coverage), usage: toWire(progress.usage) } : {}),
    ...(progress?.remarks ? { remarks: progress.remarks } : {}),
    ...(!ended && progress?.board ? { board: progress.board } : {}),
    ...(!ended && progress?.conflicts ? { conflicts: progress.conflicts } : {}),
    ...(!ended && progress?.money ? { money: toWire(progress.money) } : {}),
    ...(note === undefined ? {} : { note }),
    ...(status.background ? { background: backgroundOf(status.background) } : {}),
    ...(result ? { coverage: toWire(result.coverage), usage: toWire(result.usage), result: toWire(result) } : {}),
    urls,
  };
}

const sessionOf = ({ status, result }: Seen): SessionView | undefined => result?.session ?? status.session;

function subtasksOf({ subtasks }: Progress, { live }: TaskStatus): TaskView['subtasks'] {
  return subtasks.map((one) => {
    const phase = live.find(({ id }) => id === one.id);
    if (!phase) return toWire(one);
    const { turn, tokens, writes } = phase;
    const now = { phase: phase.phase, turn, tokens, ...(writes === undefined ? {} : { writes }) };
    return { ...toWire(one), now };
  });
}

function backgroundOf({ state, deliveries, subtasks }: BackgroundStatus): NonNullable<TaskView['background']> {
  return {
    state,
    deliveries: toWire(deliveries),
    subtasks: subtasks.map(({ id, title, state: its, findings, failure }) => ({
      id,
      title,
      state: its,
      findings,
      ...(failure ? { failure } : {}),
    })),
  };
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
  const { estimated_time_left: _estimated, time_left: _left, subtasks, step: _step, reading: _reading, ...rest } = view;
  const steady = { ...rest, subtasks: subtasks.map(({ now: _now, ...one }) => one) };
  const etag = `W/"${sha256(JSON.stringify(steady)).slice(0, 24)}"`;
  const made = { json: JSON.stringify(view), etag };
  SHOWN.set(view, made);
  return made;
}
