// progress.ts: everything people see of a running task: the numbered events, three Queries, the current details in the Web
// UI, the search attribute of its state. Decides nothing.

import { defineQuery, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { EventCursor, EventPage, TaskEventBody } from '../protocol/events.ts';
import type { FindingDigest } from '../protocol/findings.ts';
import { QUERIES, SEARCH_ATTRIBUTES } from '../protocol/names.ts';
import { percentOf } from '../protocol/percent.ts';
import type { Progress, Stage, SubtaskProgress } from '../protocol/progress.ts';
import type { TaskState } from '../protocol/task.ts';
import { detailsTable } from './details-table.ts';
import { coverageOf } from './state/coverage.ts';
import { draftText } from './state/draft.ts';
import { addEvent, closing, eventsAfter } from './state/journal.ts';
import type { MasterState } from './state/state.ts';
import { openCount, shownLife, stateOf, subtasksOf, usageOf, type SubtaskState } from './state/tree.ts';

/** Appends an event to the journal, and updates the details that people see. */
export type Emit = (body: TaskEventBody) => void;

const STATE_KEY = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, 'KEYWORD');

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
    () => subtasksOf(state.tree).flatMap((subtask) => shownLife(subtask).digests),
    {
      description: 'Findings so far in short form, in the order of the plan. Needs no argument.',
    },
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
  state.stage = stage;
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
  if (workflowInfo().typedSearchAttributes.get(STATE_KEY) === undefined) return;
  upsertSearchAttributes([{ key: STATE_KEY, value }]);
}

export function progressOf(state: MasterState): Progress {
  const { tree, journal, firstActivityAt } = state;
  return {
    taskId: state.taskId,
    state: closing(journal)?.outcome ?? (firstActivityAt === undefined ? 'queued' : 'running'),
    stage: state.stage,
    percent: state.percent,
    goal: state.request.goal,
    headings: state.headings,
    subtasks: subtasksOf(tree).map(subtaskProgress),
    draft: draftText(tree),
    coverage: coverageOf(state),
    remarks: state.remarks,
    usage: state.ledger.spent,
    lastEvent: journal.last,
  };
}

function subtaskProgress(subtask: SubtaskState): SubtaskProgress {
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
  };
}
