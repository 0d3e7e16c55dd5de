// progress.ts: everything people see of a running task: the numbered events, three Queries, the table in the Web UI,
// the search attribute of its state. Decides nothing.

import { defineQuery, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { EventCursor, EventPage, TaskEventBody } from '../protocol/events.ts';
import type { FindingDigest } from '../protocol/findings.ts';
import { QUERIES, SEARCH_ATTRIBUTES } from '../protocol/names.ts';
import type { Progress, Stage, SubtaskProgress } from '../protocol/progress.ts';
import type { TaskState } from '../protocol/task.ts';
import { addEvent, coverageOf, draftText, totalUsage, type MasterState, type SubtaskState } from './state.ts';

const STATE_KEY = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, 'KEYWORD');
const MAX_TABLE_ROWS = 60;

/** Sets the Query handlers; called before the first await of the Workflow. */
export function answerQueries(state: MasterState): void {
  setHandler(defineQuery<Progress>(QUERIES.progress), () => progressOf(state), {
    description: 'State, stage, every sub-agent, the draft so far, coverage and what was spent. Needs no argument.',
  });
  setHandler(defineQuery<EventPage, [EventCursor?]>(QUERIES.events), (after) => eventsAfter(state, after), {
    description: 'Numbered events after a cursor {run, n}; without an argument all that the window holds.',
  });
  setHandler(
    defineQuery<FindingDigest[]>(QUERIES.findings),
    () => state.subtasks.flatMap((subtask) => subtask.digests),
    {
      description: 'Findings so far in short form, in the order of the plan. Needs no argument.',
    },
  );
}

/** Numbers an event and brings what people see up to date. */
export function tell(state: MasterState, body: TaskEventBody): void {
  addEvent(state, body, Date.now());
  setCurrentDetails(detailsTable(state));
}

export function enter(state: MasterState, stage: Stage): void {
  state.stage = stage;
  setCurrentDetails(detailsTable(state));
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
  return {
    taskId: state.taskId,
    state: taskStateOf(state),
    stage: state.stage,
    goal: state.request.goal,
    headings: state.headings,
    subtasks: state.subtasks.map(subtaskProgress),
    draft: draftText(state),
    coverage: coverageOf(state),
    usage: totalUsage(state),
    lastEvent: state.lastEvent,
  };
}

function taskStateOf(state: MasterState): TaskState {
  const closed = state.events.at(-1);
  if (closed?.type === 'task.closed') return closed.outcome;
  return state.firstActivityAt === undefined ? 'queued' : 'running';
}

function subtaskProgress(subtask: SubtaskState): SubtaskProgress {
  const {
    spec,
    digests: _digests,
    records: _records,
    findingCount,
    findingsRef: _ref,
    missing: _missing,
    dataRef: _data,
    planRef: _plan,
    brings: _brings,
    failovers: _failovers,
    ...seen
  } = subtask;
  return { id: spec.id, title: spec.title, kind: spec.kind, needs: spec.needs, findings: findingCount, ...seen };
}

export function eventsAfter(state: MasterState, after?: EventCursor): EventPage {
  const from = after && after.run === state.run ? after.n : 0;
  const first = state.events[0]?.n ?? 1;
  const gap = (after && after.run !== state.run) || from + 1 < first ? { gapBefore: first } : {};
  return {
    run: state.run,
    events: state.events.filter((event) => event.n > from),
    last: state.lastEvent,
    closed: state.events.at(-1)?.type === 'task.closed',
    ...gap,
  };
}

/** The Markdown that the Web UI shows as current details. */
function detailsTable(state: MasterState): string {
  const usage = totalUsage(state);
  const head = `**${state.stage}** · ${usage.modelCalls} model calls · ${usage.inputTokens + usage.outputTokens} tokens`;
  if (state.subtasks.length === 0) return head;
  // The Web UI puts no space between columns; an en space on each side does.
  const row = (cells: (string | number)[]): string => `| ${cells.map((text) => `\u2002${text}\u2002`).join(' | ')} |`;
  const rows = state.subtasks
    .slice(0, MAX_TABLE_ROWS)
    .map((one) =>
      row([
        one.spec.id,
        cell(one.spec.title),
        one.state,
        one.findingCount,
        one.turns,
        cell(one.failure?.message ?? ''),
      ]),
    );
  const more = state.subtasks.length > MAX_TABLE_ROWS ? [`\n…and ${state.subtasks.length - MAX_TABLE_ROWS} more`] : [];
  return [
    head,
    '',
    row(['', 'sub-agent', 'state', 'findings', 'turns', 'note']),
    '|---|---|---|---|---|---|',
    ...rows,
    ...more,
  ].join('\n');
}

function cell(text: string): string {
  return text.replace(/[|\n\r]/g, ' ').slice(0, 120);
}
