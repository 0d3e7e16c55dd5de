// receive-reports.ts: the Signal `report`: what sub-agents find is shown and folded while they work.
// Order, repeats and lateness don't matter: merging is by subtask, generation and number.

import { defineSignal, setHandler } from '@temporalio/workflow';
import { MAX_DIGESTS_A_SUBTASK } from '../protocol/limits.ts';
import { SIGNALS } from '../protocol/names.ts';
import { admitReport, isReport, type Report } from '../protocol/reports.ts';
import { flushEvents } from './close-task.ts';
import { tell } from './progress.ts';
import { draftText, isEnded, type MasterState } from './state.ts';

export function receiveReports(state: MasterState): void {
  // Anybody may send a Signal: what is no report must not fail the Workflow Task.
  const take = (report: unknown): void => (isReport(report) ? receive(state, report) : undefined);
  setHandler(defineSignal<[unknown]>(SIGNALS.report), take, {
    description: 'What a sub-agent found, sent by the worker. Reports of other runs and repeats are dropped.',
  });
}

function receive(state: MasterState, report: Report): void {
  const subtask = state.subtasks.find((one) => one.spec.id === report.subtask);
  if (!subtask || !admitReport(state.seen, report, state.firstRun, () => subtask.generation)) return;
  const { subtask: id, generation } = report;
  if (report.kind === 'resumed') tell(state, { type: 'subtask.resumed', subtask: id, generation, turns: report.turns });
  if (report.kind !== 'finding') return;
  // An ending brings its own digests, so a report that comes after it is either in them or too late for the answer.
  const late = isEnded(subtask.state);
  if (!late) {
    subtask.findingCount += 1;
    if (subtask.digests.length < MAX_DIGESTS_A_SUBTASK) subtask.digests.push(report.finding);
  }
  const { finding } = report;
  tell(state, { type: 'subtask.finding', subtask: id, generation, finding, ...(late ? { late } : {}) });
  if (!late) {
    const findings = state.subtasks.reduce((sum, one) => sum + one.findingCount, 0);
    tell(state, { type: 'draft.updated', chars: draftText(state).length, findings });
  }
  flushEvents(state);
}
