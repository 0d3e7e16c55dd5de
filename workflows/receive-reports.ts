// receive-reports.ts: the Signals `reports` and, of older workers, `report`: what sub-agents find is shown and folded while
// they work. Order, repeats and lateness don't matter: merging is by subtask, generation and number.

import { defineSignal, setHandler } from '@temporalio/workflow';
import { BOARD_LIMITS } from '../protocol/board.ts';
import { MAX_DIGESTS_A_SUBTASK } from '../protocol/limits.ts';
import { SIGNALS } from '../protocol/names.ts';
import { isNew, itemsOf, type ReportItem } from '../protocol/reports.ts';
import { flushEvents } from './close-task.ts';
import { emitDraft, type MasterContext } from './endings.ts';
import type { Pods } from './pods.ts';
import type { MasterState } from './state/state.ts';
import { change, isEnded, lifeOf, stateOf, subtaskOf } from './state/tree.ts';

/** What reports change beside the tree, and what saves their events. */
type Receiver = Pick<MasterState, 'taskId' | 'firstRun' | 'journal' | 'mailbox'>;

export function receiveReports(task: Receiver, context: MasterContext, pods: Pods): void {
  // Anybody may send a Signal: what is no report must not fail the Workflow Task.
  const receive = (payload: unknown): void => {
    const items = itemsOf(payload, task.firstRun);
    if (items.length > 0) context.ledger.reports.received += 1;
    for (const item of items) {
      if (item.kind === 'finished') pods.finished(item);
      else applyReport(item, task, context);
    }
  };
  setHandler(defineSignal<[unknown]>(SIGNALS.report), receive, {
    description: 'What a sub-agent found, sent by an older worker. Reports of other runs and repeats are dropped.',
  });
  setHandler(defineSignal<[unknown]>(SIGNALS.reports), receive, {
    description: 'What sub-agents found, sent by a worker. Reports of other runs and repeats are dropped.',
  });
}

/** Folds one item in, if it is new. */
export function applyReport(
  item: Exclude<ReportItem, { kind: 'finished' }>,
  task: Receiver,
  { tree, emit, isBeforeLives }: MasterContext,
): void {
  const subtask = subtaskOf(tree, item.subtask);
  const life = subtask && lifeOf(subtask, item.generation);
  if (!life || !isNew(task.mailbox.seen, item)) return;
  const { subtask: id, generation } = item;
  switch (item.kind) {
    case 'resumed':
      return emit({ type: 'subtask.resumed', subtask: id, generation, turns: item.turns });
    case 'shared': {
      const { finding } = item;
      const board = (task.mailbox.board ??= []);
      if (board.length >= BOARD_LIMITS.items) return;
      board.push(finding);
      emit({ type: 'subtask.shared', subtask: id, generation, finding });
      return flushEvents(task);
    }
    case 'finding': {
      const { finding } = item;
      // An ending has its own findings, so a report that comes after it is either among them or too late for the answer.
      const late = isEnded(stateOf(subtask)) || isEnded(life.state);
      if (late && !isBeforeLives && life.digests.some((known) => known.id === finding.id)) return;
      if (!late)
        change(tree, subtask, () => {
          life.findingCount += 1;
          if (life.digests.length < MAX_DIGESTS_A_SUBTASK) life.digests.push(finding);
        });
      emit({ type: 'subtask.finding', subtask: id, generation, finding, ...(late ? { late } : {}) });
      if (!late) emitDraft(tree, emit);
      return flushEvents(task);
    }
    default:
      // Of a worker that knows more kinds than this code.
      item satisfies never;
  }
}
