// task-view.ts: what is known of a running task, folded from its events, the master's progress and the live phases.
// Pure: the live tree draws it.

import type { Ask } from '../../../protocol/ask.ts';
import { spentOf } from '../../../protocol/budget.ts';
import { conflictInWords, openInWords, settledInWords } from '../../../protocol/conflicts.ts';
import type { TaskEvent } from '../../../protocol/events.ts';
import { mergedInWords } from '../../../protocol/merged.ts';
import { roundInWords, type Round } from '../../../protocol/rounds.ts';
import type { Progress, Stage, SubtaskProgress, TaskMoney } from '../../../protocol/progress.ts';
import type { TaskState } from '../../../protocol/task.ts';
import type { TaskStatus } from '../../status.ts';
import { counted } from '../terminal/text.ts';

export interface SubtaskView {
  id: string;
  title: string;
  needs: string[];
  state: SubtaskProgress['state'];
  findings: number;
  /** Turns so far. */
  turns: number;
  tokens: number;
  /** How often it was interrupted and went on. */
  interruptions: number;
  /** What it does right now, e.g. `turn 2: search_documents “retry”`. */
  phase?: string;
  /** The end of what its model writes just now. */
  writes?: string;
  startedAt?: number;
  endedAt?: number;
  retryAt?: number;
  problem?: string;
  /** What a waiting one waits for. */
  waitsFor?: string;
  /** The further round that it is of. */
  round?: number;
}

export interface TaskView {
  taskId: string;
  goal: string;
  stage: Stage;
  state: TaskState;
  documents?: number;
  passages?: number;
  startedAt: number;
  closedAt?: number;
  tokens: number;
  subtasks: SubtaskView[];
  lastEvent: number;
  /** What sub-agents had to do without, what was not done twice, and what sources say differently. */
  remarks: string[];
  note?: string;
  /** What a step of the master waits for. */
  step?: NonNullable<TaskStatus['step']>;
  /** What is done to its documents. */
  reading?: string;
  /** How its budget stands; absent where it has none. */
  money?: TaskMoney;
  /** How much longer it takes. */
  left?: NonNullable<TaskStatus['left']>;
  /** What the person is typing, or may type. */
  asking?: string;
}

export const newView = (taskId: string, now: number): TaskView => ({
  taskId,
  goal: '',
  stage: 'accepted',
  state: 'queued',
  startedAt: now,
  tokens: 0,
  subtasks: [],
  remarks: [],
  lastEvent: 0,
});

/** Applies an event. */
export function applyEvent(view: TaskView, event: TaskEvent): void {
  view.lastEvent = Math.max(view.lastEvent, event.n);
  const subtask = 'subtask' in event ? view.subtasks.find((one) => one.id === event.subtask) : undefined;
  switch (event.type) {
    case 'task.accepted':
      Object.assign(view, { goal: event.goal, startedAt: event.at });
      break;
    case 'sources.ready':
      delete view.reading;
      Object.assign(view, {
        documents: event.documents,
        passages: event.passages,
        stage: view.subtasks.length > 0 ? 'researching' : 'planning',
        state: 'running',
      });
      break;
    case 'plan.ready':
      // Planned while documents are still read: then that is what it does.
      if (view.documents !== undefined) view.stage = 'researching';
      view.subtasks = event.subtasks.map(({ id, title, needs }) => planned(id, title, needs));
      break;
    case 'subtask.started':
      if (subtask) Object.assign(subtask, { state: 'running', startedAt: subtask.startedAt ?? event.at });
      break;
    case 'subtask.finding':
      if (subtask) subtask.findings += 1;
      break;
    case 'subtask.retrying':
      if (subtask) Object.assign(subtask, { state: 'retrying', problem: event.failure.message });
      break;
    case 'subtask.waiting':
      if (subtask)
        Object.assign(subtask, { state: 'waiting', waitsFor: whatIsWaitedFor(event.handles.map(({ ask }) => ask)) });
      break;
    case 'subtask.replied':
      if (subtask) subtask.state = 'running';
      break;
    case 'plan.proposed':
      view.state = 'waiting';
      break;
    case 'subtask.paused':
      if (subtask) Object.assign(subtask, { state: 'waiting', waitsFor: 'resume' });
      break;
    case 'subtask.added':
      if (!subtask) view.subtasks.push(planned(event.subtask, event.title, []));
      break;
    case 'round.started':
      view.subtasks.push(
        ...event.subtasks
          .filter(({ id }) => !view.subtasks.some((one) => one.id === id))
          .map(({ id, title, needs }) => ({ ...planned(id, title, needs), round: event.round })),
      );
      break;
    case 'round.ended': {
      const { round, findings, filled } = event;
      const subtasks = view.subtasks.filter((one) => one.round === round).map(({ id }) => id);
      view.remarks.push(roundInWords({ round, subtasks, findings, filled }));
      break;
    }
    case 'subtask.delegated':
      if (subtask)
        Object.assign(subtask, { state: 'waiting', waitsFor: event.subtasks.map(({ id }) => id).join(', ') });
      view.subtasks.push(
        ...event.subtasks
          .filter(({ id }) => !view.subtasks.some((one) => one.id === id))
          .map(({ id, title }) => planned(id, title, [])),
      );
      break;
    case 'subtasks.merged':
      view.remarks.push(...event.merged.map(mergedInWords));
      for (const { into, delegatedBy } of event.merged) {
        const parent = view.subtasks.find(({ id }) => id === delegatedBy);
        if (parent) Object.assign(parent, { state: 'waiting', waitsFor: joined(parent.waitsFor, into) });
      }
      break;
    case 'conflict.found':
      view.remarks.push(openInWords(event));
      break;
    case 'conflict.settled':
      view.remarks.push(settledInWords(event));
      break;
    case 'subtask.finished':
      if (!subtask) break;
      Object.assign(subtask, { state: event.state, findings: event.findings, endedAt: event.at });
      subtask.tokens = spentOf(event.usage).tokens;
      if (event.failure) subtask.problem = event.failure.message;
      delete subtask.phase;
      break;
    case 'answer.ready':
      view.stage = 'closing';
      break;
    case 'task.closed':
      Object.assign(view, { stage: 'closed', state: event.outcome, closedAt: event.at });
      for (const over of ['left', 'reading', 'step'] as const) delete view[over];
      for (const one of view.subtasks) delete one.phase;
      break;
    case 'subtask.resumed':
      if (subtask) subtask.interruptions += 1;
      break;
    case 'subtask.remark':
      view.remarks.push(event.remark);
      break;
    default:
    // Nothing of it is drawn: the status says the same and sooner, or a worker newer than this program told it.
  }
}

/** Applies a status; the master's progress counts only where it is not behind the events seen. */
export function applyStatus(view: TaskView, status: TaskStatus): void {
  if (status.note === undefined) delete view.note;
  else view.note = status.note;
  // The times of its result, where that is known: the event of its end comes a moment later.
  if (status.closedAt)
    Object.assign(view, { startedAt: status.startedAt.getTime(), closedAt: status.closedAt.getTime() });
  // What was asked for before the end may come after it.
  if (view.stage === 'closed') return;
  if (status.step === undefined) delete view.step;
  else view.step = status.step;
  if (status.reading === undefined) delete view.reading;
  else view.reading = status.reading;
  if (status.left === undefined) delete view.left;
  else view.left = status.left;
  view.state = status.state;
  if (view.goal === '') view.goal = status.goal;
  const { progress } = status;
  if (progress && progress.lastEvent >= view.lastEvent) {
    view.stage = progress.stage;
    view.remarks = [
      ...(progress.remarks ?? []),
      ...(progress.coverage.merged ?? []).map(mergedInWords),
      ...endedRounds(progress).map(roundInWords),
      ...boardInWords(progress.board),
      ...(progress.conflicts ?? []).map(conflictInWords),
    ];
    view.tokens = spentOf(progress.usage).tokens;
    if (progress.money && Object.keys(progress.money.left).length > 0) view.money = progress.money;
    const known = new Map(view.subtasks.map(({ id, interruptions }) => [id, interruptions]));
    const asks = (id: string): Ask[] => progress.questions?.filter(({ subtask }) => subtask === id) ?? [];
    view.subtasks = progress.subtasks.map((one) => ({
      ...fromProgress(one, known.get(one.id) ?? 0),
      ...(asks(one.id).length > 0 ? { waitsFor: whatIsWaitedFor(asks(one.id)) } : {}),
    }));
  }
  for (const live of status.live) {
    const subtask = view.subtasks.find((one) => one.id === live.id);
    if (!subtask || !['planned', 'running', 'retrying'].includes(subtask.state)) continue;
    subtask.phase = live.phase;
    if (live.writes === undefined) delete subtask.writes;
    else subtask.writes = live.writes;
    subtask.turns = Math.max(subtask.turns, live.turn);
    subtask.tokens = Math.max(subtask.tokens, live.tokens);
  }
}

/** The last that was shared stands for all of it. */
function boardInWords(board: Progress['board']): string[] {
  const last = board?.last.at(-1);
  return board && last ? [`on the board: ${counted(board.items, 'finding')}, last ${last.claim} (${last.at})`] : [];
}

/** What a round brought is known once its subtasks have ended. */
const endedRounds = ({ coverage: { rounds = [] }, subtasks }: Progress): Round[] => {
  const open = new Set(subtasks.flatMap(({ id, endedAt }) => (endedAt === undefined ? [id] : [])));
  return rounds.filter((one) => !one.subtasks.some((id) => open.has(id)));
};

function whatIsWaitedFor(asks: readonly (Ask | undefined)[]): string {
  const [ask] = asks.flatMap((one) => one ?? []);
  return ask ? `a person: “${ask.question}”` : 'a reply from outside';
}

const joined = (one: string | undefined, other: string): string => (one === undefined ? other : `${one}, ${other}`);

const planned = (id: string, title: string, needs: string[]): SubtaskView => ({
  id,
  title,
  needs,
  state: 'planned',
  findings: 0,
  turns: 0,
  tokens: 0,
  interruptions: 0,
});

function fromProgress(one: SubtaskProgress, interruptions: number): SubtaskView {
  return {
    id: one.id,
    title: one.title,
    needs: one.needs,
    state: one.state,
    findings: one.findings,
    turns: one.turns,
    tokens: spentOf(one.usage).tokens,
    interruptions,
    ...(one.startedAt === undefined ? {} : { startedAt: one.startedAt }),
    ...(one.endedAt === undefined ? {} : { endedAt: one.endedAt }),
    ...(one.retryAt === undefined ? {} : { retryAt: one.retryAt }),
    ...(one.failure ? { problem: one.failure.message } : {}),
    ...(one.paused ? { waitsFor: 'resume' } : {}),
    ...(one.round === undefined ? {} : { round: one.round }),
  };
}
