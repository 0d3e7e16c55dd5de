// wire-task.ts: a task as a gateway shows it, turned into the status that the library has of one. test/http holds it to
// what the gateway sends.

import type { OpenQuestion } from '../../protocol/ask.ts';
import type { SeenConflict } from '../../protocol/conflicts.ts';
import type { Coverage } from '../../protocol/coverage.ts';
import type { Eta } from '../../protocol/eta.ts';
import type { Route } from '../../protocol/path.ts';
import type { Progress, Proposal, Stage, SubtaskProgress, TaskMoney } from '../../protocol/progress.ts';
import type { TaskResult } from '../../protocol/result.ts';
import type { SessionView } from '../../protocol/session.ts';
import type { TaskState, WaitingFor } from '../../protocol/task.ts';
import type { Usage } from '../../protocol/usage.ts';
import { fromWire, type Wire } from '../../protocol/wire.ts';
import type { BackgroundStatus, LiveStep, LiveSubtask, TaskStatus } from '../status.ts';
import type { TaskSummary } from '../task-summary.ts';

interface WireNow {
  phase: string;
  turn: number;
  tokens: number;
  writes?: string | undefined;
}

/** Of what `GET /tasks/{id}` answers, what is read here. */
export interface WireTask {
  task_id: string;
  status: TaskState;
  waiting_for?: WaitingFor | undefined;
  questions?: object[] | undefined;
  proposal?: object | undefined;
  plan_ref?: string | undefined;
  goal: string;
  class?: string | undefined;
  session_id?: string | undefined;
  session?: object | undefined;
  schedule?: string | undefined;
  route?: object | undefined;
  created_at: string;
  closed_at: string | null;
  percent: number | null;
  stage?: string | undefined;
  headings?: string[] | undefined;
  subtasks: { id: string; generation: number; now?: WireNow | undefined }[];
  step?: LiveStep | undefined;
  reading?: string | undefined;
  last_event?: number | undefined;
  time_left?: object | undefined;
  draft?: string | undefined;
  coverage?: object | undefined;
  remarks?: string[] | undefined;
  usage?: object | undefined;
  board?: Progress['board'] | undefined;
  conflicts?: object[] | undefined;
  money?: object | undefined;
  note?: string | undefined;
  background?: object | undefined;
  result?: object | undefined;
}

export interface WireSummary {
  task_id: string;
  schedule?: string | undefined;
  status: TaskState;
  goal: string;
  class?: string | undefined;
  created_at: string;
  closed_at: string | null;
}

export function statusOf(task: WireTask): TaskStatus {
  const { closed_at, session_id: sessionId, class: name, schedule, step, reading, note, background } = task;
  const isOpen = closed_at === null;
  return {
    taskId: task.task_id,
    state: task.status,
    ...(task.waiting_for === undefined ? {} : { waitingFor: task.waiting_for }),
    goal: task.goal,
    ...(name === undefined ? {} : { class: name }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(task.session ? { session: fromWire<SessionView>(task.session as Wire<SessionView>) } : {}),
    ...(schedule === undefined ? {} : { schedule }),
    ...(task.route ? { route: fromWire<Route>(task.route as Wire<Route>) } : {}),
    startedAt: new Date(task.created_at),
    ...(isOpen ? {} : { closedAt: new Date(closed_at) }),
    // Of a task whose worker says nothing, the gateway has no stage.
    ...(isOpen ? progressOf(task) : {}),
    live: isOpen ? task.subtasks.flatMap(liveOf) : [],
    ...(step ? { step } : {}),
    ...(reading === undefined ? {} : { reading }),
    ...(task.time_left ? { left: fromWire<Eta>(task.time_left as Wire<Eta>) } : {}),
    ...(note === undefined ? {} : { note }),
    ...(background ? { background: fromWire<BackgroundStatus>(background as never) } : {}),
  };
}

function progressOf(task: WireTask): Pick<TaskStatus, 'progress'> {
  const { stage, coverage, usage } = task;
  if (stage === undefined || !coverage || !usage) return {};
  const progress: Progress = {
    taskId: task.task_id,
    state: task.status,
    ...(task.waiting_for === 'person' || task.waiting_for === 'answer' ? { waitingFor: task.waiting_for } : {}),
    ...(task.questions ? { questions: fromWire<OpenQuestion[]>(task.questions as Wire<OpenQuestion[]>) } : {}),
    ...(task.proposal ? { proposal: fromWire<Proposal>(task.proposal as Wire<Proposal>) } : {}),
    ...(task.plan_ref === undefined ? {} : { planRef: task.plan_ref }),
    stage: stage as Stage,
    ...(task.percent === null ? {} : { percent: task.percent }),
    goal: task.goal,
    headings: task.headings ?? [],
    subtasks: task.subtasks.map(({ now: _now, ...one }) => fromWire<SubtaskProgress>(one as Wire<SubtaskProgress>)),
    draft: task.draft ?? '',
    coverage: fromWire<Coverage>(coverage as Wire<Coverage>),
    ...(task.remarks ? { remarks: task.remarks } : {}),
    usage: fromWire<Usage>(usage as Wire<Usage>),
    ...(task.board ? { board: task.board } : {}),
    ...(task.conflicts ? { conflicts: fromWire<SeenConflict[]>(task.conflicts as Wire<SeenConflict[]>) } : {}),
    ...(task.money ? { money: fromWire<TaskMoney>(task.money as Wire<TaskMoney>) } : {}),
    lastEvent: task.last_event ?? 0,
  };
  return { progress };
}

function liveOf({ id, generation, now }: WireTask['subtasks'][number]): LiveSubtask[] {
  if (!now) return [];
  const { writes, ...phase } = now;
  return [{ id, generation, records: 0, ...phase, ...(writes === undefined ? {} : { writes }) }];
}

export const resultOf = ({ result }: WireTask): TaskResult | undefined =>
  result && fromWire<TaskResult>(result as Wire<TaskResult>);

export function summaryOf(one: WireSummary, tenant: string | undefined): TaskSummary {
  return {
    taskId: one.task_id,
    state: one.status,
    goal: one.goal,
    class: one.class,
    tenant,
    ...(one.schedule === undefined ? {} : { schedule: one.schedule }),
    startedAt: new Date(one.created_at),
    closedAt: one.closed_at === null ? undefined : new Date(one.closed_at),
  };
}
