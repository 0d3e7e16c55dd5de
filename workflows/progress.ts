// progress.ts: everything people see of a running task: the numbered events, three Queries, the current details in the Web
// UI, the search attribute of its state. Decides nothing.

import { defineQuery, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { ClosedRows } from '../protocol/class-history.ts';
import type { EventCursor, EventPage } from '../protocol/events.ts';
import type { FindingDigest } from '../protocol/findings.ts';
import { QUERIES, SEARCH_ATTRIBUTES } from '../protocol/names.ts';
import { percentOf } from '../protocol/percent.ts';
import type { Progress, Stage, SubtaskProgress } from '../protocol/progress.ts';
import type { TaskState } from '../protocol/task.ts';
import { deadlineAt } from './clock.ts';
import { detailsTable } from './details-table.ts';
import { closedRows, subtaskRows } from './state/closed-rows.ts';
import { coverageOfEnded } from './state/coverage.ts';
import { draftText } from './state/draft.ts';
import { addEvent, closing, eventsAfter, type Emit } from './state/journal.ts';
import { moneyOf } from './state/money.ts';
import { stoodStillMs } from './state/standstill.ts';
import type { MasterState } from './state/state.ts';
import { statusesOf } from './state/receivers.ts';
import { isHeld, type Steering } from './state/steering.ts';
import { isEnded, openCount, shownLife, stateOf, subtasksOf, usageOf, type SubtaskState } from './state/tree.ts';

const STATE_KEY = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, 'KEYWORD');
const SESSION_KEY = defineSearchAttributeKey(SEARCH_ATTRIBUTES.session, 'KEYWORD');

/** Sets the Query handlers; called before the first await of the Workflow. */
export function answerQueries(state: MasterState): void {
  setHandler(defineQuery<Progress>(QUERIES.progress), () => progressOf(state), {
    description: 'State, stage, every sub-agent, the draft so far, coverage and what was spent. Needs no argument.',
  });
  setHandler(defineQuery<EventPage, [EventCursor?]>(QUERIES.events), (after) => eventsAfter(state.journal, after), {
    description: 'Numbered events after a cursor {run, n}; without an argument all that the window holds.',
  });
  setHandler(
    defineQuery<FindingDigest[]>(QUERIES.findings),
    () => [...subtasksOf(state.tree).flatMap((subtask) => shownLife(subtask).digests), ...(state.mailbox.board ?? [])],
    {
      description:
        'Findings so far in short form, in the order of the plan; then what is on the board. Needs no argument.',
    },
  );
  setHandler(
    defineQuery<ClosedRows, [number?]>(QUERIES.rows),
    (endedAt = Date.now()) =>
      state.receivers ? { subtasks: subtaskRows(state, endedAt) } : closedRows(state, 'terminated', endedAt),
    { description: 'What the history of its class would keep of it, had it ended now or then. Needs no argument.' },
  );
}

export function eventEmitter(state: MasterState): Emit {
  return (body) => {
    addEvent(state.journal, body, Date.now());
    keepPercent(state);
    showDetails(state);
  };
}

export function enterStage(state: MasterState, stage: Stage): void {
  const now = Date.now();
  state.stage = stage;
  state.entered[stage] ??= now - stoodStillMs(state.standstill, now);
  keepPercent(state);
  showDetails(state);
}

/** Subtasks that are delegated make the whole larger: the highest stays. */
function keepPercent(state: MasterState): void {
  const all = state.tree.ids.length;
  state.percent = Math.max(state.percent, percentOf(state.stage, { ended: all - openCount(state.tree), all }));
}

const shown = new WeakSet<MasterState>();

/** Once for all that changes in one activation. */
function showDetails(state: MasterState): void {
  if (shown.has(state)) return;
  shown.add(state);
  void Promise.resolve().then(() => {
    shown.delete(state);
    setCurrentDetails(detailsTable(state));
  });
}

/**
 * Sets `MusterState`. Only where the start set it: on a server that does not know the attribute the upsert would
 * fail the Workflow Task for ever.
 */
export function showState(value: TaskState): void {
  const { typedSearchAttributes: known, workflowId } = workflowInfo();
  if (known.get(STATE_KEY) === undefined) return;
  // Of one that a schedule started nobody knew the id before, and without a caller's session it is one by itself.
  const session = known.get(SESSION_KEY) === undefined ? [{ key: SESSION_KEY, value: workflowId }] : [];
  upsertSearchAttributes([{ key: STATE_KEY, value }, ...session]);
}

/** Sets it to what the task's state is by now. A pause is told before what the task waits for. */
export const showTaskState = (state: MasterState): void =>
  showState(taskState(state, state.steering.isPaused, state.waitingFor !== undefined));

function taskState({ journal, firstActivityAt }: MasterState, isPaused: boolean, isWaiting: boolean): TaskState {
  const closed = closing(journal);
  if (closed) return closed.outcome;
  if (isPaused) return 'paused';
  return firstActivityAt === undefined ? 'queued' : isWaiting ? 'waiting' : 'running';
}

/** The whole of it is paused, or each subtask that could go on is. */
function isStandingPaused({ steering, stage, tree }: MasterState): boolean {
  if (steering.isPaused) return true;
  const open = stage === 'researching' ? subtasksOf(tree).filter((one) => isAtWork(stateOf(one))) : [];
  return open.length > 0 && open.every(({ spec }) => isHeld(steering, spec.id));
}

const isAtWork = (state: SubtaskProgress['state']): boolean => state !== 'planned' && !isEnded(state);

/** Of the board, in one answer. */
const BOARD_SHOWN = 20;

export function progressOf(state: MasterState): Progress {
  const { tree, journal, steering } = state;
  const isPaused = isStandingPaused(state);
  const waitingFor = closing(journal) || isPaused ? undefined : (state.waitingFor ?? waitsForReply(state));
  const waitedMs = stoodStillMs(state.standstill, Date.now());
  const questions = Object.values(state.mailbox.questions);
  const { board = [] } = state.mailbox;
  const stageSince = state.entered[state.stage];
  return {
    taskId: state.taskId,
    state: taskState(state, isPaused, waitingFor !== undefined),
    ...(waitingFor === undefined ? {} : { waitingFor }),
    ...(waitedMs > 0 ? { waitedMs } : {}),
    ...(questions.length > 0 ? { questions } : {}),
    ...(state.proposal ? { proposal: state.proposal } : {}),
    ...(state.plan ? { planRef: state.plan.planRef } : {}),
    ...(state.request.path === 'fast' ? { path: 'fast' as const } : {}),
    promise: {
      slo: state.request.class.slo,
      fastBudgetMs: state.request.class.fastBudgetMs,
      ...(state.firstActivityAt === undefined ? {} : { deadlineAt: deadlineAt(state, state.firstActivityAt) }),
    },
    stage: state.stage,
    ...(stageSince === undefined ? {} : { stageSince }),
    percent: state.percent,
    goal: state.request.goal,
    ...(state.session ? { session: state.session } : {}),
    headings: state.headings,
    subtasks: subtasksOf(tree).map((subtask) => subtaskProgress(subtask, steering)),
    ...(board.length > 0 ? { board: { items: board.length, last: board.slice(-BOARD_SHOWN) } } : {}),
    ...(state.conflicts ? { conflicts: state.conflicts } : {}),
    draft: draftText(tree),
    coverage: coverageOfEnded(state).coverage,
    remarks: state.remarks,
    usage: state.ledger.spent,
    ...(state.ledger.grants ? { money: moneyOf(state) } : {}),
    lastEvent: journal.last,
    ...(state.receivers ? { deliveries: statusesOf(state.receivers) } : {}),
  };
}

/** No sub-agent is at work, and one waits for a reply from outside. */
function waitsForReply({ stage, tree: { totals } }: MasterState): 'answer' | undefined {
  const { running = 0, retrying = 0, waiting = 0 } = totals.states;
  return stage === 'researching' && waiting > 0 && running + retrying === 0 ? 'answer' : undefined;
}

function subtaskProgress(subtask: SubtaskState, steering: Steering): SubtaskProgress {
  const { spec, lives, startedAt, endedAt } = subtask;
  const { generation, findingCount, retryAt, failure } = shownLife(subtask);
  return {
    id: spec.id,
    title: spec.title,
    kind: spec.kind,
    needs: spec.needs,
    state: stateOf(subtask),
    generation,
    findings: findingCount,
    turns: lives.reduce((sum, { turns }) => sum + turns, 0),
    usage: usageOf(subtask),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(failure ? { failure } : {}),
    ...(isHeld(steering, spec.id) && !isEnded(stateOf(subtask)) ? { paused: true as const } : {}),
    ...(subtask.round ? { round: subtask.round.round } : {}),
  };
}
